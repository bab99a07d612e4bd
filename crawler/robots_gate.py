"""Ask a site's robots.txt before its pages: fetched once a visit, paced and guarded like any request.

What the file means is in `crawler.robots`. What it said is remembered for a day in the desk's folder.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from typing import Any
from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.exceptions import NotConfigured
from scrapy.http import Request
from scrapy.http.request import NO_CALLBACK

from crawler import addresses
from crawler import pacing
from crawler import robots
from crawler.middlewares import ROBOTS
from crawler.middlewares import sentence
from crawler.middlewares import spider_of
from crawler.robots import Rules
from crawler.walls import Wall
from huanyu import clock

log = logging.getLogger(__name__)

FRESH = timedelta(hours=24)
FIRST = 1000  # priority of the file over pages that wait
ENDLESS = (
    "redirections"  # how Scrapy says that it followed enough of them: the RFC calls the file missing then
)


class RobotsGate:
    """Let through what robots.txt allows; a file that cannot be read closes the site for this visit."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self.crawler = crawler
        self.known: dict[str, Rules | None] = {}
        self.remembered: set[str] = set()  #: those of an earlier visit
        self.asking = asyncio.Lock()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if ROBOTS in request.meta:
            return
        place = robots.place(request.url)
        async with self.asking:
            found = await self.rules(place)
            if found and not found.allow(request.url) and place in self.remembered:
                found = await self.fetch(place)  # it may have been opened since
        if found is None:
            raise IgnoreRequest("robots.txt is unreachable")
        spider = spider_of(self.crawler)
        if not found.allow(request.url):
            self.crawler.stats.inc_value("robotstxt/forbidden")
            spider.walls.append(Wall("failing", robots.FORBIDDEN, stop=False))
            raise IgnoreRequest("Forbidden by robots.txt")
        if (delay := found.delay()) > robots.LONGEST_DELAY:
            spider.walls.append(Wall("slow", robots.TOO_SLOW.format(minutes=round(delay / 60))))
            raise IgnoreRequest("robots.txt asks for too long a delay")
        site = addresses.site(request.url)
        spider.delays[site] = max(delay, spider.delays.get(site, 0.0))

    async def rules(self, place: str) -> Rules | None:
        """What is known of this site, from this visit or from one of the last day; else what it answers now."""
        if place not in self.known and (text := self.recall(place)) is not None:
            self.known[place] = robots.rules(text)
            self.remembered.add(place)
        return self.known[place] if place in self.known else await self.fetch(place)

    async def fetch(self, place: str) -> Rules | None:
        """Ask for the file; the visit is told why where it cannot be had."""
        self.remembered.discard(place)
        engine: Any = self.crawler.engine
        ask = Request(f"{place}/robots.txt", priority=FIRST, meta={ROBOTS: True}, callback=NO_CALLBACK)
        try:
            response = await engine.download_async(ask)
            found, why = robots.answered(response.status, response.body), f"网站返回 HTTP {response.status}"
        except IgnoreRequest as problem:
            found, why = (robots.rules("") if ENDLESS in str(problem) else None), "对方地址不可用"
        except Exception as problem:  # whatever kept the file from coming
            log.warning("%s: robots.txt is unreachable", place, exc_info=True)
            found, why = None, sentence(problem)
        self.known[place] = found
        if found is None:
            spider_of(self.crawler).walls.append(
                Wall("failing", robots.UNREADABLE.format(why=why), stop=False)
            )
        else:
            self.remember(place, found.text)
        return found

    def recall(self, place: str) -> str | None:
        """What the file said within the last day."""
        told = pacing.read(self.path(place))
        try:
            fresh = timedelta() <= clock.now() - datetime.fromisoformat(told["at"]) < FRESH
            return str(told["text"]) if fresh else None
        except (KeyError, TypeError, ValueError):
            return None

    def remember(self, place: str, text: str) -> None:
        pacing.write(self.path(place), {"at": clock.now().isoformat(), "text": text})

    def path(self, place: str) -> Path:
        return spider_of(self.crawler).sites / f"{pacing.file_name(place)}.robots"
