"""The demo's first chapter, what it is told with: the desk, its people, the invented words, units and pictures.

What happens in it is `demo.story_acts`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import timedelta
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any
from typing import Protocol

from demo import city as home
from demo.city import City
from demo.crew import Crew
from demo.platforms.smtp import Mail
from flow import cycle
from flow import doubts
from flow import registering
from flow.case_files import Upload
from flow.desk import Desk
from flow.entries import Entry
from huanyu.types import Case
from huanyu.types import Message
from huanyu.types import User

HOME = Path(__file__).resolve().parent
_TOLD = tomllib.loads((HOME / "story.toml").read_text(encoding="utf-8"))
PHOTO = HOME / "posts" / "hidden_pipe.png"
SQUAD, POWER = "zhifa", "gongdian"
#: What follows by itself from a person's step.
FOLLOWS = ("hand_over_watch", "circulate", "plan_cards", "cards", "read_back", "deliver")


class Mailbox(Protocol):
    """What the units without log-in have been sent."""

    @property
    def published(self) -> tuple[Mail, ...]: ...


@dataclass(frozen=True)
class Story:
    """Where the chapter is played: the desk, its people, the mailbox of the town, and the evening it begins."""

    desk: Desk
    crew: Crew
    mail: Mailbox
    evening: datetime
    city: City = field(default_factory=home.city)

    @cached_property
    def words(self) -> dict[str, Any]:
        """What people say in the chapter, with the names of the city."""
        return dict(self.city.row(_TOLD))

    def short(self, key: str) -> str:
        """What a unit is called in a sentence."""
        unit = self.desk.bureau.unit(key)
        return unit.short if unit else key

    def at(self, day: int, hour: int, minute: int) -> datetime:
        """A moment of the chapter, `day` days after its evening."""
        return self.evening.replace(hour=hour, minute=minute, second=0, microsecond=0) + timedelta(days=day)

    @cached_property
    def case_id(self) -> int:
        """The case of the clue; registering the same form again finds it."""
        return registering.register(self.desk, self.press, self._clue(), self.at(0, 20, 10)).id

    @property
    def case(self) -> Case:
        return self.desk.store.cases.get(self.case_id)

    @property
    def press(self) -> User:
        return self.crew.of_office("press")

    @property
    def leader(self) -> User:
        return self.crew.of_office("leader")

    @property
    def squad(self) -> User:
        return self.crew.handler(SQUAD)

    def has(self, action: str, case: Case | None = None) -> bool:
        """Whether this has been done to the case, or to its part."""
        history = self.desk.store.cases.history((case or self.case).id)
        return any(event.action == action for event in history)

    def part(self) -> Case | None:
        """What the power company has of the case, once it is split."""
        return next(iter(self.desk.store.splits.children(self.case_id)), None)

    def replies(self) -> list[Message]:
        return self.desk.store.outbox.listing(purpose="reply", case_id=self.case_id)

    def turn(self, now: datetime, names: tuple[str, ...] = FOLLOWS) -> None:
        """Let the machine do what follows."""
        cycle.turn(self.desk, now, names)
        doubts.read_back(self.desk, now)  # what a platform took without saying so

    def witness(self, now: datetime) -> Entry:
        """What a neighbour adds in the group."""
        return Entry(
            token=token("witness"),
            type="complaint",
            channel="group",
            text=self.words["witness"],
            learned_at=now,
            place=self.words["place"],
        )

    def _clue(self) -> Entry:
        return Entry(
            token=token("clue"),
            type="complaint",
            channel="group",
            text=self.words["clue"],
            learned_at=self.at(0, 20, 4),
            place=self.words["place"],
            kinds=(self.words["kind"],),
            fast=True,
            reporter=self.words["reporter"],
            hide=self.words["hide"],
            files=(Upload(name="群聊截图.png", body=self.city.clue.read_bytes(), caption="志愿群截图"),),
        )


def token(name: str) -> str:
    """What the form of one entry is known by, in every run."""
    return sha256(f"demo {name}".encode()).hexdigest()[:32]
