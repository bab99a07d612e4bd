"""When published messages are looked at again and what counts as discontent: afterwards.toml.

Knows the shape of the table, not how anything is looked at.
"""

from __future__ import annotations

from datetime import timedelta

from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field
from pydantic import field_validator


class AfterRow(BaseModel):
    """afterwards.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    look_minutes: tuple[int, ...] = (2, 15, 120, 1440, 10_080, 43_200)  #: after publication, ascending
    again_minutes: int = Field(default=15, ge=1)  #: after a look that the platform did not answer
    timeline_minutes: int = Field(default=15, ge=1)  #: between two readings of an account's own timeline
    overlap_minutes: int = Field(default=60, ge=0)  #: how far each reading goes back beyond the last
    unhappy: int = Field(default=2, ge=1)  #: negative answers after which a person takes over
    breaker: int = Field(default=10, ge=2)  #: negative answers under one text in a day that stop 宣传
    serial: str = "更正〔{year}〕{number}号"

    @field_validator("look_minutes")
    @classmethod
    def _ascending(cls, minutes: tuple[int, ...]) -> tuple[int, ...]:
        if not minutes or minutes[0] < 1 or list(minutes) != sorted(set(minutes)):
            raise ValueError("look_minutes 应从 1 分钟以上起逐次增大, 不能为空或重复")
        return minutes

    @field_validator("serial")
    @classmethod
    def _numbered(cls, serial: str) -> str:
        if serial.count("{year}") != 1 or serial.count("{number}") != 1:
            raise ValueError("serial 中 {year} 和 {number} 应各出现一次")
        return serial

    @property
    def looks(self) -> tuple[timedelta, ...]:
        """Ages at which a published message is looked at."""
        return tuple(timedelta(minutes=minutes) for minutes in self.look_minutes)

    @property
    def again(self) -> timedelta:
        return timedelta(minutes=self.again_minutes)

    @property
    def between(self) -> timedelta:
        return timedelta(minutes=self.timeline_minutes)

    @property
    def overlap(self) -> timedelta:
        return timedelta(minutes=self.overlap_minutes)
