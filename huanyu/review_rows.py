"""三审三校 as data: which steps a text of each class needs before it leaves (review.toml).

Knows the shape of the table and what a set of votes amounts to; not who asks, nor where votes are kept.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Final
from typing import Literal
from typing import Self

from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field
from pydantic import model_validator

from huanyu.types import User
from huanyu.types import Vote

#: Purposes that speak to the public, with the class of a text whose draft names none.
PUBLIC: Final = {"reply": "petition", "press": "press"}
STAFF: Final = "staff"  #: purpose of a message to one colleague's own chat: number and link
RECEIPT: Final = (
    "receipt"  #: purpose of a mail to whoever wrote a letter: number and code, in the approved text
)
#: Where whoever passes by can read it: nothing goes there as a notice to a colleague.
OPEN_CHANNELS: Final = frozenset({"site", "weibo", "wechat", "discuz"})
#: Classes that stay back during an incident.
FROZEN: Final = frozenset({"press"})
CLASSES: Final = {"petition": "信访答复", "press": "宣传", "incident": "突发"}
_STRICT = ConfigDict(extra="forbid", frozen=True)


class StepRow(BaseModel):
    """One look at a text by one person."""

    model_config = _STRICT

    key: str = Field(min_length=1)
    name: str = Field(min_length=1)  #: 初审
    roles: tuple[Literal["press", "reviewer", "leader"], ...] = Field(min_length=1)


class ChainRow(BaseModel):
    """The steps of one class of texts, in order, each taken by somebody else."""

    model_config = _STRICT

    key: Literal["petition", "press", "incident"]
    name: str
    source: str = ""
    steps: tuple[StepRow, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        keys = [step.key for step in self.steps]
        if len(set(keys)) < len(keys):
            raise ValueError("steps 中的 key 不能重复")
        if self.key == "incident" and self.steps[-1].roles != ("leader",):
            raise ValueError('突发信息的最后一步必须由局领导审签, 请写 roles = ["leader"]')
        return self

    def next_step(self, votes: Collection[Vote]) -> StepRow | None:
        """The first step nobody has taken; None once every one is."""
        taken = {vote.step for vote in votes}
        return next((step for step in self.steps if step.key not in taken), None)

    def is_last(self, step: StepRow) -> bool:
        return step.key == self.steps[-1].key

    def stands(self, vote: Vote, people: Mapping[str, User]) -> bool:
        """Whether a vote still counts: its owner works here, in a role of that step or of a later one.

        A promotion changes nothing that was voted; whoever was put below the step is asked no more.
        """
        person, place = people.get(vote.actor), self._place(vote.step)
        if person is None or not person.active or place is None:
            return False
        return any(person.role in step.roles for step in self.steps[place:])

    def fault(self, votes: Sequence[Vote], people: Mapping[str, User], account: str, parent: str) -> str:
        """Why these votes on one version do not let it out, in Chinese; "" where they do."""
        missing = self.next_step(votes)
        if missing is not None:
            return f"{missing.name}还没有完成"
        if len({vote.actor for vote in votes}) < len(self.steps):
            return "各步审核必须由不同的人完成"
        void = next((vote for vote in votes if not self.stands(vote, people)), None)
        if void is not None:
            return f"{_called(void.actor, people)}已停用或调离审核岗位，其审核失效"
        last = next(vote for vote in votes if vote.step == self.steps[-1].key)
        if (last.account, last.parent) != (account, parent):
            return "末审时确认的账号或所答复的原帖与现在不一致"
        return ""

    def _place(self, key: str) -> int | None:
        return next((place for place, step in enumerate(self.steps) if step.key == key), None)


def class_of(purpose: str, content_class: str, channel: str) -> str:
    """Which reviews a text needs; "" for what goes to colleagues, "?" for what may never leave."""
    if purpose in PUBLIC:
        return content_class or PUBLIC[purpose]
    return "?" if content_class or channel in OPEN_CHANNELS else ""


def chain_of(chains: Sequence[ChainRow], content_class: str) -> ChainRow | None:
    return next((chain for chain in chains if chain.key == content_class), None)


def _called(name: str, people: Mapping[str, User]) -> str:
    return people[name].full_name if name in people else name
