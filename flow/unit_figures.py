"""What each unit did in a month or a year: for the statistics page, the command line and a spreadsheet."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import datetime

from flow.desk import Desk
from huanyu.cells import sheet
from huanyu.errors import BadInput
from huanyu.periods import Period
from huanyu.types import UnitCount
from huanyu.unit_words import cells

COLUMNS = (
    *("承办单位", "转办", "其中退单", "签收时限", "其中按时", "办结时限", "其中按时"),
    *("首次反馈", "办理用时中位数（天）", "回访评价", "其中满意"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """The units of a period, those with most hand-overs first."""

    period: Period
    counts: Sequence[UnitCount]
    names: Mapping[str, str]

    def line(self, one: UnitCount) -> tuple[str, ...]:
        """As people read it: the name, then each number beside its whole."""
        return (self.names.get(one.unit, one.unit), *cells(one))


def of(desk: Desk, year: int, month: int | None, now: datetime) -> Units:
    """The figures of a year, or of one of its months, as known now; raises BadInput."""
    if not 2000 <= year <= now.year or (month is not None and not 1 <= month <= 12):
        raise BadInput(f"没有 {year} 年{f' {month} 月' if month else ''}的统计")
    period = Period.holding("month" if month else "year", date(year, month or 1, 1))
    names = {row.key: row.short for row in desk.bureau.units}
    found = desk.store.figures.units(period, now)
    ordered = sorted(found, key=lambda one: (-one.given, names.get(one.unit, one.unit)))
    return Units(period=period, counts=ordered, names=names)


def as_csv(found: Units) -> bytes:
    """Part and whole in columns of their own, for whoever reckons further."""
    lines = (
        (
            found.names.get(one.unit, one.unit),
            *(one.given, one.returned, one.sign_due, one.sign_met, one.due, one.met),
            *(one.reported, one.days if one.reported else None, one.asked, one.content),
        )
        for one in found.counts
    )
    return sheet([COLUMNS, *lines])
