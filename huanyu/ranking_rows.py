"""The table of rankings (rankings.toml): what is ranked, by which figures, among whom, and how ties and few cases are told.

Knows neither cases nor files.
"""

from __future__ import annotations

from typing import Literal
from typing import Self

from pydantic import Field
from pydantic import model_validator

from huanyu.dated import Dated
from huanyu.dated import Table

Level = Literal["county", "zone", "township"]
Span = Literal["month", "quarter", "year"]
FigureKey = Literal["response", "on_time", "settled", "satisfied", "returned", "repeated"]
#: Of these the less the better.
LESS_IS_BETTER: frozenset[str] = frozenset({"returned", "repeated"})


class FigureRow(Table):
    """One rate of the desk's own cases."""

    key: FigureKey
    name: str = Field(min_length=2)  #: 按时办结率
    weight: int = Field(ge=0, le=100)  #: in the score; 0 = shown only
    needed: bool = False  #: who has too few of these is not ranked at all


class ColumnRow(Table):
    """One column of a table that is handed in."""

    key: str = Field(pattern=r"^[a-z_0-9]+$")
    name: str = Field(min_length=1)  #: PM2.5
    unit: str = ""  #: 微克/立方米; as a heading of the file may have it, too
    heads: tuple[str, ...] = ()  #: what files call it beside its name
    digits: int = Field(default=0, ge=0, le=4)
    least: float = 0
    most: float = 10_000
    less_is_better: bool = False
    needed: bool = False
    last_year: tuple[str, ...] = ()  #: headings of the same figure a year ago


class RankingRow(Dated):
    """One ranking."""

    key: str = Field(pattern=r"^[a-z_]+$")
    name: str = Field(min_length=4)  #: 环境信访办理情况
    title: str = Field(min_length=4)  #: of the 通报; {period}
    form: str = Field(min_length=1)  #: in forms.toml: the series of its numbers
    of: Literal["cases", "table"]
    levels: tuple[Level, ...] = Field(min_length=1)
    apart: bool = False  #: each level is ranked by itself
    only: tuple[str, ...] = ()  #: codes or names of the places that are ranked; empty = all of the levels
    spans: tuple[Span, ...] = Field(default=("month",), min_length=1)
    figures: tuple[FigureRow, ...] = ()
    columns: tuple[ColumnRow, ...] = ()
    by: str = ""  #: the column that ranks
    total_of: tuple[str, ...] = ()  #: columns whose sum is that column: 得分
    count_by: Literal["unit", "place"] = "unit"  #: cases: whose unit leads, or where the matter lies
    best: int = Field(default=3, ge=0, le=20)  #: so many are named, equals all
    worst: int = Field(default=3, ge=0, le=20)
    addressee: str = ""
    demand: str = ""  #: what the 通报 asks for in the end

    def column(self, key: str) -> ColumnRow:
        return next(row for row in self.columns if row.key == key)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.of == "cases" and not (self.figures and any(row.weight for row in self.figures)):
            raise ValueError('of = "cases" 的排名要写 figures，至少一项有权重')
        if self.of == "cases" and len({row.key for row in self.figures}) < len(self.figures):
            raise ValueError("figures 中的 key 不能重复")
        keys = [row.key for row in self.columns]
        if len(set(keys)) < len(keys):
            raise ValueError("columns 中的 key 不能重复")
        if self.of == "table" and self.by not in keys:
            raise ValueError(f"by = {self.by!r} 不在 columns 中")
        if unknown := [key for key in self.total_of if key not in keys or key == self.by]:
            raise ValueError(f"total_of 中的 {'、'.join(unknown)} 不在 columns 中")
        return self


class RankingTable(Table):
    """All of rankings.toml."""

    few: int = Field(default=5, ge=1, le=100)  #: of fewer a rate is shown, but neither scored nor ranked
    ties: Literal["printed", "exact"] = "printed"  #: equal as printed, or only where exactly equal
    after_ties: Literal["skip", "next"] = "skip"  #: 1 1 3, or 1 1 2
    digits: int = Field(default=1, ge=0, le=3)  #: of rates and scores
    measures: tuple[str, ...] = ("约谈", "诫勉", "通报批评")  #: 问责 by form
    ranking: tuple[RankingRow, ...] = ()

    def row(self, key: str) -> RankingRow | None:
        return next((row for row in self.ranking if row.key == key), None)

    @model_validator(mode="after")
    def _keys(self) -> Self:
        keys = [row.key for row in self.ranking]
        if twice := sorted({key for key in keys if keys.count(key) > 1}):
            raise ValueError(f"排名 {'、'.join(twice)} 有两行")
        return self
