"""Put what a spider finds into the store as it goes.

With crawler.ending and crawler.evidence_store the only place where a crawl touches the store. An item is either
stored or will be read again: the cursor moves only after a visit that was read and stored to its end.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from typing import Any
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider

from crawler import ending
from crawler import event_time
from crawler import health
from crawler import pacing
from crawler import probing
from crawler.ending import Counts
from crawler.middlewares import spider_of
from crawler.walls import Wall
from huanyu.clock import local
from huanyu.errors import HuanyuError
from huanyu.store import Store
from huanyu.types import RawPost
from huanyu.types import Reject
from huanyu.types import SourceState

log = logging.getLogger(__name__)

FINISHED, SHUTDOWN = "finished", "shutdown"  #: why a spider closed, in Scrapy's words
RESTING = "resting"  #: … in ours: the site asked for it on an earlier visit
BUSY = "busy"  #: … another process is visiting this source right now
CUT = "cut"  #: … told to stop before anything was read: nothing is known of the site
TOLD = {RESTING: "", BUSY: "该来源正在由另一个进程抓取, 这次没有重复", CUT: "抓取在读到内容之前被中止"}
NOT_STORED = Wall("failing", "读到的内容没有存上, 详见日志")
BROKEN = Wall("failing", "解析程序出错, 详见日志", stop=False)
UNFIT = "读到了, 但存不进去 ({problem})"
BATCH = 100  # items of one transaction
HELD = 1.0  # seconds that items wait for their transaction while pages come quickly


class StorePipeline:
    """Batches of posts and rejects into the store; the end of the visit when the spider closes."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.began = self.flushed = time.monotonic()  # a rehearsed visit's clock stands still
        self.posts: list[RawPost] = []
        self.rejects: list[Reject] = []
        self.counts = Counts()
        self.failed = False  #: a batch was refused or a callback broke: this visit is not whole
        self.before: SourceState | None = None
        self.ending: asyncio.Future[None] | None = None  #: asyncio keeps no reference of its own
        self.alone = ExitStack()  #: the one visit to this source that may run at a time

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        pipeline = cls(crawler)
        crawler.signals.connect(pipeline.page_came, signal=signals.response_received)
        crawler.signals.connect(pipeline.callback_broke, signal=signals.spider_error)
        crawler.signals.connect(pipeline.callback_broke, signal=signals.item_error)
        crawler.signals.connect(pipeline.closed, signal=signals.spider_closed)  # close_spider is not told why
        return pipeline

    def open_spider(self) -> None:
        """Hand the cursor to the spider; a source that asked for rest, or is being visited, is left alone."""
        spider = spider_of(self.crawler)
        self.store = Store.open(spider.config.database, spider.config.store_key, migrate=False)
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
        """Store what the pages before this one held; at a polite pace that is page by page."""
        if time.monotonic() - self.flushed >= HELD:
            self.flush()

    def callback_broke(self) -> None:
        """What it would have found is read again on the next visit."""
        self.failed = True
        spider_of(self.crawler).walls.append(BROKEN)

    def flush(self) -> None:
        """Store what has gathered, walls' pages too; refused by the store, the visit ends and its cursor stays."""
        spider = spider_of(self.crawler)
        posts, rejects = self.posts, [*self.rejects, *spider.kept]
        self.posts, self.rejects = [], []
        spider.kept.clear()
        self.flushed = time.monotonic()
        if self.failed_to_store or not (posts or rejects):
            return
        try:
            rejects += self.add(posts)
            if rejects:
                self.store.posts.add_rejects(rejects, spider.now())
                self.counts.rejects += len(rejects)
        except HuanyuError:
            log.exception("the store refused a batch")
            self.failed = True
            spider.walls.append(NOT_STORED)
            self.ending = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="store"))

    @property
    def failed_to_store(self) -> bool:
        return self.ending is not None

    def add(self, posts: Sequence[RawPost]) -> list[Reject]:
        """Store posts; one that no database takes costs the others nothing and is kept as a reject."""
        if not posts:
            return []
        now, counts = spider_of(self.crawler).now(), self.counts
        try:
            added = self.store.posts.add(posts, now)
        except (TypeError, ValueError, OverflowError) as problem:
            if len(posts) > 1:
                return [reject for one in posts for reject in self.add([one])]
            log.exception("an item of %s cannot be stored", posts[0].source)
            return [unfit(posts[0], problem, now)]
        counts.new += len(added.new)
        counts.seen += len(posts) - len(added.new)  # of the items read, however they were batched
        counts.changed += added.changed
        counts.first_seen += added.first_seen
        return []

    def closed(self, reason: str) -> None:
        """Store the rest, judge the visit, write the report."""
        spider = spider_of(self.crawler)
        if reason == SHUTDOWN and not (spider.pages or spider.walls):
            reason = CUT
        if reason in TOLD:
            spider.report = ending.left_alone(spider.source, self.before, TOLD[reason])
        else:
            self.flush()
            stats: Any = self.crawler.stats
            spider.report = ending.save(
                self.store,
                spider,
                self.before,
                self.counts,
                whole=reason == FINISHED and not self.failed,
                forbidden=int(stats.get_value("robotstxt/forbidden", 0)),
                seconds=time.monotonic() - self.began,
            )
        self.alone.close()
        self.store.close()


def unfit(post: RawPost, problem: Exception, now: datetime) -> Reject:
    """An item that cannot be stored as it is: its raw form, for a person."""
    reason = UNFIT.format(problem=type(problem).__name__)
    return Reject(source=post.source, where=post.url, reason=reason, payload=post.raw, at=now)
