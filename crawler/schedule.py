"""When a source is visited next: sooner after news, later after none, ever later while it fails, never in quiet hours.

Pure: the source's row, its state before and what the visit gave come in, the next moment goes out.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta

from crawler import health
from huanyu.bureau import SourceRow
from huanyu.clock import local
from huanyu.types import SourceState

SHUT = frozenset(
    {"login_needed", "robots_closed"}
)  #: only a person or the site can open them: looked at rarely
FAILED = SHUT | {"failing", "wall"}
SLACK = 1.5  # times the last interval after a visit without news
JITTER = 0.1  # share of the interval, so that desks and sources do not meet at the full hour


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """What is kept of the plan for a source."""

    interval: int  #: seconds, before jitter, quiet hours and what the site asked for
    next_at: datetime
    failures: int


def following(
    source: SourceRow,
    before: SourceState | None,
    state: str,
    new: int,
    pages: int,
    now: datetime,
    *,
    refused: bool = False,
    not_before: datetime | None = None,
) -> Next:
    """The plan after a visit that left the source in `state`; `refused` = the site told us to stop.

    `not_before` is the site's own wish (Retry-After); it is never cut short.
    """
    went_wrong = state in FAILED or refused or not pages
    failures = (before.failures if before else 0) + 1 if went_wrong else 0
    seconds = backed_off(source, before, state) if went_wrong else adapted(source, before, new)
    moment = now + timedelta(seconds=jittered(source, seconds, now))
    moment = max(moment, not_before) if not_before else moment
    return Next(interval=seconds, next_at=awake(source, moment), failures=failures)


def adapted(source: SourceRow, before: SourceState | None, new: int) -> int:
    """The interval that would have brought about one new item, between the floor and the cap."""
    last = source.every if before and before.failures else last_interval(source, before)
    if new:
        return max(source.every, round(last / (1 + new)))
    return min(cap(source), round(last * SLACK))


def backed_off(source: SourceRow, before: SourceState | None, state: str) -> int:
    """Twice the interval for each failure in a row, up to the cap; the cap at once where asking again helps nobody."""
    if state in SHUT:
        return cap(source)
    return min(cap(source), 2 * last_interval(source, before))


def last_interval(source: SourceRow, before: SourceState | None) -> int:
    """The last one, within today's limits: the operator may have changed them."""
    if before is None or not before.interval:
        return source.every
    return min(max(before.interval, source.every), cap(source))


def cap(source: SourceRow) -> int:
    return max(source.every, source.every_most)


def jittered(source: SourceRow, seconds: int, now: datetime) -> float:
    """The interval somewhat longer, at the cap somewhat shorter, never outside floor and cap."""
    later = seconds * (1 + JITTER * chance(source.key, now))
    if later <= cap(source):
        return later
    return max(float(source.every), seconds * (1 - JITTER * chance(source.key, now)))


def chance(key: str, now: datetime) -> float:
    """A share of one that looks random, and is the same when it is asked again."""
    return zlib.crc32(f"{key} {now.isoformat()}".encode()) / 2**32


def awake(source: SourceRow, moment: datetime) -> datetime:
    """The moment itself, or the end of the quiet hours it falls into, spread a little."""
    ends = source.quiet_to
    if ends is None or not is_quiet(source, moment):
        return moment
    here = local(moment)
    end = here.replace(hour=ends.hour, minute=ends.minute, second=ends.second, microsecond=0)
    end += timedelta(days=1) if end <= here else timedelta()
    return end + timedelta(seconds=source.every * JITTER * chance(source.key, moment))


def is_quiet(source: SourceRow, moment: datetime) -> bool:
    """Whether nobody is to be visited now: from `quiet_from` until before `quiet_to`, over midnight where it is earlier."""
    begins, ends = source.quiet_from, source.quiet_to
    if begins is None or ends is None or begins == ends:
        return False
    at = local(moment).time()
    return begins <= at < ends if begins < ends else at >= begins or at < ends


def is_due(source: SourceRow, state: SourceState | None, now: datetime, changed: bool = False) -> bool:
    """Whether a source should be visited now; one whose row was `changed` since need only keep to the floor."""
    if is_quiet(source, now):
        return False
    if state is None:
        return True
    last = state.last_try or state.last_ok or state.since
    if last > now:  # the clock was set back: what was planned by the other one means nothing
        return True
    wait = source.every if changed or state.next_at is None else cap(source)
    latest = last + timedelta(seconds=wait)
    return now >= min(state.next_at or latest, latest) and not health.resting(state, now)
