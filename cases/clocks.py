"""The limits that run for a case, when they are due, and which card is shown.

Rows of clocks.toml and a calendar in, moments out. Knows neither store nor mail, and never asks the time.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from datetime import date
from datetime import datetime
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from cases.calendar import WorkCalendar
from cases.level import MAJOR
from cases.lifecycle import ENDS
from huanyu.bureau import ClockRow
from huanyu.clock import local
from huanyu.types import Case
from huanyu.types import Clock

YELLOW: Final = "yellow"
RED: Final = "red"
SIGN: Final = "sign"
OBJECTION: Final = "objection"

UNIT_LABEL: Final[Mapping[str, str]] = MappingProxyType(
    {"hours": "小时", "calendar_days": "日", "working_days": "个工作日"}
)

_DONE: Final = frozenset({"answered", "visited", *ENDS})
_WORK_IS_DONE: Final = frozenset({"paused", "reported", "handled", "replying", "interim"}) | _DONE

#: States in which a limit stands still or is over. Paused: the clock stops (domain 7, 暂停).
STOPPED_IN: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "first_response": _DONE,
        "press": _DONE,
        "handling": _WORK_IS_DONE,
        "sign": frozenset({"pending", "accepted", "signed", "onsite", "returned"}) | _WORK_IS_DONE,
    }
)


def due(
    case: Case, rows: Iterable[ClockRow], calendar: WorkCalendar, assigned_at: datetime | None = None
) -> tuple[Clock, ...]:
    """The limits of a case: of each name the first row that fits, in the order of the table.

    `rows` are those in force. The limit for signing starts at `assigned_at`; without it, where all others do:
    when the bureau learned of the matter.
    """
    fitting: dict[str, ClockRow] = {}
    for row in rows:
        if row.name != OBJECTION and row.name not in fitting and _fits(row, case):
            fitting[row.name] = row
    handed_over = assigned_at or case.learned_at
    return tuple(
        _clock(row, handed_over if row.name == SIGN else case.learned_at, calendar)
        for row in fitting.values()
    )


def objection(
    case: Case, rows: Iterable[ClockRow], calendar: WorkCalendar, assigned_at: datetime
) -> Clock | None:
    """Until when the unit may hand the case back: a right, not a duty, so no running limit of the case."""
    row = next((row for row in rows if row.name == OBJECTION and _fits(row, case)), None)
    return _clock(row, assigned_at, calendar) if row else None


def handling_due(start: datetime, rows: Iterable[ClockRow], calendar: WorkCalendar) -> datetime | None:
    """When an ordinary matter learned of at `start` must be handled; None when the table has no such row."""
    day = local(start).date()
    ordinary = (
        row
        for row in rows
        if row.name == "handling" and row.valid_on(day) and not (row.kinds or row.levels or row.urgent)
    )
    row = next(ordinary, None)
    return _end(row, local(start), calendar) if row else None


def stage(clock: Clock, now: datetime, calendar: WorkCalendar) -> str | None:
    """The card to show: yellow from one working day before, red once it is over, None before.

    山东 2017 rule (domain 2(a).2). A unit that has not signed gets no yellow card: its limit is that one day.
    """
    if now > clock.due:
        return RED
    if clock.name != SIGN and now >= yellow_from(clock, calendar):
        return YELLOW
    return None


def yellow_from(clock: Clock, calendar: WorkCalendar) -> datetime:
    """The same time of day, one working day before a clock is due."""
    end = local(clock.due)
    return datetime.combine(calendar.add_workdays(end.date(), -1), end.time(), end.tzinfo)


def runs(clock: Clock, case: Case) -> bool:
    """Whether the limit still counts in the case's present state; what ends with the answer ended when it was given."""
    stopped = STOPPED_IN.get(clock.name, _DONE)
    return case.state not in stopped and not (case.answered_at is not None and stopped is _DONE)


def may_remind(case: Case, now: datetime, calendar: WorkCalendar) -> bool:
    """Ordinary reminders wait for office hours; 重大 and above reach the duty officer at any hour."""
    return case.level in MAJOR or calendar.office_hours(now)


def next_due(case: Case) -> Clock | None:
    """The running limit that ends first."""
    running = [clock for clock in case.clocks if runs(clock, case)]
    return min(running, key=lambda clock: clock.due, default=None)


def _fits(row: ClockRow, case: Case) -> bool:
    return (
        (not row.levels or case.level in row.levels)
        and (not row.kinds or case.source_kind in row.kinds)
        and (row.urgent is None or row.urgent == case.urgent)
    )


def _clock(row: ClockRow, start: datetime, calendar: WorkCalendar) -> Clock:
    end = _end(row, local(start), calendar)
    years = range(start.year, end.year + 1)
    return Clock(
        name=row.name,
        due=end,
        provisional=row.unit != "hours" and not all(calendar.published(year) for year in years),
        why=f"{row.label}：{row.amount}{UNIT_LABEL[row.unit]}（{row.source}）",
    )


def _end(row: ClockRow, start: datetime, calendar: WorkCalendar) -> datetime:
    if row.unit == "hours":
        return start + timedelta(hours=row.amount)
    return calendar.closing(_last_day(row, start.date(), calendar))


def _last_day(row: ClockRow, start: date, calendar: WorkCalendar) -> date:
    """民法典 201, 203: the first day does not count, a last day off moves to the next working day."""
    if row.unit == "working_days":
        return calendar.add_workdays(start, row.amount)
    return calendar.workday_on_or_after(start + timedelta(days=row.amount))
