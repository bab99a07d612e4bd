"""What our spiders share: one configured source, its cursor, and the way to ask and to reject.

Knows no store: the pipeline hands the cursor in and takes the progress out.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
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
from crawler import probing
from crawler.charset import decode
from crawler.kept_meta import EXPECTS
from crawler.kept_meta import GIVEN
from crawler.kept_meta import TYPE
from crawler.kept_meta import dump_meta
from crawler.report import CrawlReport
from crawler.walls import Wall
from huanyu import clock
from huanyu.bureau import SourceRow
from huanyu.config import Config
from huanyu.errors import ConfigError
from huanyu.types import Probe
from huanyu.types import RawPost
from huanyu.types import Reject

Output = Iterator[RawPost | Reject | Request]
Callback = Callable[[Response], Iterable[Any]]
Lost = Callable[[Failure], Iterable[Any]]

VERSION = "0.1"
PAYLOAD = 8 * 1024 * 1024  # bytes of a bad response that are kept: the whole page, to be read again

CLOSED = Wall("robots_closed", "该网站的 robots.txt 不允许抓取, 来源设置中也没有书面许可, 因此没有访问")
TOO_MUCH = Wall("slow", "新内容太多, 较早的没有读完, 请缩短抓取间隔或增加 max_pages", stop=False)

#: What Scrapy itself drops without asking our middlewares, by its words.
DROPPED = (
    ("max redirections reached", Wall("failing", "网站的跳转没有尽头, 没有读到内容", stop=False)),
    ("exceeded DOWNLOAD_MAXSIZE", Wall("failing", "网站返回的内容过大, 没有读取", stop=False)),
)


class SourceSpider(scrapy.Spider):
    """A plain Scrapy spider for one row of sources.toml: `-a source=KEY`."""

    modes: frozenset[str]  #: what sources.toml may say under `mode`
    told: Mapping[str, Any] = {}  #: types of what `ask` is given that is not plain JSON (kept_meta)
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
        self.remarks: list[str] = []  #: what the desk should know of a source that is read well
        self.kept: list[
            Reject
        ] = []  #: pages that were walls: no callback sees them, the pipeline stores them
        self.pages = 0
        self.probes: tuple[Probe, ...] = ()  #: known posts whose pages are looked at besides
        self.probed: dict[int, tuple[bool, str]] = {}  #: of each, whether it could be read, and why not
        self.wait_until: datetime | None = None
        self.alone: tuple[Request, ...] = ()  #: a trial of one page: these instead of the whole visit
        self.notes: list[str] = []  #: what the rules of a source found, for a trial
        self.delays: dict[str, float] = {}  #: seconds between two requests that a site's robots.txt asks for

    @classmethod
    def serves(cls, row: SourceRow) -> bool:
        """Whether this spider may be started for that source."""
        return row.spider == cls.name

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider for `source=KEY` and set the manners of that source; raises ConfigError."""
        key = str(kwargs.pop("source", ""))
        path = str(crawler.settings.get("HUANYU_CONFIG") or "")
        config = Config.load(Path(path) if path else None)
        key = key or cls.only_source(config)
        row = config.bureau.source(key)
        if row is None or not cls.serves(row):
            raise ConfigError(f"sources.toml 中没有用 {cls.name} 抓取的来源 {key!r}, 用法: -a source=KEY")
        if row.spider == cls.name and row.mode not in cls.modes:
            known = "、".join(sorted(mode for mode in cls.modes if mode))
            raise ConfigError(f"sources.toml 来源 {key} 的 mode {row.mode!r} 不认识, 可用: {known}")
        polite = manners.settings(row, config.bureau.bureau, config.settings.contact, VERSION)
        for name, value in polite.items():
            crawler.settings.set(name, value, priority="spider")
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.config, spider.source = config, row
        at = str(crawler.settings.get("HUANYU_AT") or "")
        spider.at = datetime.fromisoformat(at) if at else None
        page = str(crawler.settings.get("HUANYU_PAGE") or "")
        spider.alone = tuple(spider.look(page)) if page else ()
        return spider

    @classmethod
    def only_source(cls, config: Config) -> str:
        """The one source that this spider reads; raises ConfigError naming them where there are several or none."""
        rows = [row for row in config.bureau.sources if cls.serves(row)]
        keys = [row.key for row in rows if row.enabled]
        if len(keys) == 1:
            return keys[0]
        off = "、".join(row.key for row in rows if not row.enabled)
        if not keys:
            raise ConfigError(
                f"sources.toml 中没有启用的 {cls.name} 来源" + (f", 未启用的有: {off}" if off else "")
            )
        raise ConfigError(
            f"用 {cls.name} 抓取的来源有 {len(keys)} 个, 请用 -a source= 指明一个: {'、'.join(keys)}"
        )

    async def start(self) -> Any:
        """First requests, or none at all where the site is closed to us."""
        if manners.needs_permission(self.source):
            self.walls.append(CLOSED)
            return
        for request in self.alone or self.first():
            yield request
        for one in self.probes:
            yield self.look_at(one)

    def first(self) -> Iterable[Request]:
        """The requests a visit begins with."""
        raise NotImplementedError

    def look(self, url: str) -> Iterable[Request]:
        """The request for one page alone, which a trial asks for; raises ConfigError where a spider reads no such page."""
        raise ConfigError(f"用 {self.name} 抓取的来源不能单独试读一页 ({url})")

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
            self.walls += [wall for part, wall in DROPPED if part in str(failure.value)]
            yield from lost(failure) if lost else ()
            if stopped := next((wall for wall in self.walls if wall.stop), None):
                raise CloseSpider(stopped.state)

        return Request(
            url,
            callback=callback,
            errback=errback,
            headers=headers,
            meta={EXPECTS: expects, GIVEN: tuple(meta), **meta},
            dont_filter=True,  # each spider asks for each page once by itself; a filter would hide a repeated poll
        )

    def look_at(self, one: Probe) -> Request:
        """A look at the page of a known post; without `expects`, for what it meets is no state of the source."""

        def read(response: Response) -> None:
            said = (response.headers.get("Content-Type") or b"").decode("latin-1")
            page = decode(response.body, said, self.source.encoding).text
            self.probed[one.id] = probing.reading(response.status, page, one.words)

        def lost(failure: Failure) -> None:
            if told := probing.lost(failure.value):
                self.probed[one.id] = False, told

        return Request(one.url, callback=read, errback=lost, priority=probing.LAST, dont_filter=True)

    def text(self, response: Response) -> str:
        """The page as text, decoded once by the middleware."""
        return str(response.meta["decoded"].text)

    def now(self) -> datetime:
        """The moment this visit counts as: the present, or the past day a rehearsal plays."""
        return self.at or clock.now()

    def reject(
        self, response: Response, problem: object, payload: bytes | None = None, callback: str = ""
    ) -> Reject:
        """A response that cannot be read, kept with its reason and what is needed to read it again.

        Of one bad item inside a good page: that item as `payload`, the method that reads such a one as `callback`.
        """
        request = response.request
        asked = request.meta if request else {}
        said = (response.headers.get("Content-Type") or b"").decode("latin-1")
        return Reject(
            source=self.source.key,
            where=response.url,
            reason=str(problem),
            payload=(response.body if payload is None else payload)[:PAYLOAD],
            at=self.now(),
            callback=callback or (self.method(request.callback) if request else ""),
            meta=dump_meta(self, asked) | {TYPE: said},
        )

    def method(self, callback: object) -> str:
        """Name of the method of this spider that `callback` is; "" where it is none."""
        name = str(getattr(callback, "__name__", ""))
        return name if name and getattr(self, name, None) == callback else ""

    @property
    def sites(self) -> Path:
        """Where the desk keeps what it must not forget of each site: when it was asked, what its robots.txt said."""
        return self.config.data_dir / "sites"

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
