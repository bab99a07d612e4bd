"""What the desktop and the mobile pages of Discuz! X have in common: messages, files, times, pagers.

A quote, a hidden passage, an attachment box, the note of an edit and the invisible characters against copying are
not the author's words and never enter a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urljoin

from lxml import html as lxml_html
from lxml.etree import ParserError
from lxml.html import HtmlElement

from crawler import dates
from crawler.forum_page import Attachment
from crawler.markup import text_of
from huanyu.errors import BadInput

UID = re.compile(r"(?:[?&]uid=|space-uid-)(\d+)")
TID = re.compile(r"(?:[?&]tid=|thread-)(\d+)")
PAGES = re.compile(r"共\s*(\d+)\s*页")
PAGE = re.compile(r"(?:[?&]page=|(?:thread|forum)-\d+-)(\d+)")
NUMBER = re.compile(r"\d+")
PLACES = {"楼主": 1, "沙发": 2, "板凳": 3, "地板": 4}
DECORATION = ("static/image/", "image/smiley/", "image/common/", "image/filetype/")
NO_NAME = frozenset({"", "下载", "下载附件", "点击下载", "保存到相册"})  # links beside a picture

#: What stands inside the message cell without being the author's words.
FOREIGN_CLASSES = (
    "quote",
    "pstatus",  # 本帖最后由 … 编辑
    "jammer",
    "showhide",
    "locked",
    "attach_nopermission",
    "attach_popup",
    "aimg_tip",
    "tattl",
    "post_attlist",
    "tip",
    "guestviewthumb",
    "a_pr",
)
FOREIGN = "|".join(
    [
        *(
            f".//*[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]"
            for name in FOREIGN_CLASSES
        ),
        ".//ignore_js_op",
        ".//script",
        ".//style",
        ".//*[contains(translate(@style, ' ', ''), 'display:none')]",
        ".//*[starts-with(@id, 'attach_') and .//a[contains(@href, 'mod=attachment')]]",  # a file in the text
    ]
)


def parse(text: str) -> HtmlElement:
    """HTML tree of an already decoded page."""
    try:
        return lxml_html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    except (ParserError, ValueError) as problem:
        raise BadInput(f"页面不是可读的 HTML: {problem}") from problem


def classed(name: str) -> str:
    """XPath condition: an element of this class."""
    return f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"


def message(cell: HtmlElement) -> str:
    """The author's own words in a message cell, which is changed by this."""
    for element in cell.xpath(FOREIGN):
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


def images(cells: Iterable[HtmlElement], page_url: str) -> tuple[str, ...]:
    """Addresses of the pictures in these cells, largest form, without smileys and icons."""
    found = []
    for image in (image for cell in cells for image in cell.iter("img")):
        address = image.get("zoomfile") or image.get("file") or image.get("src") or ""
        if address and not image.get("smilieid") and not any(part in address for part in DECORATION):
            found.append(urljoin(page_url, address))
    return tuple(dict.fromkeys(found))


def attachments(cells: Iterable[HtmlElement], page_url: str) -> tuple[Attachment, ...]:
    """Files that are no pictures, under their authors' names."""
    found = []
    for link in (link for cell in cells for link in cell.iter("a")):
        href, name = link.get("href") or "", text_of(link).split("\n")[0].strip()
        if "mod=attachment" in href and name not in NO_NAME:
            found.append(Attachment(name, urljoin(page_url, href)))
    return tuple(dict.fromkeys(found))


def moment(elements: Sequence[HtmlElement], now: datetime) -> dates.Found | None:
    """The time below an element: the full one in a title attribute before the relative one that is shown."""
    for element in elements:
        for span in element.xpath(".//em//span[@title] | self::em//span[@title]"):
            if found := dates.parse(span.get("title"), now):
                return found
        shown = element if element.tag == "em" else next(iter(element.xpath(".//em")), None)
        if shown is not None and (found := dates.parse(text_of(shown), now)):
            return found
    return None


def place(text: str) -> int | None:
    """Number of a floor from 楼主, 沙发, 5# or 置顶 来自 12#."""
    plain = "".join(text.split())
    if plain in PLACES:
        return PLACES[plain]
    match = NUMBER.search(plain)
    return int(match[0]) if match else None


def paging(root: HtmlElement) -> tuple[int, int]:
    """Number of this page and of all pages; 1 of 1 where there is no pager."""
    for pager in root.xpath("//div[@class='pg']"):
        current = whole(first_text([pager], "./strong")) or 1
        stated = PAGES.search(" ".join(pager.xpath(".//@title")))
        linked = [int(match[1]) for href in pager.xpath("./a/@href") for match in PAGE.finditer(href)]
        return current, int(stated[1]) if stated else max([current, *linked])
    return 1, 1


def has_next(root: HtmlElement) -> bool:
    return bool(root.xpath(f"//a[{classed('nxt')}]"))


def number_in(pattern: re.Pattern[str], links: Iterable[HtmlElement]) -> str:
    """The id in the first of these links that has one."""
    found = (pattern.search(link.get("href") or "") for link in links)
    return next((match[1] for match in found if match), "")


def own_text(elements: Iterable[HtmlElement]) -> str:
    """What stands in an element itself, not in those inside it."""
    return " ".join(" ".join(element.xpath("./text()")) for element in elements).strip()


def first_text(elements: Iterable[HtmlElement], path: str) -> str:
    for element in elements:
        for found in element.xpath(path):
            return text_of(found)
    return ""


def whole(text: str) -> int | None:
    return int(text) if text.isdecimal() else None
