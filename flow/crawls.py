"""When each source is read: one child process per crawl, never two of one source or of one site at a time."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Iterable
from dataclasses import asdict
from dataclasses import replace
from datetime import datetime
from threading import Event

from crawler import manners
from crawler import schedule
from crawler.report import CrawlReport
from crawler.run import crawl
from flow.desk import Desk
from huanyu import clock
from huanyu.bureau import SourceRow
from huanyu.types import SourceState
from huanyu.types import Visited

LONGEST = 1800.0  # seconds; a polite crawl of a large board at 5 s a page


def readable(desk: Desk) -> tuple[SourceRow, ...]:
    """Sources a spider can read, in the order of the table."""
    return tuple(row for row in desk.bureau.sources if may_be_read(row))


def may_be_read(row: SourceRow) -> bool:
    return row.enabled and row.spider not in {"import", "mailbox"}


def due(
    desk: Desk,
    rows: Iterable[SourceRow],
    now: datetime,
    reading: Collection[str] = (),
    changed: Collection[str] = (),
) -> list[SourceRow]:
    """Which of `rows` to visit now, the longest waiting first: none that is paused, quiet, or shares a site.

    `reading` are those being visited, `changed` those whose row is another than at their last visit.
    """
    rows = [row for row in rows if may_be_read(row)]
    states = {state.source: state for state in desk.store.sources.states()}
    idle = set(desk.store.sources.paused()) | set(reading)
    waiting = [
        row
        for row in rows
        if row.key not in idle and schedule.is_due(row, states.get(row.key), now, row.key in changed)
    ]
    waiting.sort(key=lambda row: planned(states.get(row.key)))
    taken = {site for row in rows if row.key in reading for site in manners.sites(row)}
    chosen: list[SourceRow] = []
    for row in waiting:
        if not taken & manners.sites(row):
            taken |= manners.sites(row)
            chosen.append(row)
    return chosen


def planned(state: SourceState | None) -> float:
    """For sorting: when a source should have been visited; one never visited comes first."""
    return state.next_at.timestamp() if state and state.next_at else 0.0


def read(
    desk: Desk,
    key: str,
    at: datetime | None = None,
    ending: Event | None = None,
    row: SourceRow | None = None,
) -> CrawlReport:
    """Read one source in a child process and wait for it, or until `ending`; `at` is for rehearsing past days.

    `row` is the source's where the table has changed since the desk was opened.
    """
    report = crawl(key, desk.config.path, timeout=LONGEST, at=at, ending=ending)
    row = row or desk.bureau.source(key)
    told_to_end = (
        ending is not None and ending.is_set()
    )  # what we killed ourselves says nothing of the source
    if report.crashed and row is not None and not told_to_end:
        record(desk, row, report, at or clock.now())
    return report


def record(desk: Desk, row: SourceRow, report: CrawlReport, now: datetime) -> None:
    """Keep a visit that died before it could say so itself: the cursor stays, the next one waits longer."""
    before = desk.store.sources.state(row.key)
    state = before or SourceState(source=row.key, state="", since=now, sentence="")
    plan = schedule.following(row, before, report.state, 0, 0, now)
    state = replace(
        state,
        state=report.state,
        since=state.since if state.state == report.state else now,
        sentence=report.sentence,
        last_new=0,
        last_try=now,
        **asdict(plan),
    )
    desk.store.sources.save_state(state, now)
    told = asdict(report)
    del told["crashed"]
    desk.store.sources.add_visit(Visited(at=now, **told), now)
