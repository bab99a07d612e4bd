"""The tables of the press office: what its log counts (press.toml), columns of press houses (columns.toml).

Knows no record.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal
from typing import Self

from pydantic import Field
from pydantic import model_validator

from huanyu.dated import Dated
from huanyu.dated import Table

CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d(-([01]\d|2[0-3]):[0-5]\d)?")
Weekday = Literal["周一", "周二", "周三", "周四", "周五", "周六", "周日"]


class MeasureCount(Table):
    """One number a kind of record has, with its unit: 班级, 个. Numbers of two units are never added."""

    name: str = Field(min_length=1)
    unit: str = Field(min_length=1)


class ActivityKindRow(Dated):
    """A kind of record in the log of coverage and activities."""

    key: str = Field(pattern=r"^[a-z_]+$")
    name: str = Field(min_length=2)
    group: str = Field(min_length=2)  #: 报道, 活动, 创建 …
    counts: tuple[MeasureCount, ...] = Field(
        min_length=1
    )  #: a record is one of the first where it says no other
    outlet: bool = False  #: a record names its outlet
    fills: Literal["", "conference", "batch"] = (
        ""  #: written by the desk itself when one was held or handed over
    )

    @model_validator(mode="after")
    def _apart(self) -> Self:
        if len({one.name for one in self.counts}) < len(self.counts):
            raise ValueError("counts 中的名称不能重复")
        return self

    @property
    def first(self) -> MeasureCount:
        return self.counts[0]


class ContactKindRow(Dated):
    """A kind of media contact."""

    name: str = Field(min_length=2)  #: 驻点记者


class PressTable(Table):
    """All of press.toml."""

    tags: tuple[str, ...] = ()  #: 六进, as this bureau lists them
    answer_days: int = Field(
        default=90, ge=1, le=366
    )  #: an answer stands so long where nobody sets another day
    soon_days: int = Field(default=7, ge=0, le=60)  #: and is marked so many days before
    kind: tuple[ActivityKindRow, ...] = ()
    contact: tuple[ContactKindRow, ...] = ()

    @model_validator(mode="after")
    def _once(self) -> Self:
        for what, keys in (
            ("key", [row.key for row in self.kind]),
            ("name", [row.name for row in self.kind]),
        ):
            if twice := {one for one in keys if keys.count(one) > 1}:
                raise ValueError(f"kind 的 {what} 重复: {'、'.join(sorted(twice))}")
        return self

    def kind_of(self, key: str) -> ActivityKindRow | None:
        return next((row for row in self.kind if row.key == key), None)

    def filled_by(self, what: str, day: date) -> ActivityKindRow | None:
        """The kind that the desk writes itself when one was held or handed over."""
        return next((row for row in self.kind if row.fills == what and row.valid_on(day)), None)


class ColumnRow(Dated):
    """A page, programme or column of a press house that carries texts of the bureau."""

    outlet: str = Field(min_length=2)  #: 聊城电视台
    medium: Literal["paper", "tv", "radio", "web", "screen"]
    name: str = Field(min_length=2)  #: 《聊城环保》
    topic: str = ""
    days: tuple[Weekday, ...] = ()  #: () = 不定期, or said in `every`
    every: str = ""  #: where weekdays do not say it: 每季度, 每日
    air: tuple[str, ...] = ()  #: 07:30 or 07:30-08:00
    partner: str = ""  #: 合办单位
    contact: str = ""  #: an office of the house, no person
    note: str = ""

    @model_validator(mode="after")
    def _timed(self) -> Self:
        if wrong := [one for one in self.air if not CLOCK.fullmatch(one)]:
            raise ValueError(f"播出时刻应写成 07:30 或 07:30-08:00，不是 {wrong[0]}")
        return self
