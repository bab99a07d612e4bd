"""From what rules found on list and detail pages to posts: which number, which name, which words win.

Pure; the rules themselves are read in `crawler.site_rules`.
"""

from __future__ import annotations

from dataclasses import fields
from dataclasses import replace
from datetime import datetime

from crawler import links
from crawler.article_html import Article
from crawler.site_rules import Found
from crawler.site_walk import digest
from huanyu.bureau import SourceRow
from huanyu.types import RawPost

OWN = 24  # characters of the digest that numbers what has neither number nor page
ANSWER = "#"  #: between the number of a post and that of an answer to it
LEFT_OUT = frozenset({"link", "year_inferred", "missing", "odd"})  #: never taken from the page behind an item


def id_of(item: Found) -> str:
    """The item's number: by rule, else the name of its page, else its words; the same at every visit."""
    return item.native_id or links.canonical(item.link or item.url) or by_words(item)


def by_words(item: Found) -> str:
    """A number made of who said what; of the time only where it will still be printed so tomorrow."""
    return digest("\n".join((item.author, item.title, item.text, item.stamp)), OWN)


def mark_of(item: Found) -> str:
    """What changes in a list when there is something new behind an item."""
    return digest(f"{item.status}\n{item.comments}", 6)


def says_something(item: Found) -> bool:
    return bool(item.title or item.text or item.images)


def merged(listed: Found, own: Found) -> Found:
    """The item of a list completed by its own page, which wins where both say something."""
    told = {
        field.name: value
        for field in fields(Found)
        if field.name not in LEFT_OUT and (value := getattr(own, field.name)) not in ("", None, ())
    }
    if own.posted_at:
        told["year_inferred"] = own.year_inferred
    return replace(listed, **told, missing=own.missing, odd=own.odd)


def with_article(item: Found, article: Article, raw: str, page: int) -> Found:
    """The item of a list completed by the article behind it; lists cut titles, and a second page only adds to it."""
    if page > 1:
        images = tuple(dict.fromkeys((*item.images, *article.images)))
        return replace(item, text=f"{item.text}\n{article.text}", images=images)
    found = Found(
        title=article.title,
        text=article.text,
        author=article.author,
        posted_at=article.posted_at,
        year_inferred=article.year_inferred,
        images=article.images,
        raw=raw,
    )
    return merged(item, found)


def post(item: Found, source: SourceRow, json: bool, now: datetime) -> RawPost:
    """A post of its own."""
    link = links.canonical(item.url or item.link)
    return build(item, source, json, now, id_of(item), item.url or item.link or source.urls[0], link, link)


def answer(item: Found, to: Found, source: SourceRow, json: bool, now: datetime) -> RawPost:
    """An answer or floor below the post `to`, on its page."""
    own = id_of(to)
    number = f"{own}{ANSWER}{item.native_id or by_words(item)}"
    page = links.canonical(to.url or to.link)
    found = build(item, source, json, now, number, item.url or to.url or to.link, "", "")
    identity = f"{page}{number.removeprefix(own)}" if page else ""
    return replace(found, parent_id=own, identity=identity)


def build(
    item: Found,
    source: SourceRow,
    json: bool,
    now: datetime,
    native_id: str,
    url: str,
    link: str,
    identity: str,
) -> RawPost:
    return RawPost(
        source=source.key,
        kind=source.kind,
        native_id=native_id,
        url=url,
        link=link,
        identity=identity,
        title=item.title,
        text=item.text or item.title,
        fetched_at=now,
        author=item.author,
        author_id=item.author_id,
        posted_at=item.posted_at,
        year_inferred=item.year_inferred,
        region=item.region,
        likes=item.likes,
        reposts=item.reposts,
        comments=item.comments,
        views=item.views,
        images=item.images,
        raw=item.raw.encode(),
        raw_type="application/json" if json else "text/html; charset=utf-8",
    )
