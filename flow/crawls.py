"""When each source is read: one child process per crawl, never two of one source at a time."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta
from threading import Event

from crawler.report import CrawlReport
from crawler.run import crawl
from flow.desk import Desk
from huanyu.bureau import SourceRow

LONGEST = 1800.0  # seconds; a polite crawl of a large board at 5 s a page


def readable(desk: Desk) -> tuple[SourceRow, ...]:
    """Sources a spider can read, in the order of the table."""
    return tuple(row for row in desk.bureau.sources if row.enabled and row.spider != "import")


def due(desk: Desk, now: datetime, started: dict[str, datetime]) -> list[SourceRow]:
    """Sources whose poll interval is over; `started` holds when each was last begun."""
    return [
        row
        for row in readable(desk)
        if row.key not in started or now - started[row.key] >= timedelta(seconds=row.every)
    ]


def read(desk: Desk, key: str, at: datetime | None = None, ending: Event | None = None) -> CrawlReport:
    """Read one source in a child process and wait for it, or until `ending`; `at` is for rehearsing past days."""
    return crawl(key, desk.config.path, timeout=LONGEST, at=at, ending=ending)
