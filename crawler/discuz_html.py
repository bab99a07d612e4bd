"""Read the pages of a Discuz! X forum (X3.2–X3.5): the board and the thread.

Pure: decoded HTML in, rows and floors out. A quote, a hidden passage, an attachment box, the note of an edit and
the invisible characters against copying are not the author's words and never enter the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin

from lxml import html as lxml_html
from lxml.etree import ParserError
from lxml.html import HtmlElement

from crawler import dates
from crawler.markup import text_of
from huanyu.errors import BadInput

ROW = re.compile(r"^(normal|stick)thread_(\d+)$")
FLOOR = re.compile(r"^post_(\d+)$")
UID = re.compile(r"(?:[?&]uid=|space-uid-)(\d+)")
PAGES = re.compile(r"共\s*(\d+)\s*页")
PAGE = re.compile(r"(?:[?&]page=|(?:thread|forum)-\d+-)(\d+)")
DECORATION = ("static/image/", "image/smiley/", "image/common/", "image/filetype/")

#: What stands inside the message cell without being the author's words.
FOREIGN = (
    ".//*[contains(concat(' ', @class, ' '), ' quote ')]",
    ".//*[contains(concat(' ', @class, ' '), ' pstatus ')]",  # 本帖最后由 … 编辑
    ".//*[contains(concat(' ', @class, ' '), ' jammer ')]",
    ".//*[contains(concat(' ', @class, ' '), ' showhide ')]",
    ".//*[contains(concat(' ', @class, ' '), ' locked ')]",
    ".//*[contains(concat(' ', @class, ' '), ' attach_nopermission ')]",
    ".//*[contains(concat(' ', @class, ' '), ' attach_popup ')]",
    ".//*[contains(concat(' ', @class, ' '), ' aimg_tip ')]",
    ".//*[contains(concat(' ', @class, ' '), ' tattl ')]",
    ".//*[contains(concat(' ', @class, ' '), ' tip ')]",
    ".//ignore_js_op",
    ".//script",
    ".//style",
    ".//*[contains(translate(@style, ' ', ''), 'display:none')]",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """A thread as its board lists it."""

    tid: str
    title: str
    author: str
    sticky: bool
    posted_at: datetime | None  #: to the day
    last_at: datetime | None  #: last reply, to the minute
    replies: int | None
    views: int | None


@dataclass(frozen=True, slots=True)
class Board:
    rows: tuple[BoardRow, ...]
    has_next: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """One post of a thread."""

    pid: str
    author: str
    author_id: str
    posted_at: datetime | None
    text: str
    images: tuple[str, ...]
    hidden: bool  #: blocked or deleted: the floor stands, its text doesn't
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    title: str
    floors: tuple[Floor, ...]
    page: int
    pages: int
    views: int | None
    replies: int | None


def board(text: str, now: datetime) -> Board:
    """Rows of a forumdisplay page; `BadInput` when it is no such page."""
    root = parse(text)
    tables = root.xpath("//*[@id='threadlisttableid']")
    if not tables:
        raise BadInput("页面里没有主题列表 (threadlisttableid), 不是 Discuz 版块页")
    rows = []
    for body in tables[0].iter("tbody"):
        match = ROW.match(body.get("id") or "")
        titles = body.xpath(".//th//a[contains(concat(' ', @class, ' '), ' xst ')]") if match else []
        if match and titles:
            rows.append(board_row(body, match, text_of(titles[0]), now))
    return Board(tuple(rows), has_next=bool(root.xpath("//a[@class='nxt']")))


def board_row(body: HtmlElement, match: re.Match[str], title: str, now: datetime) -> BoardRow:
    by = body.xpath(".//td[@class='by']")
    number = body.xpath(".//td[@class='num']")
    return BoardRow(
        tid=match[2],
        title=title,
        author=first_text(by[:1], ".//cite//a") or first_text(by[:1], ".//cite"),
        sticky=match[1] == "stick",
        posted_at=moment(by[:1], now),
        last_at=moment(by[1:2], now),
        replies=whole(first_text(number, ".//a")),
        views=whole(first_text(number, ".//em")),
    )


def thread(text: str, now: datetime, page_url: str) -> Thread:
    """Floors of a viewthread page; `BadInput` when it is no such page."""
    root = parse(text)
    lists = root.xpath("//*[@id='postlist']")
    if not lists:
        raise BadInput("页面里没有楼层 (postlist), 不是 Discuz 主题页")
    floors = [floor(block, match[1], now, page_url) for block, match in floor_blocks(lists[0])]
    views, replies = counters(lists[0])
    page, pages = paging(root)
    return Thread(
        title=first_text([root], "//*[@id='thread_subject']"),
        floors=tuple(floors),
        page=page,
        pages=pages,
        views=views,
        replies=replies,
    )


def floor_blocks(postlist: HtmlElement) -> Iterable[tuple[HtmlElement, re.Match[str]]]:
    for block in postlist.iter("div"):
        if match := FLOOR.match(block.get("id") or ""):
            yield block, match


def floor(block: HtmlElement, pid: str, now: datetime, page_url: str) -> Floor:
    authors = block.xpath(".//div[@class='authi']/a[contains(@class, 'xw1')]")
    cells = block.xpath(f".//*[@id='postmessage_{pid}']")
    found = images(block, page_url)  # before the attachment boxes are cut out
    html = lxml_html.tostring(block, encoding="unicode")
    return Floor(
        pid=pid,
        author=text_of(authors[0])
        if authors
        else first_text([block], ".//div[@class='authi']"),  # 匿名, 游客
        author_id=uid(authors),
        posted_at=moment(block.xpath(f".//*[@id='authorposton{pid}']"), now),
        text=message(cells[0]) if cells else "",
        images=found,
        hidden=not cells,
        html=html,
    )


def message(cell: HtmlElement) -> str:
    """The author's own words in a message cell, which is changed by this."""
    for path in FOREIGN:
        for element in cell.xpath(path):
            drop(element)
    for image in cell.iter("img"):
        image.attrib.pop(
            "alt", None
        )  # a smiley or picture carries no words; literal codes like {:4_86:} stay
    return text_of(cell)


