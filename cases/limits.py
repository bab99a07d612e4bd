"""How long a limit is: from where it starts, with what was added to it and what it stood still.

Values in, a moment out. Knows no table and no case; days off are the business of `cases.calendar`.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from cases.calendar import WorkCalendar
from huanyu.clock import SHANGHAI
from huanyu.clock import local

IN_DAYS: Final = frozenset({"calendar_days", "working_days", "same_day"})
OFFICE_TIME: Final[Mapping[str, timedelta]] = MappingProxyType(
    {"office_hours": timedelta(hours=1), "office_minutes": timedelta(minutes=1)}
)
LAST_MINUTE: Final = time(23, 59)


@dataclass(frozen=True, slots=True)
class Length:
    """An amount of time as laws state it."""

    amount: int
    unit: str  #: hours office_hours office_minutes same_day calendar_days working_days


@dataclass(frozen=True, slots=True)
class Standstill:
    """From when to when a limit did not count."""

    since: datetime
    until: datetime


def end(
    length: Length,
    start: datetime,
    calendar: WorkCalendar,
    more: Sequence[Length] = (),
    stops: Iterable[Standstill] = (),
) -> datetime:
    """When a limit of `length` that starts at `start` ends, with the extensions granted and the pauses past.

    民法典 201, 203: the first day does not count, a last day off moves on. What was left of a limit when it stood
    still is left when it goes on; one that was over before the pause stays over.
    """
    reached = _forward(local(start), length, calendar)
    for one in more:
        reached = _forward(reached, one, calendar)
    for stop in _joined(stops):
        since = max(stop.since, start)
        if since < stop.until and since <= _settled(reached, length.unit, calendar):
            reached = _held_up(reached, length.unit, since, stop.until, calendar)
    return _settled(reached, length.unit, calendar)


def _joined(stops: Iterable[Standstill]) -> list[Standstill]:
    """In order; those that meet or overlap are one."""
    found: list[Standstill] = []
    for stop in sorted(stops, key=lambda one: one.since):
        if found and stop.since <= found[-1].until:
            found[-1] = Standstill(found[-1].since, max(found[-1].until, stop.until))
        else:
            found.append(stop)
    return found


def _forward(moment: datetime, length: Length, calendar: WorkCalendar) -> datetime:
    """Not yet settled: of limits in days only the date counts."""
    if length.unit == "hours":
        return moment + timedelta(hours=length.amount)
    if length.unit in OFFICE_TIME:
        return calendar.add_office(moment, length.amount * OFFICE_TIME[length.unit])
    if length.unit == "working_days":
        return _on(calendar.add_workdays(moment.date(), length.amount), moment)
    return moment + timedelta(days=length.amount)


def _held_up(
    moment: datetime, unit: str, since: datetime, until: datetime, calendar: WorkCalendar
) -> datetime:
    if unit == "hours":
        return moment + (until - since)
    if unit in OFFICE_TIME:
        return calendar.add_office(moment, calendar.office_between(since, until))
    first, last = local(since).date(), local(until).date()
    if unit == "working_days":
        return _on(calendar.add_workdays(moment.date(), calendar.workdays_after(first, last)), moment)
    if first > moment.date():  # it had moved on to the next working day, and that one was still to come
        moment = _on(calendar.workday_on_or_after(moment.date()), moment)
    return moment + (last - first)


def _settled(moment: datetime, unit: str, calendar: WorkCalendar) -> datetime:
    if unit == "same_day":
        return _on(moment.date(), moment, LAST_MINUTE)
    if unit in IN_DAYS:
        return calendar.closing(calendar.workday_on_or_after(moment.date()))
    return moment


def _on(day: date, moment: datetime, at: time | None = None) -> datetime:
    return datetime.combine(day, at or moment.time(), SHANGHAI)
