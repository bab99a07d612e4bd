"""How many messages may leave in a time, planned before a time is promised.

Pure: the rows of publishing.toml and when messages left go in, the next free moment comes out.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from huanyu import clock
from huanyu.publishing_rows import QuotaRow

#: A sliding time; a day and a month are the calendar's, as the platforms count them.
SLIDING: Final[Mapping[str, timedelta]] = MappingProxyType(
    {"minute": timedelta(minutes=1), "10minutes": timedelta(minutes=10), "hour": timedelta(hours=1)}
)
SPAN: Final[Mapping[str, str]] = MappingProxyType(
    {"minute": "每分钟", "10minutes": "每10分钟", "hour": "每小时", "day": "每天", "month": "每月"}
)
LONGEST: Final = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Free:
    """When the quotas let the next message leave, and which of them holds it back until then."""

    at: datetime
    why: str = ""  #: Chinese; "" where nothing holds it back


@dataclass(frozen=True, slots=True)
class Used:
    """How far one quota is used up."""

    row: QuotaRow
    count: int

    @property
    def is_full(self) -> bool:
        return self.count >= self.row.count

    @property
    def told(self) -> str:
        """每10分钟 3/5."""
        return f"{SPAN[self.row.per]} {self.count}/{self.row.count}"


def of(rows: Iterable[QuotaRow], account: str, channel: str) -> tuple[QuotaRow, ...]:
    """The quotas of one account: its own, and those of its channel."""
    return tuple(row for row in rows if row.account == account or (row.channel and row.channel == channel))


def begins(row: QuotaRow, now: datetime) -> datetime:
    """Messages that left after this moment count against the quota."""
    if row.per in SLIDING:
        return now - SLIDING[row.per]
    midnight = clock.local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    start = midnight if row.per == "day" else midnight.replace(day=1)
    return start - timedelta(microseconds=1)  # what left exactly then belongs to the new day


def ends(row: QuotaRow, left: datetime) -> datetime:
    """When a message that left at `left` counts no more."""
    if row.per in SLIDING:
        return left + SLIDING[row.per]
    midnight = clock.local(left).replace(hour=0, minute=0, second=0, microsecond=0)
    if row.per == "day":
        return midnight + timedelta(days=1)
    return (midnight.replace(day=1) + timedelta(days=32)).replace(day=1)


def next_free(rows: Iterable[QuotaRow], left: Sequence[datetime], now: datetime) -> Free:
    """The first moment from `now` on at which no quota is full; `left`: earlier departures and planned ones, in order."""
    free, moving = Free(now), True
    held = tuple(rows)
    while moving:
        moving = False
        for row in held:
            begun = begins(row, free.at)
            first, last = bisect_right(left, begun), bisect_right(left, free.at)
            if last - first >= row.count:
                until = ends(row, left[last - row.count])
                free, moving = Free(until, row.why or f"{SPAN[row.per]}至多 {row.count} 条"), True
    return free


def used(rows: Iterable[QuotaRow], left: Sequence[datetime], now: datetime) -> list[Used]:
    """How far each quota is used up now."""
    return [Used(row, sum(begins(row, now) < moment <= now for moment in left)) for row in rows]


def room(rows: Iterable[QuotaRow], now: datetime) -> tuple[tuple[datetime, int], ...]:
    """The same quotas as the store counts them in the moment of a claim: since when, at most how many."""
    return tuple((begins(row, now), row.count) for row in rows)
