"""The cards that a case ought to have brought, by a plain walk over the days: nothing of `cases` is asked.

Written down a second time on purpose, for the rows of clocks.toml and escalation.toml that ordinary matters meet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta

from huanyu.clock import SHANGHAI

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
OPENS, NOON, AFTERNOON, CLOSES = time(8, 30), time(12), time(13, 30), time(17, 30)
#: 国办发明电〔2024〕12号: days off of 2025 that are weekdays, from and to, and the weekend days that are worked.
#: Of 2026 (国办发明电〔2025〕7号) those of January: limits of December end there.
OFF = (
    (date(2025, 1, 1), date(2025, 1, 1)),
    (date(2025, 1, 28), date(2025, 2, 4)),
    (date(2025, 4, 4), date(2025, 4, 6)),
    (date(2025, 5, 1), date(2025, 5, 5)),
    (date(2025, 5, 31), date(2025, 6, 2)),
    (date(2025, 10, 1), date(2025, 10, 8)),
    (date(2026, 1, 1), date(2026, 1, 3)),
)
WORKED = frozenset(
    {
        date(2025, 1, 26),
        date(2025, 2, 8),
        date(2025, 4, 27),
        date(2025, 9, 28),
        date(2025, 10, 11),
        date(2026, 1, 4),
    }
)
WALKED = 2025  #: the only year this walk knows whole

Key = tuple[str, datetime, str]  #: limit, when it is due, stage


@dataclass(slots=True)
class Life:
    """What happened to a case, and when."""

    learned: datetime
    assigned: datetime
    signed: datetime | None = None
    pauses: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    handled: datetime | None = None
    closed: datetime | None = None
    level: str = "一般"
    told: datetime | None = None  #: the reporter was spoken to, or the press, of a grave matter
    more: list[tuple[datetime, int]] = field(default_factory=list)  #: working days granted, and when

    @property
    def grave(self) -> bool:
        """Whether somebody is woken for it."""
        return self.level in ("重大", "特别重大")


@dataclass(frozen=True, slots=True)
class Run:
    """A limit while it runs: from the moment its cards could be planned until it stops."""

    name: str
    due: datetime
    known: datetime
    stopped: datetime


def expected(life: Life, until: datetime) -> dict[Key, tuple[datetime, datetime]]:
    """Of each card that was due before `until`: the first moment it was permitted, and when its limit stopped."""
    found: dict[Key, tuple[datetime, datetime]] = {}
    for run in runs(life, until):
        for stage, at, any_hour in stages(run, until, life.grave):
            first = max(at, run.known)
            permitted = first if any_hour else office(first)
            if permitted < run.stopped:
                found.setdefault((run.name, run.due, stage), (permitted, run.stopped))
    return found


def runs(life: Life, until: datetime) -> Iterator[Run]:
    """The limits of a case; one that stood still runs again as another."""
    closed = min(life.closed or until, life.told or until)
    first = timedelta(hours=5 if life.grave else 48)
    yield Run("first_response", life.learned + first, life.assigned, closed)
    if life.grave:
        yield Run("press", life.learned + timedelta(hours=24), life.assigned, closed)
    signed = min(life.signed or until, life.handled or until)
    yield Run("sign", end_of(workday(life.assigned.date(), 1)), life.assigned, signed)
    yield from handling(life, until)


def handling(life: Life, until: datetime) -> Iterator[Run]:
    """Five working days, as many more as were granted, and as many as the case stood still."""
    due, known = end_of(workday(life.learned.date(), 5)), life.assigned
    changes: list[tuple[datetime, int | None, datetime | None]] = [
        *((at, days, None) for at, days in life.more),
        *((since, None, back) for since, back in life.pauses),
    ]
    for since, days, back in sorted(changes, key=lambda one: one[0]):
        yield Run("handling", due, known, since)
        if days is not None:
            due, known = end_of(workday(due.date(), days)), since
            continue
        if back is None:
            return
        if since <= due:
            due = end_of(workday(due.date(), worked_between(since.date(), back.date())))
        known = back
    yield Run("handling", due, known, life.handled or until)


def stages(run: Run, until: datetime, grave: bool) -> Iterator[tuple[str, datetime, bool]]:
    """Yellow on the working day before, red when it is over, then up the ladder, a working day each.

    Of a grave matter the first three are said at any hour, and the third is an hour after the second.
    """
    if run.name != "sign" and run.known <= run.due:
        yield "yellow", at_of(workday(run.due.date(), -1), OPENS), grave
    over = office(run.due + SECOND)
    yield "red", run.due + SECOND, grave
    if grave:
        yield "up1", run.due + SECOND + timedelta(hours=1), True
    for step in (2, 3) if grave else (1, 2, 3):
        yield f"up{step}", at_of(workday(over.date(), step), over.timetz().replace(tzinfo=None)), False
    if run.name == "sign":
        day = workday(over.date(), 1)
        while at_of(day, OPENS) < until:
            yield f"again:{day.isoformat()}", at_of(day, OPENS), False
            day = workday(day, 1)


def office(moment: datetime) -> datetime:
    """The first office minute from `moment` on."""
    here, clock = moment.astimezone(SHANGHAI), moment.astimezone(SHANGHAI).time()
    if works(here.date()):
        if OPENS <= clock < NOON or AFTERNOON <= clock < CLOSES:
            return here
        if clock < OPENS:
            return at_of(here.date(), OPENS)
        if clock < AFTERNOON:
            return at_of(here.date(), AFTERNOON)
    return at_of(workday(here.date(), 1), OPENS)


def works(day: date) -> bool:
    """Whether offices work on this day."""
    if day in WORKED:
        return True
    return day.weekday() < 5 and not any(first <= day <= last for first, last in OFF)


def workday(day: date, amount: int) -> date:
    """So many working days after `day`, before it where negative."""
    step = DAY if amount >= 0 else -DAY
    for _ in range(abs(amount)):
        day += step
        while not works(day):
            day += step
    return day


def worked_between(first: date, last: date) -> int:
    """Working days after `first`, up to and with `last`."""
    return sum(works(first + DAY * number) for number in range(1, (last - first).days + 1))


def end_of(day: date) -> datetime:
    """When the office closes; a day off moves on."""
    return at_of(day if works(day) else workday(day, 1), CLOSES)


def at_of(day: date, at: time) -> datetime:
    """A moment of a day in Shanghai."""
    return datetime.combine(day, at, SHANGHAI)
