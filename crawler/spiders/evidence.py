"""The pictures of one source's complaints, one after the other: `scrapy crawl evidence -a source=KEY`.

What is wanted is handed in by crawler.evidence_store, which also takes what came. What a picture is, is decided in
crawler.evidence.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from typing import Any
from typing import ClassVar
from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler import addresses
from crawler import evidence
from crawler import manners
from crawler.evidence import Outcome
from crawler.evidence import Wanted
from crawler.middlewares import sentence
from crawler.source_spider import SourceSpider
from huanyu.bureau import SourceRow

#: What is said of a request that is dropped for good -> our word for it; "" = what is said is Chinese already.
FINAL = (
    ("Forbidden by robots.txt", evidence.ROBOTS),
    ("redirections", evidence.CIRCLES),
    ("size", evidence.TOO_LARGE),
    ("内部地址", ""),
    ("http 和 https", ""),
)
RESTS = frozenset({429, 503})


class EvidenceSpider(SourceSpider):
    name = "evidence"
    custom_settings: ClassVar[dict[str, Any]] = {
        "ITEM_PIPELINES": {"crawler.evidence_store.EvidencePipeline": 300},
        "DOWNLOAD_MAXSIZE": evidence.LARGEST,
        "DOWNLOAD_WARNSIZE": 0,
        "REFERER_ENABLED": False,  # the page is named by us, never the picture before
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted: list[Wanted] = []
        self.resting: set[tuple[str, int] | None] = set()  #: hosts that asked to be left alone

    @classmethod
    def serves(cls, _: SourceRow) -> bool:
        return True

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        # An API's terms say nothing of its pictures: those are pages like any other.
        crawler.settings.set("ROBOTSTXT_OBEY", not spider.source.permission, priority="spider")
        return spider

    async def start(self) -> Any:
        for item in self.following():
            yield item

    def following(self) -> Iterator[Request | Outcome]:
        """The next picture to ask for; those of a host that asked for rest are put off unasked."""
        while self.wanted:
            one = self.wanted.pop(0)
            host = addresses.netloc(one.url)
            if host is None:
                yield evidence.refused(one, evidence.NO_ADDRESS)
            elif host in self.resting:
                yield evidence.later(one, evidence.RESTING)
            else:
                yield self.picture(one)
                return

    def picture(self, one: Wanted) -> Request:
        """Without `expects`: walls are judged by pages, and one refused picture says nothing of the next host."""
        page = {"Referer": one.page} if addresses.netloc(one.page) else {}

        def lost(failure: Failure) -> Iterator[Any]:
            yield self.failed(one, failure.value)
            self.walls.clear()  # what one host says is nothing against the next
            yield from self.following()

        return Request(
            one.url,
            callback=self.came,
            errback=lost,
            headers={"Accept": "image/*"} | page,
            meta={"wanted": one, "dont_retry": True},
            dont_filter=True,
        )

    def came(self, response: Response) -> Iterable[Any]:
        one: Wanted = response.meta["wanted"]
        said = (response.headers.get("Retry-After") or b"").decode("latin-1")
        told = manners.retry_after(said, self.now())
        if response.status in RESTS:
            self.resting.add(addresses.netloc(one.url))
        self.pages += 1
        yield evidence.answered(one, response.status, response.body, told)
        yield from self.following()

    def failed(self, one: Wanted, problem: BaseException | None) -> Outcome:
        """The outcome where no answer came."""
        if isinstance(problem, DownloadCancelledError):
            return evidence.refused(one, evidence.TOO_LARGE)
        if isinstance(problem, IgnoreRequest):
            said = str(problem)
            final = next((ours or said for theirs, ours in FINAL if theirs in said), "")
            return evidence.refused(one, final) if final else self.put_off(one, problem)
        return evidence.later(one, sentence(problem))

    def put_off(self, one: Wanted, problem: IgnoreRequest) -> Outcome:
        """The site wants to be left alone, or its robots.txt cannot be read: nothing else is asked there now."""
        self.resting.add(addresses.netloc(one.url))
        until = getattr(problem.__cause__, "until", None)
        said = next((wall.sentence for wall in reversed(self.walls)), evidence.RESTING)
        return evidence.later(one, said, until - self.now() if until else None)
