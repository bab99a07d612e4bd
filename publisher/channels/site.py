"""The bureau's own public pages of results: static files, one per public id, an index and a feed.

Everything is written whole or not at all, and everything can be rebuilt from data/*.json. Built from the approved
message only: it has never seen the case, the reporter or an original post.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final
from urllib.parse import urljoin
from urllib.parse import urlsplit

import jinja2

from huanyu import clock
from huanyu.bureau import BureauRow
from huanyu.errors import Refused
from huanyu.errors import Unavailable
from huanyu.types import Message
from huanyu.types import Receipt
from publisher.channels.contract import Abilities
from publisher.channels.contract import Limits

LIMITS: Final = Limits(length=0, per_minute=0, source="ours")
FEED_ITEMS: Final = 30
_NAME = re.compile(r"/r/(?P<id>[A-Za-z0-9_-]{6,64})\.html$")
_PAGES: Final = jinja2.Environment(
    loader=jinja2.PackageLoader("publisher"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
)
#: File in the site -> template; the feed's dates are RFC 822.
_LISTS: Final = (("index.html", "index.html"), ("feed.xml", "feed.xml"), ("sitemap.xml", "sitemap.xml"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What one message put on the page, and when."""

    key: str
    title: str
    text: str
    published_at: str  #: ISO 8601

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.published_at)

    @property
    def rfc822(self) -> str:
        return format_datetime(self.at)

    @property
    def paragraphs(self) -> list[str]:
        return [line.strip() for line in self.text.splitlines() if line.strip()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Published):
    """One published result, as kept in data/<id>.json; a reopened matter keeps what was said before below it."""

    id: str
    earlier: tuple[Published, ...] = ()  #: newest first

    @property
    def all(self) -> tuple[Published, ...]:
        return (self, *self.earlier)


def address(bureau: BureauRow, public_id: str) -> str:
    """Where the result with this public id will stand."""
    return urljoin(bureau.public_url.rstrip("/") + "/", f"r/{public_id}.html")


class SiteChannel:
    """A folder that any web server can serve."""

    abilities: Final = Abilities(read_back=True, idempotent=True)
    limits: Final = LIMITS

    def __init__(self, folder: Path, bureau: BureauRow) -> None:
        self._folder, self._bureau = folder, bureau

    def send(self, message: Message) -> Receipt:
        """Write the page named by `message.link`, then the index and the feed; again changes nothing.

        A further round of the same case goes on top under its own date.
        """
        try:
            page = self._page(message)
            self._write(f"data/{page.id}.json", json.dumps(asdict(page), ensure_ascii=False, indent=1))
            self._write(f"r/{page.id}.html", self._render("result.html", page=page))
            self._write_lists()
        except OSError as problem:
            raise Unavailable(f"网站目录写不进去：{problem.strerror or problem}") from problem
        said = next(one for one in page.all if one.key == message.key)
        return Receipt(platform_id=page.id, url=address(self._bureau, page.id), at=said.at)

    def read_back(self, message: Message) -> Receipt | None:
        """The page as it lies in the folder, if it says what the message says."""
        try:
            page = self._stored(_public_id(message))
        except OSError as problem:
            raise Unavailable(f"网站目录读不出来：{problem.strerror or problem}") from problem
        wanted = (message.key, message.title, message.text)
        found = [one for one in (page.all if page else ()) if (one.key, one.title, one.text) == wanted]
        if page is None or not found:
            return None
        return Receipt(
            platform_id=page.id, url=address(self._bureau, page.id), at=found[0].at, note="回读确认已发布"
        )

    def rebuild(self) -> int:
        """Write every page again, after a change of the templates; returns how many."""
        pages = self._pages()
        for page in pages:
            self._write(f"r/{page.id}.html", self._render("result.html", page=page))
        self._write_lists()
        return len(pages)

    def _page(self, message: Message) -> Page:
        public_id = _public_id(message)
        before = self._stored(public_id)
        if before and _matter(before.key) != _matter(message.key):
            raise Refused("这个网址已被另一件的结果占用")
        if before and message.key in {one.key for one in before.earlier}:
            return before  # an old round told again: it stands there already
        same = before is not None and before.key == message.key
        return Page(
            id=public_id,
            key=message.key,
            title=message.title,
            text=message.text,
            published_at=before.published_at if before and same else _stamp(),
            earlier=_below(before, same=same),
        )

    def _stored(self, public_id: str) -> Page | None:
        path = self._folder / "data" / f"{public_id}.json"
        return _read(path) if path.exists() else None

    def _pages(self) -> list[Page]:
        names = sorted((self._folder / "data").glob("*.json"))
        pages = [_read(path) for path in names]
        return sorted(pages, key=lambda page: (page.at, page.id), reverse=True)

    def _write_lists(self) -> None:
        """Two workers may publish at once: whoever sees a page more than it listed writes again."""
        listed: list[Page] | None = None
        while listed != (pages := self._pages()):
            for name, template in _LISTS:
                self._write(name, self._render(template, pages=pages, latest=pages[:FEED_ITEMS]))
            listed = pages
        self._write("site.css", _PAGES.get_template("site.css").render())

    def _render(self, template: str, **values: object) -> str:
        base = self._bureau.public_url.rstrip("/")
        return _PAGES.get_template(template).render(bureau=self._bureau, base=base, **values)

    def _write(self, name: str, content: str) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=".", delete=False) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).chmod(0o644)  # temporary files are private, pages are not
        Path(file.name).replace(path)


def _matter(key: str) -> list[str]:
    """The part of a message's key that names the case: reply:12 of reply:12:site:2."""
    return key.split(":")[:2]


def _stamp() -> str:
    return clock.now().isoformat(timespec="seconds")


def _below(before: Page | None, *, same: bool) -> tuple[Published, ...]:
    """What stays below a text: the earlier rounds, and the present one unless it is only written again."""
    if before is None or same:
        return before.earlier if before else ()
    last = Published(key=before.key, title=before.title, text=before.text, published_at=before.published_at)
    return (last, *before.earlier)


def _read(path: Path) -> Page:
    stored = json.loads(path.read_text(encoding="utf-8"))
    earlier = tuple(Published(**one) for one in stored.pop("earlier", ()))
    return Page(**stored, earlier=earlier)


def _public_id(message: Message) -> str:
    match = _NAME.search(urlsplit(message.link).path)
    if match is None:
        raise Refused("没有网页地址，或地址不是 …/r/编号.html")
    return match["id"]
