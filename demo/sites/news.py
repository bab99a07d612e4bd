"""A pretended news site: an RSS 2.0 and an Atom feed with conditional GET, and the articles they lead to.

Feeds are as uneven as real ones: two date forms, escaped HTML, an item without guid, an item that is no article.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Sequence
from datetime import datetime

from demo.sites import dating
from demo.sites import pages
from demo.sites.content import Article
from demo.sites.content import Names
from demo.sites.server import Reply
from demo.sites.server import Request
from demo.sites.server import Site
from demo.sites.server import not_found

RELATED = 4
ARTICLE = re.compile(r"^/content/(\d+)\.html$")
ROBOTS = b"User-agent: *\nDisallow: /admin/\n"


class NewsSite(Site):
    """One site with two feeds: /rss.xml and /atom.xml."""

    def __init__(
        self, articles: Sequence[Article], now: datetime, port: int = 0, names: Names | None = None
    ) -> None:
        super().__init__(port)
        self.now = now
        self.names = names or Names()
        self.articles = {article.id: article for article in articles}

    def answer(self, request: Request) -> Reply:
        if request.path == "/robots.txt":
            return Reply(ROBOTS, "text/plain; charset=utf-8")
        if request.path == "/rss.xml":
            return self._unless_known(request, self._rss().encode("utf-8"), "application/rss+xml")
        if request.path == "/atom.xml":
            return self._unless_known(request, self._atom().encode("utf-8"), "application/atom+xml")
        if request.path in {"/", "/list.html"}:
            return self._list()
        match = ARTICLE.match(request.path)
        article = self.articles.get(int(match[1])) if match else None
        return self._article(article) if article and article.form != "channel" else not_found("文章不存在")

    def _unless_known(self, request: Request, body: bytes, media: str) -> Reply:
        """304 where the reader's ETag or date still holds."""
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        changed = dating.gmt(max(self._at(article) for article in self.articles.values()))
        headers = {"ETag": etag, "Last-Modified": changed}
        known = request.headers.get("if-none-match")
        if known == etag or (known is None and request.headers.get("if-modified-since") == changed):
            return Reply(b"", media, 304, headers)
        return Reply(body, f"{media}; charset=utf-8", 200, headers)

    # --- feeds ----------------------------------------------------------------------------------------------

    def _rss(self) -> str:
        items = "\n".join(self._rss_item(article) for article in self._newest("rss"))
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0">\n<channel>\n'
            f"<title>{self.names.paper}（演示）</title>\n<link>{self.url}/</link>\n<description>本地新闻</description>\n"
            f"<language>zh-cn</language>\n<lastBuildDate>{dating.rfc822(self._at(self._newest('rss')[0]))}"
            f"</lastBuildDate>\n{items}\n</channel>\n</rss>\n"
        )

    def _rss_item(self, article: Article) -> str:
        link = f"{self.url}/" if article.form == "channel" else self._link(article)
        guid = "" if article.form else f'<guid isPermaLink="false">swcx-{article.id}</guid>\n'
        # every other item in the other date form, as on sites that changed their software
        when = self._at(article)
        printed = dating.gmt(when) if article.id % 2 else dating.rfc822(when)
        summary = html.escape(f"<p>{_summary(article)}</p>", quote=False)
        return (
            f"<item>\n<title>{html.escape(article.title)}</title>\n<link>{link}</link>\n{guid}"
            f"<author>{html.escape(article.author)}</author>\n<pubDate>{printed}</pubDate>\n"
            f"<description>{html.escape(summary, quote=False) if article.id % 3 == 0 else summary}"
            "</description>\n</item>"
        )

    def _atom(self) -> str:
        newest = self._newest("atom")
        entries = "\n".join(self._atom_entry(article) for article in newest)
        return (
            '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
            f'<title>{self.names.magazine}（演示）</title>\n<link href="{self.url}/" />\n'
            f'<link rel="self" href="{self.url}/atom.xml" />\n<id>tag:demo.invalid,2020:lxgc</id>\n'
            f"<updated>{self._at(newest[0]).isoformat()}</updated>\n{entries}\n</feed>\n"
        )

    def _atom_entry(self, article: Article) -> str:
        when = self._at(article).isoformat()
        return (
            f"<entry>\n<title>{html.escape(article.title)}</title>\n"
            f'<link rel="alternate" type="text/html" href="{self._link(article)}" />\n'
            f"<id>{_atom_id(article)}</id>\n<published>{when}</published>\n<updated>{when}</updated>\n"
            f"<author><name>{html.escape(article.author)}</name></author>\n"
            f'<summary type="html"><![CDATA[<p>{html.escape(_summary(article))}</p>]]></summary>\n</entry>'
        )

    # --- pages ----------------------------------------------------------------------------------------------

    def _article(self, article: Article) -> Reply:
        when = self._at(article)
        others = [one for one in self._newest(article.feed) if one.id != article.id and not one.form]
        return pages.show(
            f"news_{article.feed}.html",
            paper=self.names.paper,
            magazine=self.names.magazine,
            title=html.escape(article.title),
            summary=html.escape(_summary(article)),
            author=html.escape(article.author),
            outlet=html.escape(article.outlet),
            when=dating.plain(when),
            iso=when.isoformat(),
            paragraphs="\n".join(f"<p>{html.escape(line)}</p>" for line in article.text.split("\n")),
            related="".join(_link_item(one) for one in others[:RELATED]),
        )

    def _list(self) -> Reply:
        shown = [*self._newest("rss"), *self._newest("atom")]
        shown = sorted((one for one in shown if one.form != "channel"), key=self._at, reverse=True)
        items = "\n".join(
            f'<li><a href="/content/{one.id}.html">{html.escape(one.title)}</a><span>{self._at(one):%m-%d %H:%M}'
            "</span></li>"
            for one in shown
        )
        return pages.show("news_list.html", items=items, paper=self.names.paper, magazine=self.names.magazine)

    def _newest(self, feed: str) -> list[Article]:
        mine = [article for article in self.articles.values() if article.feed == feed]
        return sorted(mine, key=self._at, reverse=True)

    def _at(self, article: Article) -> datetime:
        return dating.moment(article, self.now)

    def _link(self, article: Article) -> str:
        return f"{self.url}/content/{article.id}.html"


def native_id(article: Article, url: str) -> str:
    """What a reader of the feed knows the article by: its guid, or its address where it has none."""
    if article.feed == "atom":
        return _atom_id(article)
    return f"{url}/content/{article.id}.html" if article.form else f"swcx-{article.id}"


def _atom_id(article: Article) -> str:
    return f"tag:demo.invalid,2020:lxgc/{article.id}"


def _summary(article: Article) -> str:
    first = article.text.split("\n", 1)[0]
    return first if len(first) <= 90 else f"{first[:90]}…"


def _link_item(article: Article) -> str:
    return f'<li><a href="/content/{article.id}.html">{html.escape(article.title)}</a></li>'
