"""The last step before the network: every request waits for its turn at its site, page, redirect and robots.txt alike.

Loaded by Scrapy after it has chosen the reactor. What a turn is, is in `crawler.pacing`.
"""

from __future__ import annotations

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.exceptions import ResponseDataLossError
from scrapy.http import Request
from scrapy.http import Response

from crawler import addresses
from crawler import manners
from crawler.middlewares import is_over
from crawler.middlewares import spider_of
from crawler.pacing import AskedToRest
from crawler.pacing import Pacing
from crawler.pacing import Stopped
from crawler.walls import TOO_OFTEN
from crawler.whole import is_cut


class PacedHandler(HTTP11DownloadHandler):
    """HTTP and HTTPS as Scrapy speaks them, one request at a time to a site whoever else of this desk reads it."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.paces: dict[str, float] = {}  #: by site, as far as met
        self.turns: Pacing | None = None

    async def download_request(self, request: Request) -> Response:
        site = addresses.site(request.url)
        pace = self.pace(site)
        if not pace:
            return await self.whole(request)
        spider = spider_of(self.crawler)
        try:
            self.turns = self.turns or Pacing(spider.sites)
            async with self.turns.turn(site, pace, lambda: is_over(self.crawler)):
                return await self.whole(request)
        except AskedToRest as told:
            spider.wait_until = max(told.until, spider.wait_until or told.until)
            spider.walls.append(TOO_OFTEN)
            raise IgnoreRequest(str(told)) from told
        except Stopped as told:
            raise IgnoreRequest(str(told)) from told

    async def whole(self, request: Request) -> Response:
        """The answer, all of it; one that ends in the middle is a connection that failed, and is asked for again."""
        response = await super().download_request(request)
        encoding = response.headers.get("Content-Encoding") or b""
        if "download_stopped" not in response.flags and is_cut(encoding, response.body):
            raise ResponseDataLossError(f"{request.url}: the body ends in the middle")
        return response

    def pace(self, site: str) -> float:
        """Seconds between two requests: the slowest of the sources read there, or what robots.txt asks for."""
        spider = spider_of(self.crawler)
        if site not in self.paces:
            self.paces[site] = manners.pace(spider.source, spider.config.bureau.sources, site)
        return max(self.paces[site], spider.delays.get(site, 0.0))
