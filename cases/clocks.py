"""The limits that run for a case, and when they are due.

Rows of clocks.toml and a calendar in, moments out. Knows neither store nor mail, and never asks the time.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from datetime import datetime
from types import MappingProxyType
from typing import Final

from cases.calendar import WorkCalendar
from cases.lifecycle import ENDS
from cases.lifecycle import LABEL
from cases.limits import Length
from cases.limits import Standstill
from cases.limits import end
from huanyu.bureau import ClockRow
from huanyu.clock import local
from huanyu.types import Case
from huanyu.types import Clock
from huanyu.types import Extension
from huanyu.types import Listed
from huanyu.types import Stop

YELLOW: Final = "yellow"
SIGN: Final = "sign"
OPINION: Final = "opinion"
RECTIFY: Final = "rectify"
REVISIT: Final = "revisit"
OBJECTION: Final = "objection"
APPEAL: Final = "appeal"
REEXAMINE: Final = "reexamine"
REVERIFY: Final = "reverify"
PAUSED: Final = "paused"
AGREED: Final = "agreed"
TYPED: Final = "typed"  #: of a limit whose day stands in the item
VOID: Final = "void"  #: of a limit that the case turned out not to have

UNIT_LABEL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "hours": "小时",
        "office_hours": "个工作小时",
        "office_minutes": "个工作分钟",
        "same_day": "当日",
        "calendar_days": "日",
        "working_days": "个工作日",
        "typed": "来件写明",
    }
)

#: they begin when something was found, or answered, not when the case is handed over
LATER: Final = frozenset({RECTIFY, REVISIT, REEXAMINE, REVERIFY})
#: what somebody may do until a day, and need not
RIGHTS: Final = frozenset({OBJECTION, APPEAL})
_DONE: Final = frozenset({"answered", "visited", *ENDS})
_WORK_IS_DONE: Final = frozenset({"paused", "reported", "handled", "replying", "interim"}) | _DONE

#: States in which a limit stands still or is over. Paused: the clock stops (domain 7, 暂停).
STOPPED_IN: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "first_response": _DONE,
        "press": _DONE,
        "inform": _DONE,
        "handling": _WORK_IS_DONE,
        "accept": frozenset(LABEL) - {"pending"},
        "check": frozenset(LABEL) - {"interim"},
        "arrive": frozenset({"pending", "accepted", "onsite", "returned"}) | _WORK_IS_DONE,
        "sign": frozenset({"pending", "accepted", "signed", "onsite", "returned"}) | _WORK_IS_DONE,
        OPINION: frozenset({"pending", "accepted", "returned"}) | _WORK_IS_DONE,
        REVISIT: frozenset(LABEL) - {"answered"},
        REEXAMINE: frozenset({"joined"}),
        REVERIFY: frozenset({"joined"}),
        RECTIFY: frozenset({"pending", "accepted", "refused", "transferred", "joined"}),
    }
)


def due(
    case: Case,
    rows: Iterable[ClockRow],
    calendar: WorkCalendar,
    assigned_at: datetime | None = None,
    stops: Sequence[Stop] = (),
    extensions: Sequence[Extension] = (),
    assist: Sequence[str] = (),
) -> tuple[Clock, ...]:
    """The limits of a case: of each name the first row that fits, in the order of the table.

    `rows` are those in force. The limit for signing starts at `assigned_at`; without it, where all others do:
    when the bureau learned of the matter. `stops` and `extensions` are those of the case's present round,
    `assist` the keys of the units that assist: each has a limit of its own.
    """
    fitting: dict[str, ClockRow] = {}
    for row in rows:
        if row.name not in LATER | RIGHTS and row.name not in fitting and fits(row, case):
            fitting[row.name] = row
    found = (
        _met(row, case, _clock(row, _start(row, case, assigned_at, owed_by), calendar, case, owed_by))
        for row in fitting.values()
        for owed_by in (assist if row.name == OPINION else ("",))
    )
    return tuple(reckoned(clock, calendar, stops, extensions) for clock in found)


def recheck(case: Case, by: date, rows: Iterable[ClockRow], calendar: WorkCalendar) -> Clock | None:
    """整改复查: until when somebody looks again at what is to be put right `by` that day; None where no row says so."""
    row = next((row for row in rows if row.name == RECTIFY and fits(row, case)), None)
    return _clock(row, calendar.closing(by), calendar, case) if row else None


def revisit(case: Case, rows: Iterable[ClockRow], calendar: WorkCalendar) -> Clock | None:
    """回访: until when whoever reported an answered case is asked; None where no row says so."""
    row = next((row for row in rows if row.name == REVISIT and fits(row, case)), None)
    return _clock(row, case.answered_at, calendar, case) if row and case.answered_at else None


def appeal(case: Case, since: datetime, rows: Iterable[ClockRow], calendar: WorkCalendar) -> Clock | None:
    """Until when whoever was told a result may ask for 复查, or then for 复核; None where no row says so."""
    row = next((row for row in rows if row.name == APPEAL and fits(row, case)), None)
    return _clock(row, since, calendar, case) if row else None


def asked_again(
    name: str, case: Case, asked_at: datetime, rows: Iterable[ClockRow], calendar: WorkCalendar
) -> Clock | None:
    """Until when 复查 or 复核, asked for then, is to be decided; None where no row says so."""
    row = next((row for row in rows if row.name == name and fits(row, case)), None)
    return _clock(row, asked_at, calendar, case) if row else None


def none_of(name: str, now: datetime) -> Clock:
    """That a case has no such limit, so that nobody asks again."""
    return Clock(name=name, due=now, why="不适用", met_at=now, met_how=VOID)


def reckoned(
    clock: Clock,
    calendar: WorkCalendar,
    stops: Sequence[Stop] = (),
    extensions: Sequence[Extension] = (),
) -> Clock:
    """The same limit by this calendar, with the pauses and extensions of its round; one without a start stays."""
    if clock.from_at is None or not clock.unit:
        return replace(clock, calendar=calendar.digest)
    length = Length(clock.amount, clock.unit)
    if clock.unit == TYPED:
        return _typed(clock, calendar, extensions)
    more = [Length(one.amount, one.unit) for one in extensions if _counts(one, clock)]
    still = [Standstill(one.from_at, one.until_at) for one in stops if one.until_at] if pauses(clock) else []
    base, until = (end(length, clock.from_at, calendar, *extra) for extra in ((), (more, still)))
    years = range(local(clock.from_at).year, local(until).year + 1)
    open_year = clock.unit != "hours" and not all(calendar.published(year) for year in years)
    return replace(clock, due=until, base_due=base, provisional=open_year, calendar=calendar.digest)


def _typed(clock: Clock, calendar: WorkCalendar, extensions: Sequence[Extension]) -> Clock:
    """The day a letter names stands, in a year without a notice too; only what was granted moves it."""
    written = clock.base_due or clock.due
    more = [Length(one.amount, one.unit) for one in extensions if _counts(one, clock)]
    until = end(Length(0, "calendar_days"), written, calendar, more) if more else written
    return replace(clock, due=until, base_due=written, provisional=False, calendar=calendar.digest)


def pauses(clock: Clock) -> bool:
    """Whether this limit stands still while the case is paused."""
    return clock.unit != TYPED and PAUSED in STOPPED_IN.get(clock.name, _DONE)


def objection(
    case: Case, rows: Iterable[ClockRow], calendar: WorkCalendar, assigned_at: datetime
) -> Clock | None:
    """Until when the unit may hand the case back: a right, not a duty, so no running limit of the case."""
    row = next((row for row in rows if row.name == OBJECTION and fits(row, case)), None)
    return _clock(row, assigned_at, calendar, case) if row else None


def handling_due(
    start: datetime, rows: Iterable[ClockRow], calendar: WorkCalendar, channel: str = ""
) -> datetime | None:
    """When an ordinary matter learned of at `start` must be handled; None when the table has no such row.

    `channel`: by which it came, where that is known; it counts as accepted and handed over at once.
    """
    day = local(start).date()
    handling = (row for row in rows if row.name == "handling" and row.valid_on(day))
    row = next((row for row in handling if not _conditions(row, channel)), None)
    return _clock(row, start, calendar).due if row else None


def runs(clock: Clock, case: Case | Listed) -> bool:
    """Whether the limit still counts in the case's present state; what ends with the answer ended when it was given."""
    stopped = STOPPED_IN.get(clock.name, _DONE)
    if clock.met_at is not None:
        return False
    return case.state not in stopped and not (case.answered_at is not None and stopped is _DONE)