def drop(element: HtmlElement) -> None:
    """Remove an element, leaving the text behind it in place."""
    if element.getparent() is not None:
        element.drop_tree()


def images(block: HtmlElement, page_url: str) -> tuple[str, ...]:
    """Addresses of pictures in the message and its attachment list, largest form, without smileys and icons."""
    cells = block.xpath(".//*[contains(concat(' ', @class, ' '), ' t_f ')] | .//*[contains(@class, 'pattl')]")
    found = []
    for image in (image for cell in cells for image in cell.iter("img")):
        address = image.get("zoomfile") or image.get("file") or image.get("src") or ""
        if address and not image.get("smilieid") and not any(part in address for part in DECORATION):
            found.append(urljoin(page_url, address))
    return tuple(dict.fromkeys(found))


def moment(elements: list[HtmlElement], now: datetime) -> datetime | None:
    """The time below an element: the full one in a title attribute before the relative one that is shown."""
    for element in elements:
        for span in element.xpath(".//em//span[@title] | self::em//span[@title]"):
            if found := dates.parse(span.get("title"), now):
                return found[0]
        shown = element if element.tag == "em" else next(iter(element.xpath(".//em")), None)
        if shown is not None and (found := dates.parse(text_of(shown), now)):
            return found[0]
    return None


def counters(postlist: HtmlElement) -> tuple[int | None, int | None]:
    numbers = [
        whole(text_of(span)) for span in postlist.xpath(".//div[contains(@class, 'hm')]/span[@class='xi1']")
    ]
    return (numbers[0], numbers[1]) if len(numbers) >= 2 else (None, None)


def paging(root: HtmlElement) -> tuple[int, int]:
    """Number of this page and of all pages; 1 of 1 where there is no pager."""
    for pager in root.xpath("//div[@class='pg']"):
        current = whole(first_text([pager], "./strong")) or 1
        stated = PAGES.search(" ".join(pager.xpath(".//@title")))
        linked = [int(match[1]) for href in pager.xpath("./a/@href") for match in PAGE.finditer(href)]
        return current, int(stated[1]) if stated else max([current, *linked])
    return 1, 1


def uid(authors: list[HtmlElement]) -> str:
    match = UID.search(authors[0].get("href") or "") if authors else None
    return match[1] if match else ""


def first_text(elements: list[HtmlElement], path: str) -> str:
    for element in elements:
        for found in element.xpath(path):
            return text_of(found)
    return ""


def whole(text: str) -> int | None:
    return int(text) if text.isdecimal() else None


def parse(text: str) -> HtmlElement:
    """HTML tree of an already decoded page."""
    try:
        return lxml_html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    except (ParserError, ValueError) as problem:
        raise BadInput(f"页面不是可读的 HTML: {problem}") from problem
