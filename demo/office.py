"""What the press office of the demo does beside the cases: a 通报 with a ranking, rewards, a press conference, its log.

Every act looks at the record before each write, so that a demo that was killed goes on and repeats nothing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from demo.city import City
from demo.crew import Crew
from flow.desk import Desk
from huanyu.types import User

_TOLD = tomllib.loads((Path(__file__).resolve().parent / "office.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Office:
    """The desk, its people, and the folder where tables that are handed in lie."""

    desk: Desk
    crew: Crew
    city: City
    folder: Path

    @cached_property
    def words(self) -> dict[str, Any]:
        """What is said and written, with the names of the city."""
        return dict(self.city.row(_TOLD))

    @property
    def press(self) -> User:
        return self.crew.of_office("press")

    @property
    def leader(self) -> User:
        return self.crew.of_office("leader")


Act = Callable[[Office, datetime], str]