def next_due(case: Case | Listed) -> Clock | None:
    """The running limit that ends first; what an assisting unit owes is that unit's."""
    running = [clock for clock in case.clocks if runs(clock, case) and not clock.owed_by]
    return min(running, key=lambda clock: clock.due, default=None)


def fits(row: ClockRow, case: Case) -> bool:
    """Whether a limit is one for this case."""
    came_by = {case.channel, case.source_kind}
    return (
        (not row.levels or case.level in row.levels)
        and (not row.kinds or case.source_kind in row.kinds)
        and (not row.types or case.type in row.types)
        and (not row.channels or not came_by.isdisjoint(row.channels))
        and (not row.lanes or case.lane in row.lanes)
        and (not row.campaigns or case.campaign in row.campaigns)
        and (row.urgent is None or row.urgent == case.urgent)
        and (not row.whole or case.parent_id is None)
        and (not row.matters or any(_about(kind, row.matters) for kind in case.kinds))
        and (not row.typed or written(row, case) is not None)
    )


def written(row: ClockRow, case: Case) -> date | None:
    """The day that the item itself names for this limit; None where it names none."""
    try:
        return date.fromisoformat(case.fields.get(row.typed, "")) if row.typed else None
    except ValueError:
        return None


def _about(kind: str, matters: Sequence[str]) -> bool:
    return any(kind == one or kind.startswith(f"{one}.") for one in matters)


