"""How we behave on somebody else's site, as Scrapy settings for one source.

Pure: the source's row in, settings out. What a site answers to bad manners is in `crawler.walls`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from datetime import timedelta
from email.utils import parsedate_to_datetime

from crawler import addresses
from huanyu.bureau import BureauRow
from huanyu.bureau import SourceRow

JITTER = 0.15  # share; a machine's even beat is rude to no one, but it makes all desks of a province meet
IN_PROCESS = timedelta(seconds=60)  # a longer Retry-After ends the visit instead of keeping a process asleep
LONGEST = timedelta(hours=24)  # a site that says "next year" is asked again tomorrow
ITEMS = 60  # items on one page of a list, generously
GUARD = 5.0  # seconds of the pace that Scrapy itself waits; it cannot be told to stop waiting
LEAST = 200  # requests any visit may make
OFFICIAL = frozenset(
    {"", "mentions"}
)  #: modes of the open platform, used under its own terms with the account's token


def needs_permission(source: SourceRow) -> bool:
    """Weibo's own pages and Tieba are closed by robots.txt; only the open platform needs no written permission."""
    closed = source.spider == "tieba" or (source.spider == "weibo" and source.mode not in OFFICIAL)
    return closed and not source.permission


def obeys_robots(source: SourceRow) -> bool:
    """robots.txt speaks of pages, not of an API whose owner gave us a token."""
    return not source.permission and not (source.spider == "weibo" and source.mode in OFFICIAL)


def sites(source: SourceRow) -> frozenset[str]:
    """The sites a source reads; of one without an address (a platform's own) the platform stands for them."""
    found = {addresses.site(url) for url in (source.base_url, *source.urls)} - {""}
    return frozenset(found or {source.spider})


def pace(source: SourceRow, others: Iterable[SourceRow], site: str) -> float:
    """Seconds between two requests to `site`: the slowest wish of the sources that are read there."""
    where = site if site in sites(source) else source.spider
    beside = [row.pace for row in others if row.enabled and sites(row) & {site, where}]
    return max([source.pace, *beside])


def most_requests(source: SourceRow) -> int:
    """How many requests one visit may make before something must be wrong: every list, every item, every page."""
    starts = sum(map(len, (source.boards, source.urls, source.accounts, source.watch)))
    starts += len(source.keywords) * max(1, len(source.places))
    return LEAST + max(1, starts) * source.max_pages * (1 + ITEMS * source.max_pages)


def settings(source: SourceRow, bureau: BureauRow, contact: str, version: str) -> dict[str, object]:
    """Scrapy settings of one source: its pace is the shortest gap, never the average.

    Scrapy's own delay is the guard inside one process; the whole pace is kept by `crawler.pacing`, whose waits end
    when the visit is told to.
    """
    return {
        "DOWNLOAD_DELAY": min(source.pace, GUARD) / (1 - JITTER),
        "DOWNLOAD_DELAY_JITTER": JITTER,
        "ROBOTSTXT_OBEY": obeys_robots(source),
        "USER_AGENT": user_agent(bureau, contact, version),
    }


def user_agent(bureau: BureauRow, contact: str, version: str) -> str:
    """Who we are and whom to call, in ASCII because headers are."""
    told = contact or f"{bureau.public_url}; tel {bureau.phone}"
    return f"Huanyu/{version} (+{told.encode('ascii', 'ignore').decode().strip()})"


def retry_after(header: str, now: datetime) -> timedelta | None:
    """Seconds or a date, at most a day; None when there is none to read."""
    if header.strip().isdigit():
        return min(timedelta(seconds=int(header.strip()[:9])), LONGEST)
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return None
    if until.tzinfo is None:
        return None
    return min(max(until - now, timedelta()), LONGEST)
