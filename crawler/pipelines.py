"""Put what a spider finds into the store as it goes, and the source's state at the end.

The only place where a crawl touches the store. An item is either stored or will be read again: the cursor moves
only after a visit that was read and stored to its end.
"""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import datetime
from typing import Any
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider

from crawler import health
from crawler.health import Visit
from crawler.middlewares import spider_of
from crawler.report import CrawlReport
from crawler.source_spider import SourceSpider
from crawler.walls import Wall
from huanyu.errors import HuanyuError
from huanyu.store import Store
from huanyu.types import RawPost
from huanyu.types import Reject
from huanyu.types import SourceState

log = logging.getLogger(__name__)

RESTING = "resting"  #: why a spider closed: the site asked for it on an earlier visit
BATCH = 100  # one transaction per page or per hundred items, whichever comes first


class StorePipeline:
    """Batches of posts and rejects into the store; the state of the source when the spider closes."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.began = time.monotonic()  # a rehearsed visit's clock stands still
        self.posts: list[RawPost] = []
        self.rejects: list[Reject] = []
        self.new = self.seen = self.changed = self.rejected = 0
        self.failed = False  #: a batch was refused or a callback broke: this visit is not whole
        self.before: SourceState | None = None
        self.ending: asyncio.Future[None] | None = None  #: asyncio keeps no reference of its own

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        pipeline = cls(crawler)
        # A page's items are stored before the next page is looked at.
        crawler.signals.connect(pipeline.page_came, signal=signals.response_received)
        crawler.signals.connect(pipeline.callback_broke, signal=signals.spider_error)
        crawler.signals.connect(pipeline.closed, signal=signals.spider_closed)  # close_spider is not told why
        return pipeline

    def open_spider(self) -> None:
        """Hand the cursor to the spider; a source that asked for rest is left alone."""
        spider = spider_of(self.crawler)
        self.store = Store.open(spider.config.database, spider.config.store_key)
        self.before = self.store.sources.state(spider.source.key)
        spider.cursor = dict(self.before.cursor) if self.before else {}
        if until := health.resting(self.before, spider.now()):
            log.info("%s asked for rest until %s", spider.source.key, until)
            raise CloseSpider(RESTING)

    def process_item(self, item: Any) -> Any:
        if isinstance(item, RawPost):
            self.posts.append(item)
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
            self.ending = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="store"))
        self.posts, self.rejects = [], []

    def save(self, now: datetime) -> None:
        if self.posts:
            added = self.store.posts.add(self.posts, now)
            self.new += len(added.new)
            self.seen += added.seen
            self.changed += added.changed
        if self.rejects:
            self.store.posts.add_rejects(self.rejects, now)
            self.rejected += len(self.rejects)

    def callback_broke(self) -> None:
        self.failed = True
        spider_of(self.crawler).walls.append(Wall("failing", "解析程序出错, 详见日志", stop=False))

    def closed(self, reason: str) -> None:
        """Store the rest, judge the visit, save the state, write the report."""
        self.rejects += spider_of(self.crawler).kept
        self.flush()
        spider = spider_of(self.crawler)
        now = spider.now()
        whole = reason == "finished" and not self.failed and spider.pages > 0
        visit = self.visit(spider, finished=whole)
        state = self.before if reason == RESTING and self.before else self.judged(spider, visit, now)
        spider.report = CrawlReport(
            source=spider.source.key,
            state=state.state,
            sentence=state.sentence,
            new=self.new,
            seen=self.seen,
            changed=self.changed,
            rejects=self.rejected,
            pages=spider.pages,
            seconds=round(time.monotonic() - self.began, 3),
            finished=visit.finished,
        )
        self.store.close()

    def visit(self, spider: SourceSpider, finished: bool) -> Visit:
        stats: Any = self.crawler.stats
        return Visit(
            pages=spider.pages,
            new=self.new,
            seen=self.seen,
            rejects=self.rejected,
            walls=tuple(spider.walls),
            forbidden=int(stats.get_value("robotstxt/forbidden", 0)),
            finished=finished,
            cursor=spider.moved(),
            wait_until=spider.wait_until,
        )

    def judged(self, spider: SourceSpider, visit: Visit, now: datetime) -> SourceState:
        source = spider.source
        state = health.judge(source.key, self.before, visit, source.expect_per_day, now)
        self.store.sources.save_state(state, now)
        return state