def _conditions(row: ClockRow, channel: str) -> bool:
    """Whether a row asks for more than that a matter came by this channel."""
    channels = () if channel and channel in row.channels else row.channels
    narrow = (row.kinds, row.matters, row.levels, row.types, channels, row.lanes, row.campaigns, row.typed)
    return any(narrow) or row.urgent is not None


def _start(row: ClockRow, case: Case, assigned_at: datetime | None, owed_by: str) -> datetime:
    """Handing over is taking in: a case that nobody accepted before was accepted then.

    A unit that goes on assisting has had the case since it got it first.
    """
    if owed_by:
        known = (one for one in case.clocks if (one.name, one.owed_by) == (row.name, owed_by))
        kept = (one.from_at for one in known if one.met_how != VOID and one.rule == row.id)
        return next(kept, None) or assigned_at or case.learned_at
    if row.start == "assigned" or row.name == SIGN:
        return assigned_at or case.learned_at
    if row.start == "accepted":
        before = (clock.from_at for clock in case.clocks if row.id and clock.rule == row.id)
        return case.accepted_at or next(before, None) or assigned_at or case.learned_at
    return case.learned_at


def _met(row: ClockRow, case: Case, clock: Clock) -> Clock:
    """What met this limit of the case before meets it by this row, too, unless the row asks for more."""
    done = (one for one in case.clocks if one.met_at is not None and one.met_how != VOID)
    same = (row.name, clock.owed_by)
    before = next((one for one in done if (one.name, one.owed_by) == same), None)
    if before is None or (row.met_by and row.id != before.rule and before.met_how not in row.met_by):
        return clock
    return replace(clock, met_at=before.met_at, met_how=before.met_how)


def _counts(one: Extension, clock: Clock) -> bool:
    """Granted for this limit, and for this run of it."""
    return (
        one.clock == clock.name and one.decision == AGREED and one.asked_at >= (clock.from_at or one.asked_at)
    )


def _clock(
    row: ClockRow, start: datetime, calendar: WorkCalendar, case: Case | None = None, owed_by: str = ""
) -> Clock:
    day = written(row, case) if case is not None else None
    size = f"{row.amount or ''}{UNIT_LABEL[row.unit]}"
    plain = Clock(
        name=row.name,
        due=calendar.closing(day) if day else start,
        why=f"{row.label}：{size}{day.isoformat() if day else ''}（{row.source}）",
        rule=row.id,
        from_at=start,
        unit=row.unit,
        amount=row.amount,
        owed_by=owed_by,
    )
    return reckoned(plain, calendar)
