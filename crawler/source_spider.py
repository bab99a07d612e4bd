"""What our spiders share: one configured source, its cursor, and the way to ask and to reject.

Knows no store: the pipeline hands the cursor in and takes the progress out.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from typing import Self

import scrapy
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler import manners
from crawler.report import CrawlReport
from crawler.walls import Wall
from huanyu import clock
from huanyu.bureau import SourceRow
from huanyu.config import Config
from huanyu.errors import ConfigError
from huanyu.types import RawPost
from huanyu.types import Reject

Output = Iterator[RawPost | Reject | Request]
Callback = Callable[[Response], Iterable[Any]]
Lost = Callable[[Failure], Iterable[Any]]

VERSION = "0.1"
PAYLOAD = 200_000  # bytes of a bad response that are kept for the person who looks at it

CLOSED = Wall("robots_closed", "该网站的 robots.txt 不允许抓取, 来源设置中也没有书面许可, 因此没有访问")
TOO_MUCH = Wall("slow", "新内容太多, 较早的没有读完, 请缩短抓取间隔或增加 max_pages", stop=False)


class SourceSpider(scrapy.Spider):
    """A plain Scrapy spider for one row of sources.toml: `-a source=KEY`."""

    modes: frozenset[str]  #: what sources.toml may say under `mode`
    config: Config
    source: SourceRow
    report: CrawlReport | None = None
    at: datetime | None = None  #: the moment a rehearsed visit counts as

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cursor: dict[str, str] = {}  #: where the last whole visit ended
        self.progress: dict[str, str] = {}  #: where this one ends, saved only if it is whole
        self.held: set[str] = set()  #: cursor keys that must not move: something behind them was not read
        self.walls: list[Wall] = []
        self.kept: list[
            Reject
        ] = []  #: pages that were walls: no callback sees them, the pipeline stores them
        self.pages = 0
        self.wait_until: datetime | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider for `source=KEY` and set the manners of that source; raises ConfigError."""
        key = str(kwargs.pop("source", ""))
        path = str(crawler.settings.get("HUANYU_CONFIG") or "")
        config = Config.load(Path(path) if path else None)
        row = config.bureau.source(key)
        if row is None or row.spider != cls.name:
            raise ConfigError(f"sources.toml 中没有用 {cls.name} 抓取的来源 {key!r}, 用法: -a source=KEY")
        if row.mode not in cls.modes:
            known = "、".join(sorted(mode for mode in cls.modes if mode))
            raise ConfigError(f"sources.toml 来源 {key} 的 mode {row.mode!r} 不认识, 可用: {known}")
        polite = manners.settings(row, config.bureau.bureau, config.settings.contact, VERSION)
        for name, value in polite.items():
            crawler.settings.set(name, value, priority="spider")
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.config, spider.source = config, row
        at = str(crawler.settings.get("HUANYU_AT") or "")
        spider.at = datetime.fromisoformat(at) if at else None
        return spider

    async def start(self) -> Any:
        """First requests, or none at all where the site is closed to us."""
        if manners.needs_permission(self.source):
            self.walls.append(CLOSED)
            return
        for request in self.first():
            yield request

    def first(self) -> Iterable[Request]:
        """The requests a visit begins with."""
        raise NotImplementedError

    def ask(
        self,
        url: str,
        callback: Callback,
        expects: str,
        lost: Lost | None = None,
        headers: dict[str, str] | None = None,
        **meta: Any,
    ) -> Request:
        """A request whose answer is judged (`crawler.walls`) before `callback` sees it; `lost` hears of failures."""

        def errback(failure: Failure) -> Iterator[Any]:
            yield from lost(failure) if lost else ()
            if stopped := next((wall for wall in self.walls if wall.stop), None):
                raise CloseSpider(stopped.state)

        return Request(
            url,
            callback=callback,
            errback=errback,
            headers=headers,
            meta={"expects": expects, **meta},
            dont_filter=True,  # each spider asks for each page once by itself; a filter would hide a repeated poll
        )

    def text(self, response: Response) -> str:
        """The page as text, decoded once by the middleware."""
        return str(response.meta["decoded"].text)

    def now(self) -> datetime:
        """The moment this visit counts as: the present, or the past day a rehearsal plays."""
        return self.at or clock.now()

    def reject(self, response: Response, problem: object) -> Reject:
        """A response that cannot be read, kept with its reason."""
        return Reject(
            source=self.source.key,
            where=response.url,
            reason=str(problem),
            payload=response.body[:PAYLOAD],
            at=self.now(),
        )

    def advance(self, key: str, value: str) -> None:
        """Let the next visit start from here, if this one ends whole."""
        self.progress[key] = value

    def hold(self, key: str) -> Lost:
        """A `lost` that keeps the cursor `key` where it was."""

        def keep(_: Failure) -> Iterable[Any]:
            self.held.add(key)
            return ()

        return keep

    def moved(self) -> dict[str, str]:
        """The part of the progress that may be saved."""
        return {key: value for key, value in self.progress.items() if key not in self.held}
