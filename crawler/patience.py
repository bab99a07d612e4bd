"""How long a visit may last, how far back it looks and how often it tries again: what all our spiders share.

Pure: a source's row in, numbers out. How close requests may follow each other is the business of `crawler.manners`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from crawler import manners
from huanyu.bureau import SourceRow

VISIT = timedelta(minutes=20)  # well within the half hour after which a visit is stopped and its cursor lost
HISTORY = timedelta(
    days=90
)  # a list that is new to the desk is read so far back, over as many visits as it takes
LATER = -1  # priority of what earlier visits left: what is new comes first
TRIES = 5  # visits that try what cannot be read, while the site itself answers


def requests(source: SourceRow, delays: Iterable[float] = ()) -> int:
    """How many requests a visit may plan: what fits into VISIT, and half of what is plainly wrong."""
    gap = max([source.pace, *delays]) / (1 - manners.JITTER)
    most = manners.most_requests(source) // 2
    return min(most, int(VISIT.total_seconds() / gap)) if gap else most
