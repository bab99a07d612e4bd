"""Days of the year on which a bureau has something to say (occasions.toml).

Knows the shape of the table; publisher.occasions says which of them are near.
"""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field
from pydantic import model_validator


class OccasionRow(BaseModel):
    """One day, every year the same or told anew each year, and the text proposed for it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str = Field(min_length=1)
    name: str = Field(min_length=1)
    month: int = Field(default=0, ge=0, le=12)
    day: int = Field(default=0, ge=0, le=31)
    dates: tuple[date, ...] = ()  #: where the day differs from year to year, as its notice tells
    lead: int = Field(default=10, ge=1, le=60)  #: days before, when the draft is proposed
    title: str = Field(min_length=1)
    text: str = Field(min_length=1)
    short: str = Field(min_length=1)  #: at most 140 字, for Weibo
    slogan: str = ""
    enabled: bool = True
    source: str = ""

    @model_validator(mode="after")
    def _dated(self) -> Self:
        if bool(self.month) != bool(self.day):
            raise ValueError("month 和 day 要一起写")
        if self.month:
            try:
                date(2024, self.month, self.day)  # a leap year: 02-29 is a day
            except ValueError:
                raise ValueError(f"没有 {self.month} 月 {self.day} 日") from None
        return self

    def on(self, year: int) -> date | None:
        """The day of this year; None where it is not known yet."""
        told = next((one for one in self.dates if one.year == year), None)
        if told is not None or not self.month:
            return told
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return None
