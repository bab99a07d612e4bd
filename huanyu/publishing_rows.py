"""When texts may leave: quiet hours, days of mourning, quotas (publishing.toml).

Knows the shape of the table; publisher.windows, quotas and schedule say what it means for a moment.
"""

from __future__ import annotations

from datetime import date
from datetime import time
from typing import Literal
from typing import Self

from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field
from pydantic import field_validator
from pydantic import model_validator

_STRICT = ConfigDict(extra="forbid", frozen=True)
ContentClass = Literal["petition", "press", "incident"]


class QuietRow(BaseModel):
    """Hours of every day in which texts of some classes stay back."""

    model_config = _STRICT

    since: time = Field(alias="from")
    until: time = Field(alias="to")
    classes: tuple[ContentClass, ...] = Field(min_length=1)
    why: str = ""

    @model_validator(mode="after")
    def _has_length(self) -> Self:
        if self.since == self.until:
            raise ValueError("from 与 to 相同, 等于全天不能发; 不需要静默就删去这一段")
        return self


class MourningRow(BaseModel):
    """Days on which texts of some classes stay back: from one date to another, or a day of every year."""

    model_config = _STRICT

    name: str = Field(min_length=1)
    since: date | None = Field(default=None, alias="from")
    until: date | None = Field(default=None, alias="to")
    yearly: str = ""  #: 12-13
    classes: tuple[ContentClass, ...] = Field(default=("press",), min_length=1)
    source: str = ""

    @field_validator("yearly")
    @classmethod
    def _is_a_day(cls, told: str) -> str:
        if told:
            try:
                date.fromisoformat(f"2024-{told}")  # a leap year: 02-29 is a day
            except ValueError:
                raise ValueError('yearly 应写成 "月-日", 例如 "12-13"') from None
        return told

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        if bool(self.yearly) == (self.since is not None):
            raise ValueError("请写 from（和 to），或者写 yearly，二者取一")
        if self.until is not None and (self.since is None or self.until < self.since):
            raise ValueError("to 不能早于 from, 也不能单独写")
        return self

    def covers(self, day: date) -> bool:
        """Whether `day` is one of them."""
        if self.yearly:
            return f"{day:%m-%d}" == self.yearly
        return self.since is not None and self.since <= day <= (self.until or self.since)


class QuotaRow(BaseModel):
    """How many messages may leave in a time, of one account or of each account of a channel."""

    model_config = _STRICT

    account: str = ""
    channel: str = ""
    per: Literal["minute", "10minutes", "hour", "day", "month"]
    count: int = Field(gt=0)
    why: str = ""  #: Chinese, shown beside the time that was planned
    source: str = Field(min_length=1)  #: where the figure is from

    @model_validator(mode="after")
    def _is_about_one_of_both(self) -> Self:
        if bool(self.account) == bool(self.channel):
            raise ValueError("请写 account（一个账号）或者 channel（这类平台的每个账号），二者取一")
        return self


class PublishingTable(BaseModel):
    """publishing.toml."""

    model_config = _STRICT

    quiet: tuple[QuietRow, ...] = ()
    mourning: tuple[MourningRow, ...] = ()
    quota: tuple[QuotaRow, ...] = ()
    idle_days: int = Field(default=10, gt=0)  #: an account that said nothing for so long needs a person
    expiry_days: tuple[int, ...] = (7, 1)  #: days before a token ends on which somebody is told
