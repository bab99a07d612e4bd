"""Read RSS and Atom feeds: entries with a stable identity, also where the feed gives none.

Pure: bytes in, entries out. Fetching the article behind an entry is the spider's business.
"""

from __future__ import annotations

import calendar
import hashlib
import re
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
DOCTYPE = re.compile(
    r"<!DOCTYPE[^>\[]*\[", re.I
)  # an internal subset is where XML bombs live; no feed needs one


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
    if DOCTYPE.search(text[:5000]):
        raise BadInput("内容带有内部 DTD, 为防止 XML 炸弹不予读取")
    # decoded already: what the declaration claims no longer holds
    found = feedparser.parse(
        DECLARATION.sub("", text).encode("utf-8"),
        response_headers={"content-type": "application/xml; charset=utf-8"},
    )
    channel = str(found.feed.get("link") or "")
    entries = [entry(item, url, now) for item in found.entries if is_article(item, channel, url)]
    problem = f"XML 有错误, 读到的可能不全: {found.bozo_exception}" if found.bozo else ""
    if problem and not found.entries:
        raise BadInput(problem)
    return Feed(
        plain(str(found.feed.get("title") or "")), tuple(entries), len(found.entries) - len(entries), problem
    )


def is_article(item: Any, channel: str, feed_url: str) -> bool:
    """Whether an item leads to an article: a link to the channel itself or to a bare folder does not."""
    link = urljoin(feed_url, str(item.get("link") or ""))
    if not item.get("link"):
        return bool(item.get("title"))
    parts = urlsplit(link)
    if link == urljoin(feed_url, channel):
        return False
    return (
        bool(parts.query)
        or not (parts.path.endswith("/") or not parts.path)
        or bool(re.search(r"\d", parts.path))
    )


def entry(item: Any, feed_url: str, now: datetime) -> Entry:
    link = str(item.get("link") or "")
    title = plain(str(item.get("title") or ""))
    summary = plain(best_body(item))
    posted, inferred = posted_at(item, now)
    identity = str(item.get("id") or "") or link or f"{title}\n{told(item, 'published')}"
    return Entry(
        native_id=identity if len(identity) <= 200 and "\n" not in identity else digest(identity),
        url=urljoin(feed_url, link) if link else feed_url,
        title=title,
        summary=summary,
        author=plain(str(item.get("author") or "")),
        posted_at=posted,
        year_inferred=inferred,
        fingerprint=digest(f"{identity}\n{title}\n{summary}\n{told(item, 'updated')}")[:12],
    )


def best_body(item: Any) -> str:
    """The longest of content and summary."""
    bodies = [str(part.get("value") or "") for part in item.get("content") or ()]
    return max([*bodies, str(item.get("summary") or "")], key=len)


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
