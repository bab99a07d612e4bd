"""Bulletins that come by themselves: each finished period by its set time, missed ones caught up, urgent matters at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from datetime import datetime
from datetime import timedelta
from functools import partial

import bulletins.compile
from flow import corrected
from flow import issues
from flow.batch import each
from flow.desk import Desk
from huanyu.periods import Period
from huanyu.series import SeriesRow
from huanyu.types import Case
from huanyu.types import StoredBulletin

DAILY = "daily"


def bulletin(desk: Desk, now: datetime) -> int:
    """Finish what a crash cut off, then compile every finished period that has no bulletin yet."""
    made = issues.finish(desk, now) + corrected.finish(desk, now)
    for series, period in due(desk, now):
        made += issues.issue(desk, issues.subject(desk, series.key, period.last), now) is not None
    return made


def due(desk: Desk, now: datetime) -> list[tuple[SeriesRow, Period]]:
    """Finished periods of every series that comes by itself, without a bulletin, oldest first in each series."""
    begun = desk.store.posts.begun_on()  # what was said before the desk began is no missed morning
    if begun is None:
        return []
    since = {"": begun, "ledger": desk.store.ledger.begun_on()}
    return [
        (series, period)
        for series in desk.bureau.bulletins
        if series.compiled == "by_itself" and (first := since[series.about]) is not None
        for period in _finished(desk, series, now)
        if period.last >= max(begun, first) and not desk.store.bulletins.has(series.key, period.last)
    ]


def _finished(desk: Desk, series: SeriesRow, now: datetime) -> list[Period]:
    """Periods of which a bulletin may be had by now, as many as are caught up, oldest first."""
    found: list[Period] = []
    for period in _back(series, now.date()):
        if len(found) == series.catch_up:
            break
        set_day = period.last + timedelta(days=series.after_days)
        if (now.date(), now.time()) >= (set_day, series.at or desk.bureau.bureau.bulletin_time):
            found.insert(0, period)
    return found


def _back(series: SeriesRow, today: date) -> Iterator[Period]:
    period = Period.holding(series.span, today)
    while True:
        period = period.before()
        yield period


def days_due(desk: Desk, now: datetime) -> list[date]:
    """Finished days without a bulletin, oldest first; yesterday's is due at the bureau's set time."""
    return [period.last for series, period in due(desk, now) if series.key == DAILY]


def compile_day(desk: Desk, day: date, now: datetime) -> StoredBulletin | None:
    """Compile, render and issue the bulletin of one day; None when it is issued already."""
    return issues.issue(desk, issues.subject(desk, DAILY, day), now)


def flash(desk: Desk, now: datetime) -> int:
    """快报: one for each new case that a series' table calls grave enough, once, minutes after it was opened."""
    wanted = [series for series in desk.bureau.bulletins if series.compiled == "by_trigger"]
    made = 0
    for series in wanted:
        since = now - timedelta(hours=series.within)
        found = desk.store.writing.calling(series.key, series.levels, series.urgent, since)
        made += each("flash", found, partial(_flash, desk, series, now))
    return made


def _flash(desk: Desk, series: SeriesRow, now: datetime, case: Case) -> None:
    scope = f"{issues.CASE}:{case.id}"
    issues.issue(desk, issues.subject(desk, series.key, now.date(), scope), now)


def verify(desk: Desk, bulletin_id: int) -> list[str]:
    """Recompute every figure of an issued bulletin; returns one Chinese line per figure that differs."""
    made = desk.store.bulletins.get(bulletin_id).bulletin
    return bulletins.compile.differences(made, issues.recount(desk, made)) if made.figures else []
