"""The day's figures and the trend on 今日: the same for all who see every unit, counted once a write, not once a look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import timedelta
from threading import Lock
from typing import Final

from flow.desk import Desk

TREND: Final = 7  # days
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
    """What was counted, of which day, at which line of the trail and when."""

    day: date
    write: int
    at: datetime
    news: Sequence[tuple[str, int]]
    trend: Sequence[Bar]


class DayFigures:
    """What one process has counted last."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: Counted | None = None

    def of(self, desk: Desk, now: datetime) -> Counted:
        """As they are at the caller's look; who asks while somebody counts waits for that."""
        day, write = now.date(), desk.store.audit.last()
        with self._lock:
            known = self._known
            if known is None or (known.day, known.write) != (day, write) or abs(now - known.at) > STALE:
                known = self._known = Counted(day, write, now, _news(desk, day), _trend(desk, day))
            return known


def _news(desk: Desk, day: date) -> list[tuple[str, int]]:
    """The day's figures so far."""
    return [(label, desk.store.figures.recompute(key, day)) for key, label in NEWS.items()]


def _trend(desk: Desk, day: date) -> list[Bar]:
    """Complaints of the last days, oldest first."""
    days = [day - timedelta(days=back) for back in reversed(range(TREND))]
    counts = [desk.store.figures.recompute("complaints_new", one) for one in days]
    highest = max(counts) or 1
    return [Bar(one, count, round(100 * count / highest)) for one, count in zip(days, counts, strict=True)]
