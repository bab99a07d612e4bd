"""The day's figures and the trend on 今日: the same for all who see every unit, counted once a write, not once a look."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from collections.abc import Hashable
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import timedelta
from functools import partial
from threading import Lock
from typing import Final
from typing import Generic
from typing import TypeVar

from flow import handing_over
from flow.desk import Desk
from huanyu.types import Seer

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)

TREND: Final = 7  # days
KEPT: Final = 500  #: keys of which the last count is remembered
STALE: Final = timedelta(minutes=1)  #: PostgreSQL may show a line of the trail before one of a lower number
#: Figures of the day, by their keys in huanyu.store.queries.
NEWS: Final = {
    "posts_new": "新增帖文",
    "complaints_new": "其中投诉",
    "cases_opened": "新立案件",
    "cases_answered": "答复",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of the trend; `height` is its share of the highest day, 0–100."""

    day: date
    count: int
    height: int


@dataclass(frozen=True, slots=True)
class Counted:
    """The figures of a day, and when they were counted."""

    at: datetime
    news: Sequence[tuple[str, int]]
    trend: Sequence[Bar]


class OnceAWrite(Generic[T]):
    """What one process has counted last, good until something is written or the day is another."""

    def __init__(self, count: Callable[[Desk, datetime], T]) -> None:
        self._count = count
        self._lock = Lock()
        self._known: tuple[date, int, datetime, T] | None = None

    def of(self, desk: Desk, now: datetime) -> T:
        """As it is at the caller's look; who asks while somebody counts waits for that."""
        day, write = now.date(), desk.store.audit.last()
        with self._lock:
            known = self._known
            if known is None or known[:2] != (day, write) or abs(now - known[2]) > STALE:
                known = self._known = (day, write, now, self._count(desk, now))
            return known[3]


class OnceAWriteByEyes(Generic[K, T]):
    """The same for each of those asked for last: by all that a count depends on, the eyes it is made for among it.

    Nobody is shown what was counted for others, since whoever sees otherwise has another key.
    """

    def __init__(self, count: Callable[[K, Desk, datetime], T]) -> None:
        self._count = count
        self._lock = Lock()
        self._known: OrderedDict[K, OnceAWrite[T]] = OrderedDict()

    def of(self, key: K, desk: Desk, now: datetime) -> T:
        """As `OnceAWrite.of`."""
        with self._lock:
            found = self._known.pop(key, None) or OnceAWrite(partial(self._count, key))
            self._known[key] = found
            if len(self._known) > KEPT:
                self._known.popitem(last=False)
        return found.of(desk, now)


class DayFigures:
    """What of 今日 need not be counted at every look: it is the same whoever looks, or for the same eyes."""

    def __init__(self) -> None:
        self._day = OnceAWrite(_counted)
        self._lost = OnceAWrite(_lost)
        self._lost_of = OnceAWriteByEyes(self._count_lost)
        self._overdue = OnceAWriteByEyes(_overdue)

    def of(self, desk: Desk, now: datetime) -> Counted:
        """The day so far and its trend."""
        return self._day.of(desk, now)

    def lost(self, desk: Desk, now: datetime, seer: Seer) -> int:
        """How many hand-overs have reached nobody, of cases this person may see."""
        return self._lost_of.of(seer, desk, now)

    def overdue(self, desk: Desk, now: datetime, seer: Seer) -> int:
        """How many cases this person may see have a limit that is over; as of the last minute."""
        return self._overdue.of(seer, desk, now)

    def _count_lost(self, seer: Seer, desk: Desk, now: datetime) -> int:
        found = self._lost.of(desk, now)
        return desk.store.hand_overs.count_visible(found, seer) if found else 0


def _counted(desk: Desk, now: datetime) -> Counted:
    day = now.date()
    return Counted(now, _news(desk, day), _trend(desk, day))


def _overdue(seer: Seer, desk: Desk, now: datetime) -> int:
    return desk.store.limits.overdue(now, seer=seer)


def _lost(desk: Desk, now: datetime) -> tuple[int, ...]:
    return tuple(one.assignment.id for one in handing_over.unreached(desk, now))


def _news(desk: Desk, day: date) -> list[tuple[str, int]]:
    """The day's figures so far."""
    return [(label, desk.store.figures.recompute(key, day)) for key, label in NEWS.items()]


def _trend(desk: Desk, day: date) -> list[Bar]:
    """Complaints of the last days, oldest first."""
    days = [day - timedelta(days=back) for back in reversed(range(TREND))]
    counts = [desk.store.figures.recompute("complaints_new", one) for one in days]
    highest = max(counts) or 1
    return [Bar(one, count, round(100 * count / highest)) for one, count in zip(days, counts, strict=True)]
