"""Read the pages Discuz! X shows on telephones: the touch templates of X3.2–X3.4 and of X3.5.

Some sites answer them whatever was asked for. They tell less: no last reply on a board, no seconds in a thread.
None means that a page is not of this kind.
"""

from __future__ import annotations

import re
from datetime import datetime

from lxml import html as lxml_html
from lxml.html import HtmlElement

from crawler import dates
from crawler.discuz_parts import TID
from crawler.discuz_parts import UID
from crawler.discuz_parts import attachments
from crawler.discuz_parts import classed
from crawler.discuz_parts import first_text
from crawler.discuz_parts import has_next
from crawler.discuz_parts import images
from crawler.discuz_parts import message
from crawler.discuz_parts import number_in
from crawler.discuz_parts import own_text
from crawler.discuz_parts import paging
from crawler.discuz_parts import place
from crawler.discuz_parts import whole
from crawler.forum_page import Board
from crawler.forum_page import BoardRow
from crawler.forum_page import Floor
from crawler.forum_page import Thread
from crawler.markup import text_of

FLOOR = re.compile(r"^pid(\d+)$")
BLOCKED = re.compile(r"自动屏蔽|被管理员|被禁止|已被删除|仅作者可见")
ONLY_LINKS = re.compile(r"\s*(?:只看楼主|只看大图|显示全部楼层)\s*$")


def board(root: HtmlElement, now: datetime) -> Board | None:
    lists = root.xpath(f"//div[{classed('threadlist')}]")
    if not lists:
        return None
    items = lists[0].xpath(".//li[.//a[contains(@href, 'tid=') or contains(@href, 'thread-')]]")
    rows = [row for row in (board_row(item, now) for item in items) if row is not None]
    return Board(tuple(rows), has_next(root))


def board_row(item: HtmlElement, now: datetime) -> BoardRow | None:
    links = item.xpath(".//a")
    tid = number_in(TID, links)
    if not tid:
        return None
    link = next(link for link in links if TID.search(link.get("href") or ""))
    posted = dates.parse(first_text([item], f".//*[{classed('mtime')}]"), now)
    return BoardRow(
        tid=tid,
        title=first_text([item], ".//em[not(ancestor::ul[@class])]") or own_text([link]),
        author=first_text([item], ".//h3") or first_text([item], f".//span[{classed('by')}]"),
        sticky="list_top" in (item.get("class") or "")
        or bool(item.xpath(".//img[contains(@src, 'icon_top')]")),
        posted_at=posted[0] if posted else None,
        last_at=None,
        replies=counter(item, "dm-chat") or whole(first_text([item], f".//span[{classed('num')}]")),
        views=counter(item, "dm-eye"),
    )


def counter(item: HtmlElement, icon: str) -> int | None:
    """The number behind an icon."""
    return whole(first_text([item], f".//li[i[contains(@class, '{icon}')]]"))


def thread(root: HtmlElement, now: datetime, page_url: str) -> Thread | None:
    blocks = [
        (block, match[1])
        for block in root.xpath(f"//div[{classed('plc')}]")
        if (match := FLOOR.match(block.get("id") or ""))
    ]
    if not blocks:
        return None
    page, pages = paging(root)
    numbers = [whole(text_of(number)) for number in blocks[0][0].xpath(f".//li[{classed('mtime')}]/span/em")]
    views, replies = (numbers[0], numbers[1]) if len(numbers) >= 2 else (None, None)
    return Thread(
        title=title(root),
        floors=tuple(floor(block, pid, now, page_url) for block, pid in blocks),
        page=page,
        pages=pages,
        views=views,
        replies=replies,
    )


def title(root: HtmlElement) -> str:
    """The subject alone, without its category and the links behind it."""
    heads = root.xpath(f"//div[{classed('view_tit')}] | //div[{classed('postlist')}]/h2")
    return ONLY_LINKS.sub("", own_text(heads[:1]))


def floor(block: HtmlElement, pid: str, now: datetime, page_url: str) -> Floor:
    lines = block.xpath(f".//ul[{classed('authi')}]/li")
    authors = lines[0].xpath(".//a[contains(@href, 'uid')]") if lines else []
    cells = block.xpath(f".//div[{classed('message')}]")
    files = block.xpath(f".//div[{classed('display')}]")
    found, listed = images(files, page_url), attachments(files, page_url)
    html = lxml_html.tostring(block, encoding="unicode")
    quoted = " ".join(text_of(quote) for quote in block.xpath(f".//*[{classed('quote')}]"))
    text = message(cells[0]) if cells else ""
    when = dates.parse(own_text(lines[1:2]), now)
    return Floor(
        pid=pid,
        author=text_of(authors[0]) if authors else nobody(lines),
        author_id=number_in(UID, authors[:1]),
        posted_at=when[0] if when else None,
        year_inferred=bool(when and when[1]),
        text=text,
        images=found,
        attachments=listed,
        hidden=not text and bool(BLOCKED.search(quoted)),
        number=place(first_text(lines[:1], f"./span[{classed('y')}] | ./em")),
        html=html,
    )


def nobody(lines: list[HtmlElement]) -> str:
    """匿名, 游客: who has no page of their own."""
    return own_text(lines[:1]) or first_text(lines[:1], f"./span[{classed('z')}] | ./b")
