"""The hot topics of a period, for the console, the command line and the bulletin: one function, one table of weights."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta

import cases.topics
from flow.desk import Desk
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput
from huanyu.types import Search
from huanyu.types import Topic

LONGEST = 366  #: days
YEARS = range(2000, 3000)  #: a year outside is a slip of the pen, and beyond what dates can hold


def topics(desk: Desk, since: date, until: date) -> tuple[Topic, ...]:
    """The topics of the days from `since` to `until`, both included, as known today; raises BadInput."""
    if since.year not in YEARS or until.year not in YEARS:
        raise BadInput(f"日期应在 {YEARS[0]} 年至 {YEARS[-1]} 年之间")
    if until < since:
        raise BadInput("结束日期早于开始日期")
    if (until - since).days >= LONGEST:
        raise BadInput(f"时段过长，最多 {LONGEST} 天")
    return _found(desk, _start(since), _start(until + timedelta(days=1)), None, lasting=False)


def of_days(
    desk: Desk, first: date, last: date, seen: datetime, search: Search | None = None
) -> tuple[Topic, ...]:
    """The topics a bulletin tells of: as known at `seen`, by what does not go on changing afterwards."""
    return _found(desk, _start(first), _start(last + timedelta(days=1)), seen, lasting=True, search=search)


def _found(
    desk: Desk,
    start: datetime,
    end: datetime,
    seen: datetime | None,
    lasting: bool,
    search: Search | None = None,
) -> tuple[Topic, ...]:
    rows = [row for row in desk.bureau.heat if row.lasting or not lasting]
    names = {row.name for row in desk.bureau.enterprises}
    posts = desk.store.topics.posts(start - (end - start), end, seen, search)
    return cases.topics.topics(posts, start, end, rows, names)


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
