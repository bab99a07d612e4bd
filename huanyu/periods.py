"""Days, weeks (Monday to Sunday), months, quarters and years: where one begins and ends, and what it is compared with.

Dates only: a day is a day in Asia/Shanghai, and nobody here knows which one is today.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from datetime import timedelta
from types import MappingProxyType
from typing import Final
from typing import Literal
from typing import Self

Span = Literal["day", "week", "month", "quarter", "year", "free"]

WEEKS_OF_A_YEAR: Final = timedelta(weeks=52)  # the same days of the week
_QUARTERS: Final = "一二三四"
#: span -> what it is called, what the one before is called, what the one a year ago is called
CALLED: Final[Mapping[str, tuple[str, str, str]]] = MappingProxyType(
    {
        "day": ("当日", "前一日", "上年同日"),
        "week": ("本周", "上周", "上年同期"),
        "month": ("本月", "上月", "上年同月"),
        "quarter": ("本季度", "上季度", "上年同季度"),
        "year": ("本年", "上年", "上年"),
        "free": ("本期", "此前同长时段", "上年同期"),
    }
)


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days from `first` to `last`, both included."""

    span: str
    first: date
    last: date

    @classmethod
    def holding(cls, span: Span, day: date) -> Self:
        """The period of that span in which `day` lies."""
        if span == "week":
            first = day - timedelta(days=day.weekday())
            return cls(span, first, first + timedelta(days=6))
        if span == "month":
            return cls(span, day.replace(day=1), _month_end(day))
        if span == "quarter":
            first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
            return cls(span, first, _month_end(first.replace(month=first.month + 2)))
        if span == "year":
            return cls(span, date(day.year, 1, 1), date(day.year, 12, 31))
        return cls(span, day, day)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def before(self) -> Period:
        """The period right before; of a free one, as many days."""
        last = self.first - timedelta(days=1)
        if self.span == "free":
            return Period(self.span, self.first - timedelta(days=self.days), last)
        return Period.holding(self.span, last)  # type: ignore[arg-type]

    def year_before(self) -> Period:
        """The same period a year before; of a week the same weekdays, 52 weeks ago."""
        if self.span == "week":
            return Period(self.span, self.first - WEEKS_OF_A_YEAR, self.last - WEEKS_OF_A_YEAR)
        first = _a_year_before(self.first)
        if self.span in {"month", "quarter", "year"}:
            return Period.holding(self.span, first)  # type: ignore[arg-type]
        return Period(self.span, first, _a_year_before(self.last))

    def name(self) -> str:
        """In Chinese: 3月9日, 3月9日至15日, 2026年3月, 2026年第一季度, 2026年."""
        first, last = self.first, self.last
        if self.span == "month":
            return f"{first.year}年{first.month}月"
        if self.span == "quarter":
            return f"{first.year}年第{_QUARTERS[(first.month - 1) // 3]}季度"
        if self.span == "year":
            return f"{first.year}年"
        if first == last:
            return _day(first)
        if first.year != last.year:
            return f"{first.year}年{_day(first)}至{last.year}年{_day(last)}"
        return f"{_day(first)}至{last.day}日" if first.month == last.month else f"{_day(first)}至{_day(last)}"


def finished(span: Span, today: date) -> Period:
    """The last period of that span that ended before `today`."""
    return Period.holding(span, today).before()


def called(span: str) -> tuple[str, str, str]:
    """What a period of that span, the one before and the one a year ago are called."""
    return CALLED[span]


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _a_year_before(day: date) -> date:
    """29 February is compared with 28 February."""
    last = calendar.monthrange(day.year - 1, day.month)[1]
    return day.replace(year=day.year - 1, day=min(day.day, last))
