"""How long a source may be quiet before that is an alarm: learned from its own past, at a stated rate of false alarms.

Pure: counts per hour in, a judgement out. A quiet stretch is measured in the items that usually come in its hours, so
that a night and a Sunday weigh little. Looking often costs nothing: each stretch, however often it is looked at,
either passes the limit or does not, and the limit is set by how many stretches a year has and how long the longest
ones of the past were. Knows neither store nor walls.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta

from huanyu.clock import local
from huanyu.types import Rhythm

FALSE_ALARMS_PER_YEAR = 1.0  # of one source; the test over synthetic years measures it
AIM = 0.1  # what the limit is set for: the rest is for holidays and for quiet weeks, which eight weeks hardly show

HOUR = timedelta(hours=1)
DAY, WEEK = 24, 168  # hours
WEEKS_A_YEAR = 365.25 / 7
LEAST_WEEKS = 2  # of history; with less a person's figure is better
LEAST_GAPS = 20
TAIL = 0.15  # share of the quiet stretches that count as long
TAIL_LEAST, TAIL_MOST = 8, 20
PRIOR_WEEKS = 6.0  # what "this hour of the day, this day of the week" weighs against the cell itself
PRIOR_ITEMS = 24.0  # what the usual day and night weighs against the source's own
LEAST_SHARE = 0.4  # of a usual day: on a holiday a lively source brings less than half, and is not dead
GUESS = 6.0  # shape of a person's figure: it may well be off by 40 %
DEATH = 2.0  # a stretch so many times its own limit was a dead source and teaches nothing
#: Share of a day's items by hour where a source has not shown its own yet: few at night, most before and after work.
USUAL_DAY = tuple(
    share / 100
    for share in (2, 1, 0.6, 0.4, 0.4, 0.6, 2, 4, 6, 6.5, 6.5, 6, 5, 4.5, 5, 5.5, 5.5, 5.5, 5, 5.5, 6.5, 7, 5.5, 3.5)
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """What is usual at one source."""

    expected: tuple[float, ...]  #: items in each hour of the week, from Monday 00:00
    limit: float  #: so many usual items without one coming is an alarm


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """A stretch without anything new, against what is usual."""

    expected: float  #: items that usually come in such a stretch
    limit: float

    @property
    def is_alarm(self) -> bool:
        return self.expected >= self.limit


def quiet(usual: Usual | None, since: datetime, until: datetime) -> Quiet | None:
    """The stretch from `since` to `until`; None where nothing is known to judge it by."""
    if usual is None:
        return None
    return Quiet(expected=expected(usual.expected, local(since), local(until)), limit=usual.limit)


def usual(rhythm: Rhythm | None, expect_per_day: float | None) -> Usual | None:
    """From the source's own history; where that is too short from a person's figure; None without either."""
    learned = learn(rhythm.counts, _hour_of_week(rhythm.start)) if rhythm and rhythm.counts else None
    if learned is None and expect_per_day:
        return guess(expect_per_day)
    return learned


def guess(expect_per_day: float) -> Usual:
    """A person's figure with the usual day and night; the figure is uncertain, and the limit allows for that.

    A year has no more quiet stretches than items; one of m expected items stays empty with the chance
    (1 + m/k)^-k where the true rate is gamma distributed around the figure with shape k.
    """
    week = tuple(expect_per_day * USUAL_DAY[hour % DAY] for hour in range(WEEK))
    stretches = max(expect_per_day * 365.25, 1.0)
    return Usual(expected=week, limit=GUESS * ((stretches / AIM) ** (1 / GUESS) - 1))


def learn(counts: Sequence[int], first: int) -> Usual | None:
    """What is usual after these hours, whose first is the hour `first` of a week; None where they tell too little."""
    weeks = len(counts) // WEEK
    if weeks < LEAST_WEEKS:
        return None
    spare = len(counts) % WEEK
    counts, first = counts[spare:], (first + spare) % WEEK
    rotated = [counts[start : start + WEEK] for start in range(0, len(counts), WEEK)]
    # Each week is measured by what the others say, as the coming one will be: that prices in a poor estimate.
    measure = [
        hourly([week for other, week in enumerate(rotated) if other != n], first) for n in range(weeks)
    ]
    gaps = stretches(counts, [rate for week in measure for rate in week])
    limit = _limit(gaps, weeks)
    if limit is None:
        return None
    expected = hourly(rotated, first)
    turned = tuple(expected[(hour - first) % WEEK] for hour in range(WEEK))
    return Usual(expected=turned, limit=max(limit, LEAST_SHARE * sum(counts) / (7 * weeks)))


def hourly(weeks: Sequence[Sequence[int]], first: int) -> list[float]:
    """Expected items in each hour of a week that begins with hour `first`.

    The hour itself, drawn towards what its hour of the day and its day of the week say together.
    """
    total = sum(map(sum, weeks))
    hours = [(first + n) % WEEK for n in range(WEEK)]
    of_hour, of_day = [0.0] * DAY, [0.0] * 7
    seen = [sum(week[n] for week in weeks) for n in range(WEEK)]
    for n, hour in enumerate(hours):
        of_hour[hour % DAY] += seen[n]
        of_day[hour // DAY] += seen[n]
    shape = [(of_hour[h] + PRIOR_ITEMS * USUAL_DAY[h]) / (total + PRIOR_ITEMS) for h in range(DAY)]
    days = [7 * (of_day[d] + PRIOR_ITEMS / 7) / (total + PRIOR_ITEMS) for d in range(7)]
    level = total / (7 * len(weeks))  # a day
    prior = [level * days[hour // DAY] * shape[hour % DAY] for hour in hours]
    return [(seen[n] + PRIOR_WEEKS * prior[n]) / (len(weeks) + PRIOR_WEEKS) for n in range(WEEK)]


def stretches(counts: Sequence[int], rates: Sequence[float]) -> list[float]:
    """The quiet stretches between hours with items, each in usual items."""
    found: list[float] = []
    quiet_for: float | None = None  # before the first item nobody knows how long it was quiet
    for count, rate in zip(counts, rates, strict=True):
        if not count:
            quiet_for = None if quiet_for is None else quiet_for + rate
            continue
        if quiet_for is not None:
            found.append(quiet_for + rate / 2)
        quiet_for = rate / 2
    return found


def _limit(gaps: Sequence[float], weeks: int) -> float | None:
    """The length only AIM stretches a year will pass; a death in the past is left out first."""
    kept = sorted(gaps)
    while len(kept) >= LEAST_GAPS:
        limit = _tail_limit(kept, weeks)
        without = _tail_limit(kept[:-1], weeks)
        if kept[-1] < DEATH * without:
            return limit
        kept.pop()
    return None


def _tail_limit(gaps: Sequence[float], weeks: int) -> float:
    """Beyond the k-th longest stretch lengths fall off exponentially at a rate known from k excesses only.

    So the next excess x is passed with the chance (1 + x/S)^-k, S their sum; and no stretch of a Poisson process
    is judged more strictly than its own law allows.
    """
    tail = max(TAIL_LEAST, min(TAIL_MOST, int(TAIL * len(gaps))))
    tail = min(tail, len(gaps) - 1)
    base = gaps[-tail - 1]
    excess = math.fsum(gap - base for gap in gaps[-tail:])
    a_year = WEEKS_A_YEAR / weeks
    beyond = excess * (math.pow(max(tail * a_year / AIM, 1.0), 1 / tail) - 1)
    return max(base + beyond, math.log(len(gaps) * a_year / AIM))


def expected(week: Sequence[float], since: datetime, until: datetime) -> float:
    """Usual items between two moments of Asia/Shanghai."""
    whole, rest = divmod(max(until - since, timedelta()), timedelta(weeks=1))
    return whole * sum(week) + sum(week[hour] * share for hour, share in _shares(since, since + rest))


def _shares(since: datetime, until: datetime) -> Iterator[tuple[int, float]]:
    """The hours of the week a span touches, with the part of each it covers."""
    at = since
    while at < until:
        end = min(at.replace(minute=0, second=0, microsecond=0) + HOUR, until)
        yield _hour_of_week(at), (end - at) / HOUR
        at = end


def _hour_of_week(moment: datetime) -> int:
    at = local(moment)
    return at.weekday() * DAY + at.hour
