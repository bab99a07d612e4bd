"""What holds for a whole visit: names are resolved under guard, and it ends in time.

Loaded by Scrapy after it has chosen the reactor; importing this module earlier would choose the wrong one.
"""

from __future__ import annotations

import asyncio
from typing import Any
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from twisted.internet import reactor as running

from crawler import addresses
from crawler.middlewares import spider_of
from crawler.resolver import GuardedResolver
from crawler.walls import Wall

TOO_LONG = Wall(
    "slow", "这次抓取时间太长, 没有读完就停止了, 已读到的都已保存; 可减少版块、关键词或 max_pages"
)


class NameGuard:
    """Every name is resolved under guard, from before the first request."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        guard = cls(crawler)
        crawler.signals.connect(guard.spider_opened, signal=signals.spider_opened)
        return guard

    def spider_opened(self) -> None:
        reactor: Any = running
        own = addresses.own_hosts(spider_of(self.crawler).source)
        reactor.installNameResolver(GuardedResolver(reactor.nameResolver, own))


class TimeIsUp:
    """End a visit that takes too long by itself: what it has is stored and its state says why."""

    def __init__(self, crawler: Crawler, longest: float) -> None:
        self.crawler = crawler
        self.longest = longest
        self.waiting: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        longest = crawler.settings.getfloat("HUANYU_LONGEST")
        if not longest:
            raise NotConfigured
        clock = cls(crawler, longest)
        crawler.signals.connect(clock.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(clock.spider_closed, signal=signals.spider_closed)
        return clock

    def spider_opened(self) -> None:
        self.waiting = asyncio.ensure_future(self.end())

    def spider_closed(self) -> None:
        if self.waiting:
            self.waiting.cancel()

    async def end(self) -> None:
        await asyncio.sleep(self.longest)
        engine: Any = self.crawler.engine
        spider_of(self.crawler).walls.append(TOO_LONG)  # also keeps waiting requests from going out
        self.waiting = None
        await engine.close_spider_async(reason=TOO_LONG.state)
