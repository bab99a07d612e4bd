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
from dataclasses import fields
from dataclasses import replace
from datetime import datetime
from email.utils import format_datetime
from html import unescape
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
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
from huanyu.types import Seen
from publisher import signature
from publisher.channels.contract import Abilities
from publisher.channels.contract import Limits
from publisher.channels.site_pictures import FOLDER
from publisher.channels.site_pictures import Shown
from publisher.channels.site_pictures import forget
from publisher.channels.site_pictures import prepared

LIMITS: Final = Limits(length=0, per_minute=0, source="ours")
FEED_ITEMS: Final = 30
PICTURES: Final = 20  # our own limit: a page, not an album
MARKS: Final = {"": "", "corrected": "（已更正）", "withdrawn": "（已撤回）"}
_NAME = re.compile(r"/r/(?P<id>[A-Za-z0-9_-]{6,64})\.html$")
_PAGES: Final = jinja2.Environment(
    loader=jinja2.PackageLoader("publisher"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
)
#: File in the site -> template; dates are RFC 822 in feed.xml (RSS), RFC 3339 in atom.xml (Atom).
_LISTS: Final = tuple((name, name) for name in ("index.html", "feed.xml", "atom.xml", "sitemap.xml"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What one message put on the page, and when."""

    key: str
    title: str
    text: str
    published_at: str  #: ISO 8601
    changed_at: str = ""  #: of a 更正 or 撤回
    state: str = ""  #: "" | corrected | withdrawn
    pictures: tuple[Shown, ...] = ()  #: none of a withdrawn text

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.published_at)

    @property
    def told_at(self) -> datetime:
        """When it last said something new."""
        return datetime.fromisoformat(self.changed_at or self.published_at)

    @property
    def mark(self) -> str:
        """What stands behind its title in lists: （已更正）."""
        return MARKS[self.state]

    @property
    def rfc822(self) -> str:
        return format_datetime(self.told_at)

    @property
    def paragraphs(self) -> list[str]:
        return signature.split(self.text)[0]

    @property
    def signed(self) -> list[str]:
        """Whose text it is and its day."""
        return signature.split(self.text)[1]

    @property
    def lines(self) -> list[str]:
        """Everything that must stand on the page."""
        return [*self.paragraphs, *self.signed]


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

    abilities: Final = Abilities(
        read_back=True, idempotent=True, look=True, amend=True, withdraw=True, pictures=PICTURES
    )
    limits: Final = LIMITS

    def __init__(self, folder: Path, bureau: BureauRow, reports: str = "") -> None:
        self._folder, self._bureau, self._reports = folder, bureau, reports

    def send(self, message: Message) -> Receipt:
        """Write the page named by `message.link`, then the index and the feed; again changes nothing.

        A further round of the same case goes on top under its own date.
        """
        shown, files = prepared(message.pictures)
        try:
            page = self._page(message, shown)
            for name, body in files.items():
                self._write(f"{FOLDER}/{name}", body)
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

    def look(self, message: Message) -> Seen | None:
        """What people read at the message's address; None where the page is gone or was withdrawn."""
        try:
            page = self._stored(_public_id(message))
            file = self._folder / "r" / f"{_public_id(message)}.html"
            shown = file.read_text(encoding="utf-8") if file.exists() else ""
        except OSError as problem:
            raise Unavailable(f"网站目录读不出来：{problem.strerror or problem}") from problem
        said = _said(page, message)
        if page is None or said is None or said.state == "withdrawn" or not shown:
            return None
        whole = all(line in unescape(shown) for line in said.lines)
        text = said.text if whole else _read_by_people(shown)
        return Seen(platform_id=page.id, text=text, url=address(self._bureau, page.id), at=said.at)

    def amend(self, message: Message, text: str) -> Receipt:
        """Put the published text right under its own address; again changes nothing."""
        return self._change(message, text, "corrected")

    def withdraw(self, message: Message) -> Receipt:
        """Leave at the address only what `message` says now: that its text was withdrawn, and why."""
        return self._change(message, message.text, "withdrawn")

    def _change(self, message: Message, text: str, state: str) -> Receipt:
        try:
            page = self._stored(_public_id(message))
            said = _said(page, message)
            if page is None or said is None:
                raise Refused("网站上没有这条内容，无从更改")
            if (said.text, said.state) != (text, state):
                left = () if state == "withdrawn" else said.pictures
                changed = replace(said, text=text, state=state, changed_at=_stamp(), pictures=left)
                page = _with(page, changed)
                self._write_page(page)
            self._write_lists()
            if state == "withdrawn":
                forget(self._folder, said.pictures, self._shown())
        except OSError as problem:
            raise Unavailable(f"网站目录写不进去：{problem.strerror or problem}") from problem
        return Receipt(platform_id=page.id, url=address(self._bureau, page.id), at=page.told_at)

    def rebuild(self) -> int:
        """Write every page again, after a change of the templates; returns how many."""
        pages = self._pages()
        for page in pages:
            self._write(f"r/{page.id}.html", self._render("result.html", page=page))
        self._write_lists()
        return len(pages)

    def _page(self, message: Message, shown: tuple[Shown, ...]) -> Page:
        public_id = _public_id(message)
        before = self._stored(public_id)
        if before and _matter(before.key) != _matter(message.key):
            raise Refused("这个网址已被另一件的结果占用")
        if before and message.key in {
            one.key for one in (before.all if before.changed_at else before.earlier)
        }:
            return before  # an old round told again, or one put right since: it stands there already
        same = before is not None and before.key == message.key
        return Page(
            id=public_id,
            key=message.key,
            title=message.title,
            text=message.text,
            published_at=before.published_at if before and same else _stamp(),
            pictures=shown,
            earlier=_below(before, same=same),
        )

    def _write_page(self, page: Page) -> None:
        self._write(f"data/{page.id}.json", json.dumps(asdict(page), ensure_ascii=False, indent=1))
        self._write(f"r/{page.id}.html", self._render("result.html", page=page))

    def _stored(self, public_id: str) -> Page | None:
        path = self._folder / "data" / f"{public_id}.json"
        return _read(path) if path.exists() else None

    def _pages(self) -> list[Page]:
        names = sorted((self._folder / "data").glob("*.json"))
        pages = [_read(path) for path in names]
        return sorted(pages, key=lambda page: (page.told_at, page.id), reverse=True)

    def _shown(self) -> list[Shown]:
        return [one for page in self._pages() for said in page.all for one in said.pictures]

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
        return _PAGES.get_template(template).render(
            bureau=self._bureau, base=base, reports=self._reports, **values
        )

    def _write(self, name: str, content: str | bytes) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("wb", dir=path.parent, prefix=".", delete=False) as file:
            file.write(content.encode() if isinstance(content, str) else content)
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
    names = [field.name for field in fields(Published)]
    last = Published(**{name: getattr(before, name) for name in names})
    return (last, *before.earlier)


def _said(page: Page | None, message: Message) -> Published | None:
    """What a message put on its page."""
    return next((one for one in (page.all if page else ()) if one.key == message.key), None)


def _with(page: Page, said: Published) -> Page:
    """The page with one of its texts changed."""
    if said.key == page.key:
        names = ("text", "state", "changed_at", "pictures")
        return replace(page, **{name: getattr(said, name) for name in names})
    return replace(page, earlier=tuple(said if one.key == said.key else one for one in page.earlier))


def _read_by_people(html: str) -> str:
    """The words of a page that is not as we wrote it."""
    main = html.partition("<main")[2].partition("</main>")[0] or html
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main.partition(">")[2] or main)).split())


def _read(path: Path) -> Page:
    stored = json.loads(path.read_text(encoding="utf-8"))
    earlier = tuple(Published(**_with_pictures(one)) for one in stored.pop("earlier", ()))
    return Page(**_with_pictures(stored), earlier=earlier)


def _with_pictures(stored: dict[str, Any]) -> dict[str, Any]:
    return stored | {"pictures": tuple(Shown(**one) for one in stored.get("pictures", ()))}


def _public_id(message: Message) -> str:
    match = _NAME.search(urlsplit(message.link).path)
    if match is None:
        raise Refused("没有网页地址，或地址不是 …/r/编号.html")
    return match["id"]
