"""Working time in China: weekends, holidays, make-up working days (调休) and office hours.

Pure: the table of one bureau and the published notices in, days out. Knows no case and no limit.
"""

from __future__ import annotations

import hashlib
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from functools import cached_property
from functools import lru_cache
from typing import Final

import chinese_calendar

from huanyu.bureau import Calendar
from huanyu.clock import SHANGHAI
from huanyu.clock import local

ONE_DAY: Final = timedelta(days=1)
SATURDAY: Final = 5
DAYS_KEPT: Final = 20_000  # more than the library knows
LIBRARY_FIRST: Final[int] = min(chinese_calendar.constants.holidays).year
LIBRARY_LAST: Final[int] = max(chinese_calendar.constants.holidays).year


class WorkCalendar:
    """The working calendar of one bureau: the State Council's notices, corrected by calendar.toml."""

    def __init__(self, table: Calendar) -> None:
        self.table = table

    @cached_property
    def _workdays(self) -> frozenset[date]:
        return frozenset(self.table.workdays)

    @cached_property
    def _holidays(self) -> frozenset[date]:
        return frozenset(self.table.holidays)

    def published(self, year: int) -> bool:
        """Whether the holiday notice of `year` is known, from the library or by hand."""
        return LIBRARY_FIRST <= year <= max(LIBRARY_LAST, self.table.published_until)

    def is_workday(self, day: date) -> bool:
        """Whether offices work on `day`; plain weekdays for a year without a notice."""
        if day in self._workdays:
            return True
        if day in self._holidays:
            return False
        if LIBRARY_FIRST <= day.year <= LIBRARY_LAST:
            return _of_the_library(day)
        return day.weekday() < SATURDAY

    def workday_on_or_after(self, day: date) -> date:
        """`day` itself, or the first working day after it."""
        while not self.is_workday(day):
            day += ONE_DAY
        return day

    def add_workdays(self, day: date, amount: int) -> date:
        """The `amount`-th working day after `day` (before it when negative); `day` itself does not count."""
        step = ONE_DAY if amount >= 0 else -ONE_DAY
        for _ in range(abs(amount)):
            day += step
            while not self.is_workday(day):
                day += step
        return day

    def workdays_after(self, first: date, last: date) -> int:
        """How many working days there are after `first`, up to and with `last`."""
        days = (first + timedelta(days=ahead) for ahead in range(1, (last - first).days + 1))
        return sum(self.is_workday(day) for day in days)

    @cached_property
    def digest(self) -> str:
        """Tells the notices a limit was reckoned with from those loaded later."""
        days = [
            day.isoformat() for one in (self.table.workdays, self.table.holidays) for day in (*one, date.min)
        ]
        known = [str(max(LIBRARY_LAST, self.table.published_until)), *days]
        return hashlib.sha256(" ".join(known).encode()).hexdigest()[:16]

    def opening(self, day: date) -> datetime:
        """When the office opens on `day`."""
        return datetime.combine(day, self.table.opens, SHANGHAI)

    def closing(self, day: date) -> datetime:
        """When the office closes on `day`."""
        return datetime.combine(day, self.table.closes, SHANGHAI)

    def office_hours(self, moment: datetime) -> bool:
        """Whether somebody sits in the office at `moment`."""
        here = local(moment)
        return self.is_workday(here.date()) and any(
            opens <= here.time() < closes for opens, closes in self._sessions
        )

    def next_office_moment(self, moment: datetime) -> datetime:
        """`moment` itself in office hours, else when the office opens next."""
        if self.office_hours(moment):
            return moment
        here = local(moment)
        later_today = [opens for opens, _ in self._sessions if opens > here.time()]
        if later_today and self.is_workday(here.date()):
            return datetime.combine(here.date(), later_today[0], SHANGHAI)
        return datetime.combine(self.add_workdays(here.date(), 1), self.table.opens, SHANGHAI)

    def add_office(self, moment: datetime, length: timedelta) -> datetime:
        """The moment at which `length` of office time has passed since `moment`."""
        here = local(moment)
        while length > timedelta(0):
            here = self.next_office_moment(here)
            closes = next(shuts for opens, shuts in self._sessions if opens <= here.time() < shuts)
            left = datetime.combine(here.date(), closes, SHANGHAI) - here
            here, length = here + min(left, length), length - min(left, length)
        return here

    def office_between(self, since: datetime, until: datetime) -> timedelta:
        """How much office time there is between two moments."""
        here, there = local(since), local(until)
        found, day = timedelta(0), here.date()
        while day <= there.date():
            for opens, closes in self._sessions if self.is_workday(day) else ():
                first = max(here, datetime.combine(day, opens, SHANGHAI))
                last = min(there, datetime.combine(day, closes, SHANGHAI))
                found += max(timedelta(0), last - first)
            day += ONE_DAY
        return found

    @property
    def _sessions(self) -> tuple[tuple[time, time], tuple[time, time]]:
        return (self.table.opens, self.table.noon), (self.table.afternoon, self.table.closes)


@lru_cache(maxsize=DAYS_KEPT)
def _of_the_library(day: date) -> bool:
    """Whether the notices make `day` a working day; the library goes through all its years at each question."""
    return bool(chinese_calendar.is_workday(day))
