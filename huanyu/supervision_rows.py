"""The table of supervision (supervision.toml): who signs, how many are drawn, how long a notice stands, inspections.

Knows neither cases nor files.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal
from typing import Self

from pydantic import Field
from pydantic import field_validator
from pydantic import model_validator

from huanyu.dated import Dated
from huanyu.dated import Table
from huanyu.kinds import FAMILY_LABEL
from huanyu.kinds import KIND_LABEL


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


class InspectionRow(Dated):
    """督察信访件 of one campaign and level: who hands them over, how they are numbered, how long they may take."""

    campaign: str = Field(min_length=2)  #: 第三轮省生态环境保护督察
    level: Literal["中央", "省"]
    team: str = Field(min_length=2)  #: who hands over, as the disclosure says it
    number: str = Field(min_length=1)  #: pattern of 受理编号
    example: str = Field(min_length=1)  #: one that fits it
    days: int = Field(ge=1, le=180)
    unit: Literal["calendar_days", "working_days"] = "calendar_days"

    @model_validator(mode="after")
    def _fits(self) -> Self:
        try:
            fits = re.fullmatch(self.number, self.example)
        except re.error as problem:
            raise ValueError(f"number 不是正则表达式: {problem}") from problem
        if fits is None:
            raise ValueError(f"example {self.example} 不符合 number {self.number}")
        return self


class MatterRow(Dated):
    """污染类型 as inspections count them, and which of our kinds are meant."""

    name: str = Field(min_length=1)  #: 大气
    kinds: tuple[str, ...] = Field(min_length=1)  #: families or leaves of huanyu.kinds
    aliases: tuple[str, ...] = ()  #: what lists of a batch write, too

    @field_validator("kinds")
    @classmethod
    def _known(cls, kinds: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := [kind for kind in kinds if kind not in FAMILY_LABEL and kind not in KIND_LABEL]:
            raise ValueError(f"没有污染类型 {'、'.join(unknown)}")
        return kinds


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
    inspection: tuple[InspectionRow, ...] = ()
    matter: tuple[MatterRow, ...] = ()
    city_units: str = "市直部门"  #: what a batch calls the bureaus of the city, beside its districts
    area_order: tuple[
        str, ...
    ] = ()  #: districts and zones as disclosures list them; others follow as in places

    def origin_of(self, key: str) -> OriginRow | None:
        return next((row for row in self.origin if row.key == key), None)

    def grade_on(self, name: str, day: date) -> GradeRow | None:
        return next((row for row in self.grade if row.grade == name and row.valid_on(day)), None)

    def inspection_on(self, campaign: str, level: str, day: date) -> InspectionRow | None:
        fits = (row for row in self.inspection if (row.campaign, row.level) == (campaign, level))
        return next((row for row in fits if row.valid_on(day)), None)
