"""Put the resolver guard into the reactor of a crawl.

Loaded by Scrapy after it has chosen the reactor; importing this module earlier would choose the wrong one.
"""

from __future__ import annotations

from typing import Any
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from twisted.internet import reactor as running

from crawler import addresses
from crawler.middlewares import spider_of
from crawler.resolver import GuardedResolver


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
        own = frozenset(host for host, _ in addresses.own_hosts(spider_of(self.crawler).source))
        reactor.installNameResolver(GuardedResolver(reactor.nameResolver, own))
