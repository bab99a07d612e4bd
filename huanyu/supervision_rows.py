"""The table of supervision (supervision.toml): who signs, how many are drawn, how long a notice stands, what is a hotspot.

Knows neither cases nor files.
"""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import Field
from pydantic import model_validator

from huanyu.dated import Dated
from huanyu.dated import Table


class OriginRow(Dated):
    """Where lines of the ledger come from, and whose signatures take them off it."""

    key: str = Field(pattern=r"^[a-z_]+$")
    name: str = Field(min_length=2)  #: 督察反馈问题
    signatures: tuple[str, ...] = Field(
        min_length=1
    )  #: offices that sign: 党委主要负责人; each a person of its own

    @model_validator(mode="after")
    def _apart(self) -> Self:
        if len(set(self.signatures)) < len(self.signatures):
            raise ValueError("signatures 中的职务不能重复")
        return self


class GradeRow(Dated):
    """挂牌督办 by this authority."""

    grade: str = Field(min_length=2)  #: 市级挂牌
    days: int = Field(ge=1, le=730)  #: calendar days, where nobody sets another date


class SupervisionTable(Table):
    """All of supervision.toml."""

    yellow_days: int = Field(default=10, ge=1, le=90)  #: 黄牌 so many days before the limit
    progress_days: int = Field(default=7, ge=1, le=90)  #: a unit tells how it goes at least this often
    draw_percent: int = Field(default=20, ge=1, le=100)
    draw_least: int = Field(default=1, ge=1)
    notice_days: int = Field(default=5, ge=1, le=30)  #: working days
    hotspot_least: int = Field(default=3, ge=2)
    hotspot_days: int = Field(default=90, ge=7, le=366)
    origin: tuple[OriginRow, ...] = ()
    grade: tuple[GradeRow, ...] = ()

    def origin_of(self, key: str) -> OriginRow | None:
        return next((row for row in self.origin if row.key == key), None)

    def grade_on(self, name: str, day: date) -> GradeRow | None:
        return next((row for row in self.grade if row.grade == name and row.valid_on(day)), None)
