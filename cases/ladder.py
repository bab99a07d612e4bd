"""Which cards a limit brings, when each may be given at the earliest, and who is told.

Rows of escalation.toml in, moments out. Knows neither store nor mail, and never asks the time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from typing import Final

from cases.calendar import WorkCalendar
from cases.clocks import YELLOW
from huanyu.bureau import LadderRow
from huanyu.clock import SHANGHAI
from huanyu.clock import local
from huanyu.types import Clock

AGAIN: Final = "again"
AFTER: Final = timedelta(seconds=1)  # at the very moment it is due a limit is not over yet


@dataclass(frozen=True, slots=True)
class Planned:
    """A card to be given, and the first moment it may be."""

    stage: str
    at: datetime
    whom: str  #: unit, parent … of escalation.toml, with commas between them


def cards(
    clock: Clock, level: str, rows: Iterable[LadderRow], calendar: WorkCalendar, now: datetime
) -> tuple[Planned, ...]:
    """The cards of a limit as of `now`, earliest first: what a later one has overtaken is not given any more."""
    chosen = steps(clock, level, rows)
    found = [
        Planned(row.stage, moment(row, clock, calendar, now), ",".join(row.to)) for row in chosen.values()
    ]
    if clock.due < now:
        found = [one for one in found if one.stage != YELLOW]
    return tuple(sorted(found, key=lambda one: one.at))


def steps(clock: Clock, level: str, rows: Iterable[LadderRow]) -> dict[str, LadderRow]:
    """Of each stage the first row that fits this limit of a case of this level."""
    chosen: dict[str, LadderRow] = {}
    for row in rows:
        fits = (
            (not row.clocks or clock.name in row.clocks)
            and clock.name not in row.not_clocks
            and (not row.levels or level in row.levels)
        )
        if fits and row.stage not in chosen:
            chosen[row.stage] = row
    return chosen


def moment(row: LadderRow, clock: Clock, calendar: WorkCalendar, now: datetime) -> datetime:
    """The first moment at which this step may be taken."""
    if row.stage == YELLOW:
        day = calendar.add_workdays(local(clock.due).date(), -max(1, row.after))
        at = calendar.opening(day)
    elif row.unit == "hours":
        at = clock.due + AFTER + timedelta(hours=row.after)
    else:
        at = _working_days_after(clock.due + AFTER, row.after, calendar)
    if row.stage == AGAIN and at < now:  # of the days nobody was told, only today's is made up for
        at = calendar.opening(calendar.workday_on_or_after(local(now).date()))
    return permitted(at, row, calendar)


def permitted(at: datetime, row: LadderRow, calendar: WorkCalendar) -> datetime:
    """`at` itself where this step may be taken at any hour, else the first office minute from then on."""
    return at if row.any_hour else calendar.next_office_moment(at)


def following(planned: datetime, calendar: WorkCalendar) -> datetime:
    """When what is said every working day is said next."""
    return calendar.opening(calendar.add_workdays(local(planned).date(), 1))


def _working_days_after(over: datetime, days: int, calendar: WorkCalendar) -> datetime:
    """At the same time of day, counted from the first office minute in which the limit is over."""
    first = local(calendar.next_office_moment(over))
    return (
        datetime.combine(calendar.add_workdays(first.date(), days), first.time(), SHANGHAI) if days else over
    )
