"""Read the pages of a Discuz! X forum (X3.2–X3.5): the board and the thread, for desks and for telephones.

Pure: decoded HTML in, rows and floors out. A site that answers its mobile page is read by crawler.discuz_mobile.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from lxml import html as lxml_html
from lxml.html import HtmlElement

from crawler import discuz_mobile
from crawler.discuz_parts import UID
from crawler.discuz_parts import attachments
from crawler.discuz_parts import classed
from crawler.discuz_parts import first_text
from crawler.discuz_parts import has_next
from crawler.discuz_parts import images
from crawler.discuz_parts import message
from crawler.discuz_parts import moment
from crawler.discuz_parts import number_in
from crawler.discuz_parts import own_text
from crawler.discuz_parts import paging
from crawler.discuz_parts import parse
from crawler.discuz_parts import place
from crawler.discuz_parts import whole
from crawler.forum_page import Board
from crawler.forum_page import BoardRow
from crawler.forum_page import Floor
from crawler.forum_page import Thread
from crawler.markup import text_of
from huanyu.errors import BadInput

ROW = re.compile(r"^(normal|stick)thread_(\d+)$")
FLOOR = re.compile(r"^post_(\d+)$")
FILES = f".//*[{classed('t_f')}] | .//*[contains(@class, 'pattl')]"


def board(text: str, now: datetime) -> Board:
    """Rows of a forumdisplay page; `BadInput` when it is no such page."""
    root = parse(text)
    tables = root.xpath("//*[@id='threadlisttableid']")
    if not tables:
        if (mobile := discuz_mobile.board(root, now)) is not None:
            return mobile
        raise BadInput("页面里没有主题列表 (threadlisttableid), 不是 Discuz 版块页")
    rows = []
    for body in tables[0].iter("tbody"):
        match = ROW.match(body.get("id") or "")
        titles = body.xpath(f".//th//a[{classed('xst')}]") if match else []
        if match and titles:
            rows.append(board_row(body, match, text_of(titles[0]), now))
    return Board(tuple(rows), has_next(root))


def board_row(body: HtmlElement, match: re.Match[str], title: str, now: datetime) -> BoardRow:
    by = body.xpath(".//td[@class='by']")
    number = body.xpath(".//td[@class='num']")
    posted, last = moment(by[:1], now), moment(by[1:2], now)
    return BoardRow(
        tid=match[2],
        title=title,
        author=first_text(by[:1], ".//cite//a") or first_text(by[:1], ".//cite"),
        sticky=match[1] == "stick",
        posted_at=posted[0] if posted else None,
        last_at=last[0] if last else None,
        replies=whole(first_text(number, ".//a")),
        views=whole(first_text(number, ".//em")),
    )


def thread(text: str, now: datetime, page_url: str) -> Thread:
    """Floors of a viewthread page; `BadInput` when it is no such page."""
    root = parse(text)
    lists = root.xpath("//*[@id='postlist']")
    if not lists:
        if (mobile := discuz_mobile.thread(root, now, page_url)) is not None:
            return mobile
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
    authors = block.xpath(".//div[@class='authi']/a[contains(@class, 'xw1')]") or block.xpath(
        ".//div[@class='authi']/a[contains(@class, 'xi2')]"
    )
    cells, files = block.xpath(f".//*[@id='postmessage_{pid}']"), block.xpath(FILES)
    found, listed = images(files, page_url), attachments(files, page_url)  # before their boxes are cut out
    html = lxml_html.tostring(block, encoding="unicode")
    when = moment(block.xpath(f".//*[@id='authorposton{pid}']"), now)
    return Floor(
        pid=pid,
        author=text_of(authors[0]) if authors else nobody(block),
        author_id=number_in(UID, authors[:1]),
        posted_at=when[0] if when else None,
        year_inferred=bool(when and when[1]),
        text=message(cells[0]) if cells else "",
        images=found,
        attachments=listed,
        hidden=not cells,
        number=place(first_text([block], f".//*[@id='postnum{pid}']")),
        html=html,
    )


def nobody(block: HtmlElement) -> str:
    """匿名, 游客: who has no link beside the floor, or above it."""
    beside = first_text([block], f".//td[{classed('pls')}]//div[{classed('pi')}]")
    return beside.split("\n")[0] or own_text(block.xpath(".//div[@class='authi']"))


def counters(postlist: HtmlElement) -> tuple[int | None, int | None]:
    numbers = [
        whole(text_of(span)) for span in postlist.xpath(".//div[contains(@class, 'hm')]/span[@class='xi1']")
    ]
    return (numbers[0], numbers[1]) if len(numbers) >= 2 else (None, None)
