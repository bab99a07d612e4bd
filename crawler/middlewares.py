"""Between Scrapy and the network: no inside address, no hammering, no wall mistaken for a result."""

from __future__ import annotations

import logging
from typing import Any
from typing import Self
from typing import cast

from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request
from scrapy.http import Response

from crawler import addresses
from crawler import manners
from crawler import pacing
from crawler import walls
from crawler.charset import decode
from crawler.pacing import Pacing
from crawler.pacing import Stopped
from crawler.source_spider import SourceSpider
from crawler.walls import Wall
from huanyu import clock

log = logging.getLogger(__name__)

ROBOTS = "robots"  #: request.meta: this one asks for a robots.txt
NOT_MODIFIED = 304
TOO_MANY = 429
LONGEST = 2083  # characters of an address; what Scrapy would drop without telling anyone
TOO_LONG = Wall("failing", "网站给出的网址太长, 没有访问", stop=False)
ENDLESS = Wall("slow", "这个网站的页面似乎没有尽头, 已停止; 请检查来源的网址和版块")
SENTENCES = (
    ("Timeout", "网站没有在规定时间内回应"),
    ("Resolve", "找不到网站的域名, 或该域名指向内部地址"),
    ("Refused", "网站拒绝连接, 可能已停止服务"),
    ("Cancelled", "网站返回的内容过大, 没有读取"),
    ("DataLoss", "网站中途断开了连接"),
)


def spider_of(crawler: Crawler) -> SourceSpider:
    return cast(SourceSpider, crawler.spider)


def is_over(crawler: Crawler) -> bool:
    """Whether this visit is over: told to stop, or before a wall."""
    return not crawler.crawling or any(wall.stop for wall in spider_of(crawler).walls)


class AddressGuard:
    """Refuse inside addresses, and everything after a wall; a redirect comes through here again.

    Also the last resort against a site that has no end: so many requests no visit can need.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.asked = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        spider = spider_of(self.crawler)
        if any(wall.stop for wall in spider.walls):
            raise IgnoreRequest("stopped at a wall")
        self.asked += 1
        if self.asked > manners.most_requests(spider.source):
            spider.walls.append(ENDLESS)
            raise IgnoreRequest(ENDLESS.sentence)
        if len(request.url) > LONGEST:
            spider.walls.append(TOO_LONG)
            raise IgnoreRequest(TOO_LONG.sentence)
        if refusal := addresses.refusal(request.url, addresses.own_hosts(spider.source)):
            spider.walls.append(Wall("failing", refusal, stop=False))
            raise IgnoreRequest(refusal)


class PatientRetry(RetryMiddleware):
    """Retry after as long as the site asks, or end the visit where that is too long to sleep."""

    async def process_exception(self, request: Request, exception: Exception) -> Request | Response | None:  # type: ignore[override]
        """A connection that failed: once more, after a while."""
        again = super().process_exception(request, exception)
        if again is not None:
            await self.rest(self.back_off(request))
        return again

    async def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        spider = spider_of(self.crawler)
        if response.status not in self.retry_http_codes or not {"expects", ROBOTS} & request.meta.keys():
            return response
        told = (response.headers.get("Retry-After") or b"").decode("latin-1")
        wait = manners.retry_after(told, spider.now())
        if response.status == TOO_MANY and wait is None:
            return response  # told to stop without being told for how long: we stop
        if wait:
            Pacing(spider.sites).keep_away(addresses.site(request.url), clock.now() + wait)
        if wait and wait > manners.IN_PROCESS:
            spider.wait_until = spider.now() + wait
            return response
        again = self._retry(request, f"HTTP {response.status}")
        if again is None:
            return response
        await self.rest(wait.total_seconds() if wait else self.back_off(request))
        return again

    def back_off(self, request: Request) -> float:
        """Twice the pace, then four times …, never longer than a process may sleep."""
        pace = spider_of(self.crawler).source.pace
        longest = manners.IN_PROCESS.total_seconds()
        return float(min(pace * 2 ** (int(request.meta.get("retry_times", 0)) + 1), longest))

    async def rest(self, seconds: float) -> None:
        """Nothing at all goes out while the site wants to be left alone; a visit that is told to end does not sleep on."""
        engine: Any = self.crawler.engine
        engine.pause()
        try:
            await pacing.rest(seconds, lambda: is_over(self.crawler))
        except Stopped as told:
            raise IgnoreRequest(str(told)) from told
        finally:
            engine.unpause()


class WallMiddleware:
    """Decode each answer once and judge it; what is no result never reaches a callback."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        if "expects" not in request.meta:  # robots.txt, a picture
            return response
        spider = spider_of(self.crawler)
        response.request = request  # Scrapy says so only to callbacks; a kept page needs it too
        if response.status == NOT_MODIFIED:
            spider.pages += 1
            return response
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        request.meta["decoded"] = found = decode(response.body, content_type, spider.source.encoding)
        leads = (response.headers.get("Location") or b"").decode("latin-1")
        wall = walls.find(response.status, found.text, request.meta["expects"], leads)
        if wall is None or wall.state == "gone":
            request.meta["gone"] = wall is not None
            spider.pages += 1
            return response
        log.warning("%s %s: %s", response.status, response.url, wall.state)
        spider.walls.append(wall)
        spider.kept.append(spider.reject(response, wall.sentence))
        raise IgnoreRequest(wall.sentence)

    def process_exception(self, request: Request, exception: Exception) -> None:
        """A connection that failed after all retries."""
        if "expects" in request.meta and not isinstance(exception, IgnoreRequest):
            log.warning("%s: %s", request.url, type(exception).__name__)
            spider_of(self.crawler).walls.append(Wall("failing", sentence(exception), stop=False))


def sentence(exception: Exception) -> str:
    """Why nothing came, for a press officer."""
    name = type(exception).__name__
    return next((said for part, said in SENTENCES if part in name), f"连接不上网站 ({name})")
