"""RSS and Atom: the feeds in `urls`, asked conditionally, and the article behind every new entry.

Mode "summary" takes the feed's own text. What feeds and pages mean is in crawler.feed_xml and crawler.article_html.
"""

from __future__ import annotations

from collections.abc import Iterable

from scrapy.http import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler import article_html
from crawler import feed_xml
from crawler.article_html import Article
from crawler.feed_xml import Entry
from crawler.source_spider import Output
from crawler.source_spider import SourceSpider
from huanyu.errors import BadInput
from huanyu.types import RawPost

NOT_MODIFIED = 304
ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5"


class FeedSpider(SourceSpider):
    name = "feed"
    modes = frozenset({"", "summary"})

    def first(self) -> Iterable[Request]:
        for url in self.source.urls or (self.source.base_url,):
            yield self.ask(url, self.parse_feed, "xml", None, self.condition(url), feed=url)

    def condition(self, url: str) -> dict[str, str]:
        """What the server needs to say "not modified"."""
        told = {
            "If-None-Match": self.cursor.get(f"etag:{url}"),
            "If-Modified-Since": self.cursor.get(f"modified:{url}"),
        }
        return {"Accept": ACCEPT} | {name: value for name, value in told.items() if value}

    def parse_feed(self, response: Response) -> Output:
        url = response.meta["feed"]
        if response.status == NOT_MODIFIED:
            return
        try:
            found = feed_xml.read(response.body, header(response, "Content-Type"), response.url, self.now())
        except BadInput as problem:
            yield self.reject(response, problem)
            return
        if found.problem:
            yield self.reject(response, found.problem)
        known = set(self.cursor.get(f"read:{url}", "").split())
        for entry in found.entries:
            self.note_read(url, entry)
            if entry.fingerprint not in known:
                yield from self.entry(entry, url)
        self.advance(f"etag:{url}", header(response, "ETag"))
        self.advance(f"modified:{url}", header(response, "Last-Modified"))

    def note_read(self, url: str, entry: Entry) -> None:
        """Remember what this edition of the feed lists, so that no article is fetched twice."""
        key = f"read:{url}"
        self.advance(key, f"{self.progress.get(key, '')} {entry.fingerprint}".strip())

    def entry(self, entry: Entry, feed: str) -> Output:
        """An entry by itself, or a request for its article; without the article the summary is better than nothing."""
        if self.source.mode == "summary" or entry.url == feed:
            yield self.post(entry, None, b"", "")
            return

        def lost(_: Failure) -> Iterable[RawPost]:
            self.held |= {f"etag:{feed}", f"modified:{feed}", f"read:{feed}"}
            return [self.post(entry, None, b"", "")]

        yield self.ask(entry.url, self.parse_article, "html", lost, entry=entry)

    def parse_article(self, response: Response) -> Output:
        entry: Entry = response.meta["entry"]
        found = (
            None
            if response.meta["gone"]
            else article_html.read(self.text(response), response.url, self.now())
        )
        yield self.post(entry, found, response.body, header(response, "Content-Type"))

    def post(self, entry: Entry, article: Article | None, raw: bytes, raw_type: str) -> RawPost:
        dated = entry.posted_at is not None or article is None
        return RawPost(
            source=self.source.key,
            kind=self.source.kind,
            native_id=entry.native_id,
            url=entry.url,
            title=entry.title or (article.title if article else ""),
            text=article.text if article else entry.summary or entry.title,
            fetched_at=self.now(),
            author=entry.author or (article.author if article else ""),
            posted_at=entry.posted_at if dated or article is None else article.posted_at,
            year_inferred=entry.year_inferred if dated or article is None else article.year_inferred,
            raw=raw,
            raw_type=raw_type,
        )


def header(response: Response, name: str) -> str:
    return (response.headers.get(name) or b"").decode("latin-1")
