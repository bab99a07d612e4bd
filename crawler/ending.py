"""What a visit leaves behind when it ends: the source's state and plan, a line in the log of visits, looks at probes.

Knows the store and what was counted, not how items got there. Judging is in `crawler.health`, planning in
`crawler.schedule`.
"""

from __future__ import annotations

from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime

from crawler import health
from crawler import rhythm
from crawler import schedule
from crawler.health import Visit
from crawler.report import CrawlReport
from crawler.rhythm import Usual
from crawler.source_spider import SourceSpider
from huanyu.bureau import SourceRow
from huanyu.clock import local
from huanyu.store import Store
from huanyu.types import SourceState
from huanyu.types import Visited


@dataclass(slots=True)
class Counts:
    """What was stored so far."""

    new: int = 0
    seen: int = 0
    changed: int = 0
    rejects: int = 0
    first_seen: int = 0  #: items this source had not shown before, though another may have


def save(
    store: Store,
    spider: SourceSpider,
    before: SourceState | None,
    counts: Counts,
    *,
    whole: bool,
    forbidden: int,
    seconds: float,
) -> CrawlReport:
    """Judge the visit and keep what came of it; `whole` = read and stored to its end."""
    now, finished = spider.now(), whole and spider.pages > 0
    visit = seen_as(spider, counts, finished, forbidden)
    state = judged(store, spider.source, before, visit, now)
    store.sources.save_state(state, now)
    found = Visited(
        source=spider.source.key,
        at=now,
        seconds=round(seconds, 3),
        state=state.state,
        sentence=state.sentence,
        pages=spider.pages,
        new=counts.new,
        seen=counts.seen,
        changed=counts.changed,
        rejects=counts.rejects,
        finished=finished,
    )
    store.sources.add_visit(found, now)
    for probe_id, (readable, note) in spider.probed.items():
        store.probes.save_read(probe_id, local(now).date(), readable, note, now)
    told = asdict(found)
    del told["at"]
    return CrawlReport(**told)


def seen_as(spider: SourceSpider, counts: Counts, finished: bool, forbidden: int) -> Visit:
    """The visit as `crawler.health` wants to see it."""
    return Visit(
        pages=spider.pages,
        new=counts.new,
        seen=counts.seen,
        rejects=counts.rejects,
        first_seen=counts.first_seen,
        walls=tuple(spider.walls),
        forbidden=forbidden,
        finished=finished,
        cursor=spider.moved(),
        wait_until=spider.wait_until,
        remarks=tuple(spider.remarks),
    )


def judged(
    store: Store, source: SourceRow, before: SourceState | None, visit: Visit, now: datetime
) -> SourceState:
    """The source's new state, with the plan for its next visit."""
    state = health.judge(source.key, before, visit, usual(store, source, visit, now), now)
    plan = schedule.following(
        source,
        before,
        state.state,
        visit.new,
        visit.pages,
        now,
        refused=any(wall.stop for wall in visit.walls),
        not_before=visit.wait_until,
    )
    return replace(state, last_try=now, **asdict(plan))


def usual(store: Store, source: SourceRow, visit: Visit, now: datetime) -> Usual | None:
    """What is usual at the source; not asked for where something new came."""
    if visit.new or visit.first_seen:
        return None
    return rhythm.usual(store.sources.rhythm(source.key, now), source.expect_per_day)


def left_alone(source: SourceRow, before: SourceState | None, told: str) -> CrawlReport:
    """Of a visit that asked for nothing: the state stays what it was."""
    state, said = (before.state, before.sentence) if before else ("ok", "")
    return CrawlReport(source=source.key, state=state, sentence=told or said)
