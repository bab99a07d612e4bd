"""RSS and Atom: the feeds in `urls`, asked conditionally, and the article behind every new entry.

Mode "summary" takes the feed's own text. What feeds and pages mean is in crawler.feed_xml and crawler.article_html.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from scrapy.http import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler import article_html
from crawler import feed_memory
from crawler import feed_xml
from crawler import links
from crawler.article_html import Article
from crawler.feed_memory import Waiting
from crawler.feed_xml import Entry
from crawler.source_spider import Output
from crawler.source_spider import SourceSpider
from crawler.walls import Wall
from huanyu.errors import BadInput
from huanyu.types import RawPost

NOT_MODIFIED = 304
FOR_GOOD = frozenset({301, 308})
ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5"
ENTRIES = 20  # articles that count as one of `max_pages`
PAGES = 10  # of one article
MOST = 1000  # articles that wait; of more the feed's own text is kept and no more
MANY = "新稿件太多"
FEED_GONE = "订阅地址已不存在 (HTTP {status}): {url}, 请到该网站查找新的地址"
MOVED = "订阅地址已永久改为 {url}, 请更新该来源的 urls"
NO_ARTICLE = "页面里没有找到文章正文, 订阅里也没有摘要"
GIVEN_UP = "连续 {tries} 次没有读到全文, 不再重试, 只保留订阅里的标题和摘要"


@dataclass(frozen=True, slots=True)
class Read:
    """The pages of an article that were read so far."""

    article: Article | None = None
    page: int = 1
    been: tuple[str, ...] = ()


class FeedSpider(SourceSpider):
    name = "feed"
    modes = frozenset({"", "summary"})
    told = MappingProxyType({"entry": Entry, "so_far": Read})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.waiting: dict[str, dict[str, Waiting]] = defaultdict(dict)  #: feed -> entries still to be read
        self.asked: set[str] = set()  #: ids of entries asked for on this visit

    def first(self) -> Iterable[Request]:
        for url in self.source.urls or (self.source.base_url,):
            self.waiting[url] = feed_memory.load(self.cursor.get(f"left:{url}", ""))
            yield self.ask(url, self.parse_feed, "xml", None, self.condition(url), feed=url)
            yield from self.articles(url)

    def look(self, url: str) -> Iterable[Request]:
        yield self.ask(url, self.parse_feed, "xml", None, {"Accept": ACCEPT}, feed=url)

    def condition(self, url: str) -> dict[str, str]:
        """What the server needs to say "not modified"."""
        told = {
            "If-None-Match": self.cursor.get(f"etag:{url}"),
            "If-Modified-Since": self.cursor.get(f"modified:{url}"),
        }
        return {"Accept": ACCEPT} | {name: value for name, value in told.items() if value}

    # --- the feed -------------------------------------------------------------------------------------------

    def parse_feed(self, response: Response) -> Output:
        url = response.meta["feed"]
        self.moved_for_good(response)
        if response.status == NOT_MODIFIED:
            return
        if response.meta["gone"]:
            self.pages -= 1  # no result
            self.walls.append(Wall("failing", FEED_GONE.format(status=response.status, url=url), stop=False))
            return
        try:
            found = feed_xml.read(response.body, header(response, "Content-Type"), response.url, self.now())
        except BadInput as problem:
            yield self.reject(response, problem)
            return
        if found.problem:
            yield self.reject(response, found.problem)
        else:  # what broke off is asked for again, whole
            self.advance(f"etag:{url}", header(response, "ETag"))
            self.advance(f"modified:{url}", header(response, "Last-Modified"))
        yield from self.news(found.entries, url)

    def moved_for_good(self, response: Response) -> None:
        """Tell the desk of a feed that has a new address; following it for ever costs everybody a request."""
        reasons = response.meta.get("redirect_reasons") or ()
        if reasons and FOR_GOOD.issuperset(reasons):
            self.remarks.append(MOVED.format(url=response.url))

    def news(self, entries: Iterable[Entry], url: str) -> Output:
        """What is new of this edition, which is remembered so that no article is fetched twice."""
        known = set(self.cursor.get(f"read:{url}", "").split())
        listed: list[str] = []
        for entry in entries:
            listed.append(entry.fingerprint)
            if entry.fingerprint in known:
                continue
            if self.source.mode == "summary" or not entry.own_page or len(self.waiting[url]) >= MOST:
                yield self.post(entry, None, b"", "")
            else:
                self.waiting[url][entry.native_id] = Waiting(entry)
        self.advance(f"read:{url}", " ".join(listed))
        yield from self.articles(url)

    # --- the articles ---------------------------------------------------------------------------------------

    def articles(self, feed: str) -> Iterable[Request]:
        """Requests for articles that wait, as many as a visit may make; the others wait for the next one."""
        for one in [one for one in self.waiting[feed].values() if one.entry.native_id not in self.asked]:
            if len(self.asked) >= self.source.max_pages * ENTRIES:
                self.tell_waiting()
                break
            self.asked.add(one.entry.native_id)
            yield self.ask_article(one.entry, feed, one.entry.url, Read())
        self.remember(feed)

    def tell_waiting(self) -> None:
        """Say once how many articles of all feeds wait for the next visit."""
        number = len({native_id for waiting in self.waiting.values() for native_id in waiting} - self.asked)
        self.remarks[:] = [one for one in self.remarks if not one.startswith(MANY)]
        self.remarks.append(f"{MANY}, 还有 {number} 篇留待下次读取, 请缩短抓取间隔或增加 max_pages")

    def remember(self, feed: str) -> None:
        self.advance(f"left:{feed}", feed_memory.dump(self.waiting[feed]))

    def ask_article(self, entry: Entry, feed: str, url: str, so_far: Read) -> Request:
        def lost(_: Failure) -> Output:
            yield from self.without(entry, feed, so_far)

        return self.ask(url, self.parse_article, "html", lost, entry=entry, feed=feed, so_far=so_far)

    def without(self, entry: Entry, feed: str, so_far: Read) -> Output:
        """What there is of an article that did not come; it is asked for again on a few more visits."""
        yield self.post(entry, so_far.article, b"", "")
        waiting = self.waiting[feed].get(entry.native_id, Waiting(entry)).again()
        self.waiting[feed][entry.native_id] = waiting
        if waiting.tries >= feed_memory.TRIES:
            del self.waiting[feed][entry.native_id]
            self.walls.append(Wall("failing", GIVEN_UP.format(tries=waiting.tries), stop=False))
        self.remember(feed)

    def parse_article(self, response: Response) -> Output:
        """An article, all its pages as one post; without an article the feed's own text is better than nothing."""
        entry, so_far, feed = (response.meta[name] for name in ("entry", "so_far", "feed"))
        found = None if response.meta["gone"] else self.read(response)
        if found is None and so_far.article is None and not entry.summary and not response.meta["gone"]:
            yield self.reject(response, NO_ARTICLE)
        article = joined(so_far.article, found)
        following = found.next_url if found else ""
        if following and so_far.page < PAGES and following not in {*so_far.been, response.url}:
            been = (*so_far.been, response.url)
            yield self.ask_article(entry, feed, following, Read(article, so_far.page + 1, been))
            return
        raw = b"" if response.meta["gone"] else response.body
        page = (so_far.been or (response.url,))[0]
        yield self.post(entry, article, raw, header(response, "Content-Type"), page)
        for url, waiting in self.waiting.items():  # other feeds of the site may list it too
            if waiting.pop(entry.native_id, None):
                self.remember(url)

    def read(self, response: Response) -> Article | None:
        return article_html.read(self.text(response), response.url, self.now())

    def post(
        self, entry: Entry, article: Article | None, raw: bytes, raw_type: str, page: str = ""
    ) -> RawPost:
        """The entry with its article; `page` is where a redirect led to."""
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
            images=tuple(dict.fromkeys((*(article.images if article else ()), *entry.images))),
            raw=raw,
            raw_type=raw_type,
            identity=links.canonical(entry.url) if entry.own_page else "",
            link=links.canonical(page or entry.url) if entry.own_page else "",
        )


def joined(before: Article | None, found: Article | None) -> Article | None:
    """The article with one more of its pages."""
    if before is None or found is None:
        return found or before
    images = tuple(dict.fromkeys((*before.images, *found.images)))
    return replace(before, text=f"{before.text}\n{found.text}", images=images)


def header(response: Response, name: str) -> str:
    return (response.headers.get(name) or b"").decode("latin-1")
