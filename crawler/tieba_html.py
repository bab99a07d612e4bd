"""Read the pages of Baidu Tieba: the list of a 吧, a thread, the answers inside a floor, a search.

Pure: decoded HTML in, rows and floors out. The list stands inside an HTML comment, because the site's own script
unpacks it (2024), or plainly in the page (2020, or saved by a browser).
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from lxml import html as lxml_html
from lxml.html import HtmlElement

from crawler import dates
from crawler.discuz_parts import classed
from crawler.discuz_parts import drop
from crawler.discuz_parts import first_text
from crawler.discuz_parts import parse
from crawler.forum_page import Board
from crawler.forum_page import BoardRow
from crawler.forum_page import Floor
from crawler.forum_page import Thread
from crawler.markup import text_of
from huanyu.errors import BadInput

LIST = re.compile(
    r"""<code[^>]*id=["']pagelet_html_frs-list/pagelet/thread_list["'][^>]*>\s*<!--(.*?)-->\s*</code>""", re.S
)
PAGER = re.compile(r"""PageData\.pager\s*=\s*\{[^}]*?"total_page":\s*(\d+)""")
CURRENT = re.compile(r"""PageData\.pager\s*=\s*\{[^}]*?"cur_page":\s*(\d+)""")
REPLIES = re.compile(r"reply_num:\s*(\d+)")
SPID = re.compile(r"""["']spid["']\s*:\s*["']?(\d+)""")
TOTAL = re.compile(r"""["']?total_page["']?\s*:\s*(\d+)""")
SHOWN = re.compile(r"""["']showname["']\s*:\s*(["'])(.*?)\1""")
AUTHOR = re.compile(r"^主题作者[:：]\s*")
NUMBER = re.compile(r"^(\d+)楼$")
REGION = re.compile(r"IP属地[:：]\s*(\S+)")
GONE = re.compile(
    r"贴吧404|class=[\"']page404|(?:该|此)?[贴帖]子?(?:可能)?(?:已被?删除|不存在|被隐藏|已被屏蔽)"
)
SMILEY = "BDE_Smiley"
PER_PAGE = 10  # answers inside a floor; results of a search

#: What stands inside a post without being the author's words.
FOREIGN = "|".join(
    f".//*[{classed(name)}]"
    for name in ("replace_tip", "video_src_wrapper", "p_forbidden_tip", "apc_src_wrapper", "post_bubble_top")
)
BULKY = "|".join(f".//*[{classed(name)}]" for name in ("share_btn_wrapper", "core_reply_wrapper", "d_author"))


def board(text: str, now: datetime) -> Board:
    """Rows of a list; `BadInput` when it is none."""
    hidden = LIST.search(text)
    root = parse(hidden[1] if hidden else text)
    if not root.xpath("//*[@id='thread_list']"):
        raise BadInput("页面里没有贴子列表 (thread_list), 不是贴吧的列表页")
    items = root.xpath(f"//li[{classed('j_thread_list')}]")
    rows = [row for row in (board_row(item, now) for item in items) if row is not None]
    return Board(tuple(rows), bool(root.xpath(f"//*[@id='frs_list_pager']//a[{classed('next')}]")))


def board_row(item: HtmlElement, now: datetime) -> BoardRow | None:
    told = load(item.get("data-field"))
    tid = str(item.get("data-tid") or told.get("id") or "")
    titles = item.xpath(f".//a[{classed('j_th_tit')}]")
    if not tid.isdecimal() or not titles:
        return None  # an advertisement between the threads
    posted = dates.parse(first_text([item], f".//*[{classed('is_show_create_time')}]"), now)
    last = dates.parse(first_text([item], f".//*[{classed('threadlist_reply_date')}]"), now)
    said = next(iter(item.xpath(f".//*[{classed('tb_icon_author')}]/@title")), "")
    replies = told.get("reply_num")
    return BoardRow(
        tid=tid,
        title=titles[0].get("title") or text_of(titles[0]),
        author=AUTHOR.sub("", said) or str(told.get("author_name") or ""),
        sticky=bool(told.get("is_top")) or "thread_top" in (item.get("class") or "").split(),
        posted_at=posted[0] if posted else None,
        last_at=last[0] if last else None,
        replies=replies if isinstance(replies, int) else None,
        views=None,
        fades=True,
    )


def search(text: str, now: datetime) -> Board:
    """Threads that a search found, the newest first; `BadInput` when it is no such page."""
    root = parse(text)
    if not root.xpath(f"//*[{classed('s_post_list')}]"):
        raise BadInput("页面里没有搜索结果 (s_post_list), 不是贴吧的搜索页")
    posts = root.xpath(f"//div[{classed('s_post')}]")
    rows = {row.tid: row for row in (result(post, now) for post in reversed(posts)) if row is not None}
    return Board(tuple(reversed(rows.values())), len(posts) >= PER_PAGE)


def result(post: HtmlElement, now: datetime) -> BoardRow | None:
    links = post.xpath(f".//*[{classed('p_title')}]//a[@data-tid]")
    if not links:
        return None
    found = dates.parse(first_text([post], f".//*[{classed('p_date')}]"), now)
    names = [text_of(link) for link in post.xpath(".//a[contains(@href, '/home/main')]")]
    return BoardRow(
        tid=links[0].get("data-tid"),
        title=text_of(links[0]),
        author=names[0] if names else "",
        sticky=False,
        posted_at=found[0] if found else None,
        last_at=found[0] if found else None,
        replies=None,
        views=None,
    )


