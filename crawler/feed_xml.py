"""Read RSS and Atom feeds: entries with a stable identity, also where the feed gives none.

Pure: bytes in, entries out. Fetching the article behind an entry is the spider's business.
"""

from __future__ import annotations

import calendar
import hashlib
import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from typing import Any
from urllib.parse import urljoin
from urllib.parse import urlsplit

import feedparser

from crawler import dates
from crawler.charset import decode
from crawler.markup import plain
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput

DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>\s*")
ROOT = re.compile(r"<(?:rss|feed|rdf:RDF|RDF)[\s>]", re.I)
# None of these may read on behind the next "<": a page of nothing but beginnings would be read again from each.
#: An internal subset is where XML bombs live; no feed needs one.
DOCTYPE = re.compile(r"<!DOCTYPE[^<>\[]*\[\s*(?:<[!?]|%)", re.I)
TAGS = re.compile(r"</?(?:p|br|div|span|img|a|strong|font)\b[^<>]*>", re.I)
PICTURE = re.compile(r"""<img\b[^<>]*?\bsrc\s*=\s*["']?([^"'\s>]+)""", re.I)
MOST_PICTURES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a feed."""

    native_id: str
    url: str
    title: str
    summary: str
    author: str
    posted_at: datetime | None
    year_inferred: bool
    fingerprint: str  #: changes when the entry does
    images: tuple[str, ...] = ()
    own_page: bool = True  #: it has an address, and no other entry of the feed has the same


@dataclass(frozen=True, slots=True)
class Feed:
    title: str
    entries: tuple[Entry, ...]
    skipped: int  #: links to a channel page, entries without link and title
    problem: str = ""  #: Chinese; the XML was broken but readable


def read(body: bytes, content_type: str, url: str, now: datetime) -> Feed:
    """Entries of a feed in its own order; `BadInput` when it is none.

    An empty feed is a `Feed` without entries: whether that is a worry is for `crawler.health` to say.
    """
    text = decode(body, content_type).text.lstrip("\ufeff")
    if not ROOT.search(text[:5000]):
        raise BadInput("内容不是 RSS 或 Atom")
    if DOCTYPE.search(text):
        raise BadInput("内容带有内部 DTD, 为防止 XML 炸弹不予读取")
    # decoded already: what the declaration claims no longer holds
    found = feedparser.parse(
        DECLARATION.sub("", text).encode("utf-8"),
        response_headers={"content-type": "application/xml; charset=utf-8"},
    )
    channel = str(found.feed.get("link") or "")
    items = [item for item in found.entries if is_article(item, channel, url)]
    head = DECLARATION.match(text)
    skipped = text[: head.end()].count("\n") if head else 0
    problem = broken(found.bozo_exception, skipped) if found.bozo else ""
    if problem and not found.entries:
        raise BadInput(problem)
    title = plain(str(found.feed.get("title") or ""))
    return Feed(title, tuple(entries(items, url, now)), len(found.entries) - len(items), problem)


def broken(problem: Exception, skipped: int) -> str:
    """What is wrong with the XML, with the line where the parser knows it; feedparser puts one before all."""
    line = getattr(problem, "getLineNumber", lambda: None)()
    where = f" (第 {line - 1 + skipped} 行)" if line else ""
    return f"XML 有错误{where}, 读到的可能不全"


def entries(items: list[Any], url: str, now: datetime) -> Iterator[Entry]:
    """The entries, told apart also where a feed gives all of them one id or one link."""
    once = {(str(item.get("id") or ""), address(item, url), item.get("title")): item for item in items}
    ids = Counter(number for number, _, _ in once)
    links = Counter(link for _, link, _ in once)
    for (number, link, _), item in once.items():
        yield entry(item, url, now, ids[number] == 1, links[link] == 1 and link != url)


def address(item: Any, feed_url: str) -> str:
    """Where an entry leads, the feed itself where it leads nowhere."""
    link = "".join(str(item.get("link") or "").split())
    try:
        found = urljoin(feed_url, link) if link else feed_url
        return found if urlsplit(found).scheme in {"http", "https"} else feed_url
    except ValueError:  # http://[broken
        return feed_url


def is_article(item: Any, channel: str, feed_url: str) -> bool:
    """Whether an item leads to an article: a link to the channel itself or to a bare folder does not."""
    link = address(item, feed_url)
    if link == feed_url:
        return bool(item.get("title"))
    if link == urljoin(feed_url, channel):
        return False
    parts = urlsplit(link)
    in_folder = parts.path.endswith("/") or not parts.path
    return bool(parts.query) or not in_folder or bool(re.search(r"\d", parts.path))


def entry(item: Any, feed_url: str, now: datetime, unique_id: bool, own_page: bool) -> Entry:
    link = str(item.get("link") or "").strip()
    title = text_of(str(item.get("title") or ""))
    summary = text_of(best_body(item))
    posted, inferred = posted_at(item, now)
    dated = f"{title}\n{told(item, 'published')}"
    identity = (str(item.get("id") or "") if unique_id else "") or (link if own_page else "") or dated
    return Entry(
        native_id=identity if len(identity) <= 200 and "\n" not in identity else digest(identity),
        url=address(item, feed_url),
        title=title,
        summary=summary,
        author=plain(str(item.get("author") or "")),
        posted_at=posted,
        year_inferred=inferred,
        fingerprint=digest(f"{identity}\n{title}\n{summary}\n{told(item, 'updated')}")[:12],
        images=pictures(item, feed_url),
        own_page=own_page,
    )


def text_of(escaped: str) -> str:
    """Plain text, also of HTML that was escaped twice."""
    text = plain(escaped)
    return plain(text) if TAGS.search(text) else text


def best_body(item: Any) -> str:
    """The longest of content and summary."""
    bodies = [str(part.get("value") or "") for part in item.get("content") or ()]
    return max([*bodies, str(item.get("summary") or "")], key=len)


def pictures(item: Any, feed_url: str) -> tuple[str, ...]:
    """Enclosures and media elements that are pictures, and the pictures of the body."""
    media = [
        *item.get("enclosures", ()),
        *item.get("media_content", ()),
        *({**one, "medium": "image"} for one in item.get("media_thumbnail", ())),
    ]
    found = [str(one.get("href") or one.get("url") or "") for one in media if is_picture(one)]
    found += PICTURE.findall(html.unescape(best_body(item)))
    whole = (urljoin(feed_url, one.strip()) for one in found if one.strip())
    web = (one for one in whole if one.startswith(("http://", "https://")))
    return tuple(dict.fromkeys(web))[:MOST_PICTURES]


def is_picture(media: Any) -> bool:
    return media.get("medium") == "image" or str(media.get("type") or "").startswith("image/")


def posted_at(item: Any, now: datetime) -> tuple[datetime | None, bool]:
    """Our own grammar first (feeds print 2026-03-05 08:01 and mean local time), then feedparser's UTC tuple."""
    for name in ("published", "updated", "created"):
        if found := dates.parse(told(item, name), now):
            return found
    for name in ("published_parsed", "updated_parsed"):
        if item.get(name):
            return datetime.fromtimestamp(calendar.timegm(item[name]), UTC).astimezone(SHANGHAI), False
    return None, False


def told(item: Any, name: str) -> str:
    """A field that is really there: feedparser answers `updated` with `published`, and warns that it will not."""
    return str(item[name] or "") if name in item else ""


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:40]
