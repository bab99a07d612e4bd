"""整改台账 rolled up by county, zone or other area: how many lines stand where, and how they stand."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import cases.ledger
from flow.desk import Desk
from flow.ledger import Standing
from huanyu.cells import Cell

CITY: Final = "市本级"  #: lines of no area
ALL: Final = "合计"
HEAD: Final = ("辖区", "挂账", "已销号", "未销号", "红牌", "黄牌", "未按时报进展", "挂牌督办")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The lines of one area."""

    name: str
    entered: int
    cancelled: int
    red: int
    yellow: int
    silent: int
    listed: int  #: under 挂牌督办 now

    @property
    def going(self) -> int:
        return self.entered - self.cancelled

    def cells(self) -> tuple[Cell, ...]:
        """Under `HEAD`."""
        return (
            *(self.name, self.entered, self.cancelled, self.going),
            *(self.red, self.yellow, self.silent, self.listed),
        )


def rows(desk: Desk, found: Iterable[Standing], listed: Collection[int]) -> list[Row]:
    """Every area that has a line, in the official order, those of none, and all; `listed` are lines by number.

    A line without an area counts where its unit answers.
    """
    lines = list(found)
    names = {**desk.bureau.areas(), "": CITY}
    where = {one.line.id: _area(desk, one) for one in lines}
    told = [
        _row(names.get(key, key), [one for one in lines if where[one.line.id] == key], listed)
        for key in dict.fromkeys([*names, *where.values()])
        if key in where.values()
    ]
    return [*told, _row(ALL, lines, listed)] if told else []


def _area(desk: Desk, one: Standing) -> str:
    unit = desk.bureau.unit(one.line.unit)
    return one.line.area or (unit.area if unit else "")


def _row(name: str, lines: Collection[Standing], listed: Collection[int]) -> Row:
    return Row(
        name=name,
        entered=len(lines),
        cancelled=sum(one.line.state == cases.ledger.END for one in lines),
        red=sum(one.card == "red" for one in lines),
        yellow=sum(one.card == "yellow" for one in lines),
        silent=sum(one.silent for one in lines),
        listed=sum(one.line.id in listed for one in lines),
    )
