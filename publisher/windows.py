"""When a text of a class may leave: quiet hours and days of mourning, minute by minute.

Pure: values in, values out. Knows neither the store nor a clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from typing import Final

from huanyu import clock
from huanyu.errors import ConfigError
from huanyu.publishing_rows import MourningRow
from huanyu.publishing_rows import PublishingTable
from huanyu.publishing_rows import QuietRow

_DAY: Final = timedelta(days=1)
_FAR: Final = 800  # changes of window looked through: more than a year of nights and mourning days


@dataclass(frozen=True, slots=True)
class Closed:
    """A window in which a text stays back."""

    until: datetime
    why: str  #: Chinese


def closed(moment: datetime, content_class: str, table: PublishingTable) -> Closed | None:
    """The window that keeps a text of this class back at `moment`; the one that lasts longest, if there are several."""
    found = [*_mourning(moment, content_class, table), *_quiet(moment, content_class, table)]
    return max(found, key=lambda one: one.until, default=None)


def next_allowed(moment: datetime, content_class: str, table: PublishingTable) -> datetime:
    """The first minute from `moment` on at which a text of this class may leave; `moment` itself where it may now.

    Raises ConfigError where the windows leave no such minute.
    """
    for _ in range(_FAR):
        window = closed(moment, content_class, table)
        if window is None:
            return moment
        moment = window.until
    raise ConfigError("publishing.toml: 静默时段和哀悼日首尾相接，没有可以发布的时间")


def _mourning(moment: datetime, content_class: str, table: PublishingTable) -> Iterator[Closed]:
    day = clock.local(moment).date()
    for row in table.mourning:
        if content_class in row.classes and row.covers(day):
            yield Closed(_midnight(_after(row, day)), row.name)


def _after(row: MourningRow, day: date) -> date:
    """The first day after the run of days that `day` belongs to."""
    return next(following for n in range(1, _FAR) if not row.covers(following := day + n * _DAY))


def _quiet(moment: datetime, content_class: str, table: PublishingTable) -> Iterator[Closed]:
    local = clock.local(moment)
    for row in table.quiet:
        if content_class in row.classes and _within(local.time(), row):
            ends = local.date() if local.time() < row.until else local.date() + _DAY
            name = f"{row.why or '静默时段'}（{row.since:%H:%M}—{row.until:%H:%M}）"
            yield Closed(datetime.combine(ends, row.until, clock.SHANGHAI), name)


def _within(at: time, row: QuietRow) -> bool:
    if row.since < row.until:
        return row.since <= at < row.until
    return at >= row.since or at < row.until


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), clock.SHANGHAI)
