"""Put what a spider finds into the store as it goes, and the source's state at the end.

The only place where a crawl touches the store. An item is either stored or will be read again: the cursor moves
only after a visit that was read and stored to its end.
"""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import ExitStack
from dataclasses import asdict
from dataclasses import replace
from datetime import datetime
from typing import Any
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider

from crawler import event_time
from crawler import health
from crawler import pacing
from crawler import probing
from crawler import rhythm
from crawler import schedule
from crawler.health import Visit
from crawler.middlewares import spider_of
from crawler.report import CrawlReport
from crawler.rhythm import Usual
from crawler.source_spider import SourceSpider
from crawler.walls import Wall
from huanyu.bureau import SourceRow
from huanyu.clock import local
from huanyu.errors import HuanyuError
from huanyu.store import Store
from huanyu.types import RawPost
from huanyu.types import Reject
from huanyu.types import SourceState
from huanyu.types import Visited

log = logging.getLogger(__name__)

SHUTDOWN = "shutdown"  #: why a spider closed, in Scrapy's word: the process was told to stop
RESTING = "resting"  #: why a spider closed: the site asked for it on an earlier visit
BUSY = "busy"  #: … another process is visiting this source right now
CUT = "cut"  #: … told to stop before anything was read: nothing is known of the site
TOLD = {BUSY: "该来源正在由另一个进程抓取, 这次没有重复", CUT: "抓取在读到内容之前被中止"}
NOT_STORED = Wall("failing", "读到的内容没有存上, 详见日志")
BATCH = 100  # one transaction per page or per hundred items, whichever comes first


class StorePipeline:
    """Batches of posts and rejects into the store; the state of the source when the spider closes."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.began = time.monotonic()  # a rehearsed visit's clock stands still
        self.posts: list[RawPost] = []
        self.rejects: list[Reject] = []
        self.new = self.seen = self.changed = self.rejected = self.first_seen = 0
        self.failed = False  #: a batch was refused or a callback broke: this visit is not whole
        self.before: SourceState | None = None
        self.ending: asyncio.Future[None] | None = None  #: asyncio keeps no reference of its own
        self.alone = ExitStack()  #: the one visit to this source that may run at a time

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        pipeline = cls(crawler)
        # A page's items are stored before the next page is looked at.
        crawler.signals.connect(pipeline.page_came, signal=signals.response_received)
        crawler.signals.connect(pipeline.callback_broke, signal=signals.spider_error)
        crawler.signals.connect(pipeline.closed, signal=signals.spider_closed)  # close_spider is not told why
        return pipeline

    def open_spider(self) -> None:
        """Hand the cursor to the spider; a source that asked for rest, or is being visited, is left alone."""
        spider = spider_of(self.crawler)
        self.store = Store.open(spider.config.database, spider.config.store_key)
        first = self.alone.enter_context(pacing.alone(spider.sites, spider.source.key))
        self.before = self.store.sources.state(spider.source.key)
        spider.cursor = dict(self.before.cursor) if self.before else {}
        day = local(spider.now()).date()
        spider.probes = probing.due(self.store.probes.listing(), self.store.probes.checks(day), spider.source)
        if until := health.resting(self.before, spider.now()):
            log.info("%s asked for rest until %s", spider.source.key, until)
            raise CloseSpider(RESTING)
        if not first:
            raise CloseSpider(BUSY)

    def process_item(self, item: Any) -> Any:
        if isinstance(item, RawPost):
            self.posts.append(event_time.placed(item))
        elif isinstance(item, Reject):
            self.rejects.append(item)
        if len(self.posts) + len(self.rejects) >= BATCH:
            self.flush()
        return item

    def page_came(self) -> None:
        self.flush()

    def flush(self) -> None:
        """Store what has gathered; after a refusal of the store the visit ends without moving the cursor."""
        if self.failed or not (self.posts or self.rejects):
            return
        try:
            self.save(spider_of(self.crawler).now())
        except HuanyuError:
            log.exception("the store refused a batch")
            self.failed = True
            spider_of(self.crawler).walls.append(NOT_STORED)
            self.ending = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="store"))
        self.posts, self.rejects = [], []

    def save(self, now: datetime) -> None:
        if self.posts:
            added = self.store.posts.add(self.posts, now)
            self.new += len(added.new)
            self.seen += added.seen
            self.changed += added.changed
            self.first_seen += added.first_seen
        if self.rejects:
            self.store.posts.add_rejects(self.rejects, now)
            self.rejected += len(self.rejects)

    def callback_broke(self) -> None:
        self.failed = True
        spider_of(self.crawler).walls.append(Wall("failing", "解析程序出错, 详见日志", stop=False))

    def closed(self, reason: str) -> None:
        """Store the rest, judge the visit, save the state, log the visit, write the report."""
        spider = spider_of(self.crawler)
        if reason == SHUTDOWN and not (spider.pages or spider.walls):
            reason = CUT
        if reason in {RESTING, BUSY, CUT}:
            spider.report = self.left_alone(spider, reason)
        else:
            self.rejects += spider.kept
            self.flush()
            spider.report = self.saved(spider, reason)
        self.alone.close()
        self.store.close()

    def left_alone(self, spider: SourceSpider, reason: str) -> CrawlReport:
        """Nothing was asked and nothing has changed."""
        state, said = (self.before.state, self.before.sentence) if self.before else ("ok", "")
        return CrawlReport(source=spider.source.key, state=state, sentence=TOLD.get(reason, said))

    def saved(self, spider: SourceSpider, reason: str) -> CrawlReport:
        now = spider.now()
        visit = self.visit(spider, finished=reason == "finished" and not self.failed and spider.pages > 0)
        state = self.judged(spider, visit, now)
        found = Visited(
            source=spider.source.key,
            at=now,
            seconds=round(time.monotonic() - self.began, 3),
            state=state.state,
            sentence=state.sentence,
            pages=spider.pages,
            new=self.new,
            seen=self.seen,
            changed=self.changed,
            rejects=self.rejected,
            finished=visit.finished,
        )
        self.store.sources.add_visit(found, now)
        for probe_id, (readable, note) in spider.probed.items():
            self.store.probes.save_read(probe_id, local(now).date(), readable, note, now)
        told = asdict(found)
        del told["at"]
        return CrawlReport(**told)

    def visit(self, spider: SourceSpider, finished: bool) -> Visit:
        stats: Any = self.crawler.stats
        return Visit(
            pages=spider.pages,
            new=self.new,
            seen=self.seen,
            rejects=self.rejected,
            first_seen=self.first_seen,
            walls=tuple(spider.walls),
            forbidden=int(stats.get_value("robotstxt/forbidden", 0)),
            finished=finished,
            cursor=spider.moved(),
            wait_until=spider.wait_until,
            remarks=tuple(spider.remarks),
        )

    def judged(self, spider: SourceSpider, visit: Visit, now: datetime) -> SourceState:
        source = spider.source
        state = health.judge(source.key, self.before, visit, self.usual(source, visit, now), now)
        plan = schedule.following(
            source,
            self.before,
            state.state,
            visit.new,
            visit.pages,
            now,
            refused=any(wall.stop for wall in visit.walls),
            not_before=visit.wait_until,
        )
        state = replace(state, last_try=now, **asdict(plan))
        self.store.sources.save_state(state, now)
        return state

    def usual(self, source: SourceRow, visit: Visit, now: datetime) -> Usual | None:
        """What is usual at the source; not asked for where something new came."""
        if visit.new or visit.first_seen:
            return None
        return rhythm.usual(self.store.sources.rhythm(source.key, now), source.expect_per_day)
