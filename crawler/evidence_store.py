"""Hand the evidence spider the pictures its source's complaints need, and put into the store what it brings.

Each picture is settled by itself as soon as it came: a process that dies leaves the rest wanted.
"""

from __future__ import annotations

import logging
import time
from contextlib import ExitStack
from typing import Any
from typing import Self
from typing import cast

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider

from crawler import pacing
from crawler.evidence import Outcome
from crawler.evidence import Wanted
from crawler.report import CrawlReport
from huanyu.errors import HuanyuError
from huanyu.store import Store

log = logging.getLogger(__name__)

AT_ONCE = 60  # pictures of one visit: five minutes at the usual pace
BUSY = "busy"  #: why a spider closed: another process fetches this source's pictures right now


class EvidencePipeline:
    """What is wanted out of the store, what came into it."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.began = time.monotonic()
        self.counts = {"kept": 0, "refused": 0, "wanted": 0}
        self.alone = ExitStack()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        pipeline = cls(crawler)
        crawler.signals.connect(pipeline.closed, signal=signals.spider_closed)
        return pipeline

    @property
    def spider(self) -> Any:
        """The evidence spider; its module may not be imported before Scrapy has chosen a reactor."""
        return cast(Any, self.crawler.spider)

    def open_spider(self) -> None:
        spider = self.spider
        self.store = Store.open(spider.config.database, spider.config.store_key, migrate=False)
        if not self.alone.enter_context(pacing.alone(spider.sites, f"{spider.source.key}.evidence")):
            raise CloseSpider(BUSY)
        spider.wanted = list(self.wanted(spider.source.key))

    def wanted(self, source: str) -> list[Wanted]:
        """The pictures that are due, each with the page it belongs to."""
        due = self.store.evidence.due(self.spider.now(), AT_ONCE, source=source)
        pages = {one.post_id: self.store.posts.get(one.post_id).url for one in due}
        return [Wanted(id=one.id, url=one.url, page=pages[one.post_id], attempts=one.attempts) for one in due]

    def process_item(self, item: Any) -> Any:
        if isinstance(item, Outcome):
            try:
                self.settle(item)
            except HuanyuError:
                log.exception("picture %s could not be settled", item.id)
        return item

    def settle(self, item: Outcome) -> None:
        now = self.spider.now()
        if item.state == "kept":
            self.store.evidence.keep(item.id, item.body, item.media, now)
        elif item.wait is not None:
            self.store.evidence.fail(item.id, item.note, now + item.wait, now)
        else:
            self.store.evidence.refuse(item.id, item.note, now)
        self.counts[item.state] += 1

    def closed(self) -> None:
        """Say what came of it."""
        spider, counts = self.spider, self.counts
        spider.report = CrawlReport(
            source=spider.source.key,
            state="ok",
            sentence=f"图片: 保存 {counts['kept']}, 不保存 {counts['refused']}, 稍后再取 {counts['wanted']}",
            new=counts["kept"],
            rejects=counts["refused"],
            seen=counts["wanted"],
            pages=spider.pages,
            seconds=round(time.monotonic() - self.began, 3),
            finished=not spider.wanted,
        )
        self.alone.close()
        self.store.close()
