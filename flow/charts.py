"""The statistics of a chosen period as charts are drawn from them: each count beside the period before and the year before.

Reads only.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from typing import Final

from flow.desk import Desk
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput
from huanyu.kinds import KIND_LABEL
from huanyu.source_words import SOURCE_LABEL
from huanyu.store.speeds import HANDLING

LONGEST: Final = 366  #: days
YEARS: Final = range(2001, 3000)
HALF, MOST = 50, 90  #: percent
GROUPS: Final = (
    ("total", "办理", "件"),
    ("kind", "投诉类别", "条"),
    ("area", "投诉地点", "条"),
    ("source", "投诉渠道", "条"),
    ("cases_area", "立案地点", "件"),
)
TOTALS: Final = {"cases_opened": "新立案件", "cases_answered": "公开答复", "cases_closed": "办结"}
LIMITS: Final = (("first_response", "首次回应"), (HANDLING, "办结"))


@dataclass(frozen=True, slots=True)
class Line:
    """One thing counted in three periods."""

    label: str
    now: int
    before: int
    last_year: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines of one kind, most first."""

    title: str
    unit: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Speed:
    """How long a limit took: median and 90 %, in hours; None where none was met."""

    label: str
    met: int
    half: float | None
    most: float | None


@dataclass(frozen=True, slots=True)
class Statistics:
    """All of a page."""

    spans: tuple[tuple[date, date], ...]  #: the period, the one before, the same a year before
    charts: tuple[Chart, ...]
    trend: tuple[tuple[date, int], ...]
    speeds: tuple[tuple[Speed, ...], ...]  #: per period


def statistics(desk: Desk, since: date, until: date) -> Statistics:
    """Everything about the days from `since` to `until`, both included; raises BadInput."""
    if since.year not in YEARS or until.year not in YEARS or until < since:
        raise BadInput("结束日期早于开始日期，或年份不对")
    if (until - since).days >= LONGEST:
        raise BadInput(f"时段过长，最多 {LONGEST} 天")
    spans = ((since, until), _before(since, until), (_year_before(since), _year_before(until)))
    counts = [_counts(desk, *span) for span in spans]
    days = [since + timedelta(days=place) for place in range((until - since).days + 1)]
    return Statistics(
        spans=spans,
        charts=tuple(_chart(desk, group, title, unit, counts) for group, title, unit in GROUPS),
        trend=tuple((day, desk.store.figures.recompute("complaints_new", day)) for day in days),
        speeds=tuple(tuple(_speed(desk, name, label, *span) for name, label in LIMITS) for span in spans),
    )


def rank(spans: Sequence[timedelta], percent: int) -> float | None:
    """The length that so many percent did not exceed, in hours: the nearest rank."""
    if not spans:
        return None
    return round(spans[-(-percent * len(spans) // 100) - 1].total_seconds() / 3600, 1)


def _counts(desk: Desk, since: date, until: date) -> Mapping[tuple[str, str], int]:
    found = desk.store.counts.month(_start(since), _start(until + timedelta(days=1)))
    return {(one.group, one.key): one.value for one in found}


def _chart(
    desk: Desk, group: str, title: str, unit: str, counts: Sequence[Mapping[tuple[str, str], int]]
) -> Chart:
    keys = dict.fromkeys(key for found in counts for kind, key in found if kind == group)
    names = {**KIND_LABEL, **SOURCE_LABEL, **TOTALS, **desk.bureau.areas()}
    lines = [
        Line(names.get(key, key) or "地点不明", *(found.get((group, key), 0) for found in counts))
        for key in keys
    ]
    return Chart(title, unit, tuple(sorted(lines, key=lambda line: (-line.now, line.label))))


def _speed(desk: Desk, name: str, label: str, since: date, until: date) -> Speed:
    start, end = _start(since), _start(until + timedelta(days=1))
    spans = (
        desk.store.speeds.closed(start, end) if name == HANDLING else desk.store.speeds.met(name, start, end)
    )
    return Speed(label, len(spans), rank(spans, HALF), rank(spans, MOST))


def _before(since: date, until: date) -> tuple[date, date]:
    return since - (until - since) - timedelta(days=1), since - timedelta(days=1)


def _year_before(day: date) -> date:
    """The same day a year before; of 29 February the 28th."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
