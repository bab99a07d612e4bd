"""How we behave on somebody else's site, as Scrapy settings for one source.

Pure: the source's row in, settings out. What a site answers to bad manners is in `crawler.walls`.
"""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta
from email.utils import parsedate_to_datetime

from huanyu.bureau import BureauRow
from huanyu.bureau import SourceRow

JITTER = 0.15  # share; a machine's even beat is rude to no one, but it makes all desks of a province meet
IN_PROCESS = timedelta(seconds=60)  # a longer Retry-After ends the visit instead of keeping a process asleep
LONGEST = timedelta(hours=24)  # a site that says "next year" is asked again tomorrow
OFFICIAL = frozenset(
    {"", "mentions"}
)  #: modes of the open platform, used under its own terms with the account's token


def needs_permission(source: SourceRow) -> bool:
    """Weibo's own pages are closed by robots.txt; only the open platform may be read without a written permission."""
    return source.spider == "weibo" and source.mode not in OFFICIAL and not source.permission


def obeys_robots(source: SourceRow) -> bool:
    """robots.txt speaks of pages, not of an API whose owner gave us a token."""
    return not source.permission and not (source.spider == "weibo" and source.mode in OFFICIAL)


def settings(source: SourceRow, bureau: BureauRow, contact: str, version: str) -> dict[str, object]:
    """Scrapy settings of one source: its pace is the shortest gap, never the average."""
    return {
        "DOWNLOAD_DELAY": source.pace / (1 - JITTER),
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