def is_gone(text: str) -> bool:
    """A thread that was deleted or hidden: the page says so, and has no floors."""
    return bool(GONE.search(text)) and "l_post" not in text


def thread(text: str, now: datetime) -> Thread:
    """Floors of a thread and the answers the page shows below them; `BadInput` when it is no thread."""
    root = parse(text)
    blocks = root.xpath(f"//div[{classed('l_post')}]")
    if not blocks:
        raise BadInput("页面里没有楼层 (l_post), 不是贴吧的主题页")
    floors: list[Floor] = []
    for block in blocks:
        content = load(block.get("data-field")).get("content")
        if isinstance(content, dict) and content.get("post_id"):  # an advertisement has none
            floors += floor(block, now)
    heads = root.xpath(f"//*[{classed('core_title_txt')}]")
    replies, current, pages = REPLIES.search(text), CURRENT.search(text), PAGER.search(text)
    return Thread(
        title=(heads[0].get("title") or text_of(heads[0])) if heads else "",
        floors=tuple(floors),
        page=int(current[1]) if current else 1,
        pages=int(pages[1]) if pages else stated_pages(root),
        views=None,
        replies=int(replies[1]) if replies else None,
    )


def stated_pages(root: HtmlElement) -> int:
    """回复贴，共13页"""
    numbers = [text_of(one) for one in root.xpath(f"//li[{classed('l_reply_num')}]/span[{classed('red')}]")]
    return int(numbers[1]) if len(numbers) > 1 and numbers[1].isdecimal() else 1


def floor(block: HtmlElement, now: datetime) -> list[Floor]:
    """A floor, and the answers shown below it."""
    told = load(block.get("data-field"))
    content, author = told["content"], told.get("author") or {}
    pid = str(content["post_id"])
    tails = [
        text_of(tail)
        for tail in block.xpath(f".//*[{classed('post-tail-wrap')}]/span | .//*[{classed('tail-info')}]")
    ]
    below = [answer(one, now, pid) for one in block.xpath(f".//li[{classed('lzl_single_post')}]")]
    for bulky in block.xpath(BULKY + "|.//script|.//style"):
        if "d_author" not in (bulky.get("class") or ""):
            drop(bulky)
    shown = first_text([block], f".//a[{classed('p_author_name')}]")
    cells = block.xpath(f".//*[{classed('d_post_content')}]")
    html = lxml_html.tostring(block, encoding="unicode")
    when = next((found for found in (dates.parse(tail, now) for tail in tails) if found), None)
    found = Floor(
        pid=pid,
        author=shown or str(author.get("user_nickname") or author.get("user_name") or ""),
        author_id=str(author.get("user_id") or ""),
        posted_at=when[0] if when else None,
        year_inferred=bool(when and when[1]),
        images=pictures(cells),
        text=words(cells[0]) if cells else "",
        html=html,
        hidden=not cells,
        number=number(content.get("post_no"))
        or next((int(one[1]) for one in map(NUMBER.match, tails) if one), None),
        region=next((one[1] for one in map(REGION.search, tails) if one), ""),
        answers=number(content.get("comment_num")) or 0,
    )
    return [found, *(one for one in below if one is not None)]


def answers(text: str, now: datetime, below: str) -> tuple[tuple[Floor, ...], int]:
    """A page of the answers inside a floor, and how many such pages there are; `BadInput` when it is no such page."""
    root = parse(text or "<p></p>")
    items = root.xpath(f"//li[{classed('lzl_single_post')}]")
    pagers = root.xpath(f"//li[{classed('lzl_li_pager')}]/@data-field")
    if not items and not pagers:
        raise BadInput("页面里没有楼中楼 (lzl_single_post)")
    total = TOTAL.search(" ".join(pagers))
    found = (answer(item, now, below) for item in items)
    return tuple(one for one in found if one is not None), int(total[1]) if total else 1


def answer(item: HtmlElement, now: datetime, below: str) -> Floor | None:
    """One answer inside a floor; None when it has no number."""
    field = item.get("data-field") or ""
    spid = SPID.search(field)
    if spid is None:
        return None
    html = lxml_html.tostring(item, encoding="unicode", with_tail=False)
    shown, cells = SHOWN.search(field), item.xpath(f".//*[{classed('lzl_content_main')}]")
    names = item.xpath(f".//div[{classed('lzl_cnt')}]/a[{classed('at')}]")
    when = dates.parse(first_text([item], f".//*[{classed('lzl_time')}]"), now)
    return Floor(
        pid=spid[1],
        author=(text_of(names[0]) if names else "") or (shown[2] if shown else ""),
        author_id="",
        posted_at=when[0] if when else None,
        year_inferred=bool(when and when[1]),
        text=words(cells[0]) if cells else "",
        images=pictures(cells),
        html=html,
        hidden=not cells,
        below=below,
    )


def pictures(cells: list[HtmlElement]) -> tuple[str, ...]:
    """Addresses of the pictures in a post, without smileys."""
    found = [
        image for cell in cells for image in cell.iter("img") if SMILEY not in (image.get("class") or "")
    ]
    return tuple(dict.fromkeys(image.get("src") for image in found if image.get("src")))


def words(cell: HtmlElement) -> str:
    """The author's own words in a cell, which is changed by this."""
    for element in cell.xpath(FOREIGN):
        drop(element)
    for image in cell.iter("img"):
        image.attrib.pop("alt", None)
    return text_of(cell)


def load(field: str | None) -> dict[str, Any]:
    """A data-field attribute; nothing where it is no JSON object."""
    try:
        found = json.loads(field or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def number(value: object) -> int | None:
    return int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdecimal()) else None
