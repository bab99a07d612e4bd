"""A Discuz! forum and a Tieba of a few invented threads, in the platforms' shapes, that misbehave as told.

Small pages, so that a handful of threads already overflow them. Everything a test changes is an attribute.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse
from scrapy.http import Request
from twisted.python.failure import Failure

from crawler import walls
from crawler.charset import decode
from crawler.source_spider import SourceSpider
from huanyu.bureau import SourceRow
from huanyu.clock import SHANGHAI
from huanyu.config import Config
from huanyu.types import RawPost
from huanyu.types import Reject

BASE = "http://bbs.invalid"
NOW = datetime(2026, 3, 6, 9, 0, tzinfo=SHANGHAI)
ROWS = 4  # threads on a page of a board
FLOORS = 3  # floors on a page of a thread
PLACES = ("楼主", "沙发", "板凳", "地板")
STATIC = re.compile(r"^/(forum|thread)-(\d+)-(\d+)(?:-\d+)?\.html$")


@dataclass
class Said:
    """A floor: who, what, when."""

    pid: int
    text: str
    at: datetime
    author: str = "水边柳"
    extra: str = ""  #: markup in the message that is not the author's


@dataclass
class Talk:
    """A thread."""

    tid: int
    title: str
    floors: list[Said]
    sticky: bool = False
    gone: bool = False

    @property
    def last(self) -> datetime:
        return self.floors[-1].at

    @property
    def pages(self) -> int:
        return -(-len(self.floors) // FLOORS)


def talk(tid: int, floors: int, last: datetime, title: str = "") -> Talk:
    """A thread of so many floors, one every minute until `last`."""
    said = [
        Said(
            tid * 1000 + n, f"{tid} 号贴第 {n + 1} 楼：河边又有异味", last - timedelta(minutes=floors - 1 - n)
        )
        for n in range(floors)
    ]
    return Talk(tid, title or f"夜里闻到的味道 {tid}", said)


@dataclass
class Forum:
    """A site; call it with a path and headers as tests/live/crawl/conftest.Site does."""

    answer: Any
    talks: list[Talk]
    encoding: str = "utf-8"
    claims: str = "utf-8"
    rewritten: bool = False  #: forum.php is sent on to thread-7-1-1.html
    mobile: bool = False  #: answers its mobile page whatever is asked for
    rss: bool = True
    walled: str = ""  #: this board wants a log-in
    before: Callable[[str, int], None] | None = None  #: called with kind and page before a page is made
    broken: set[str] = field(default_factory=set)  #: paths that answer 500
    cut: set[str] = field(default_factory=set)  #: paths whose page ends before its floors begin
    now: datetime = NOW

    def __call__(self, path: str, headers: dict[str, str]) -> Any:
        if path in self.broken:
            return self.answer(status=500)
        if path in self.cut:
            return self.answer("<html><head><title>水城论坛</title></head><body>".encode())
        kind, number, page = self.asked(path)
        if self.rewritten and path.startswith("/forum.php") and kind in {"forumdisplay", "viewthread"}:
            static = (
                f"/forum-{number}-{page}.html"
                if kind == "forumdisplay"
                else f"/thread-{number}-{page}-1.html"
            )
            return self.answer(status=301, headers={"Location": static})
        if self.before:
            self.before(kind, page)
        if kind == "rss":
            return self.feed(headers) if self.rss else self.answer(b"RSS Disabled")
        if kind == "forumdisplay":
            return (
                self.notice("抱歉，您需要先登录才能继续本操作", 200)
                if str(number) == self.walled
                else self.board(page)
            )
        found = next((one for one in self.talks if one.tid == number and not one.gone), None)
        return (
            self.thread(found, page)
            if found
            else self.notice("抱歉，指定的主题不存在或已被删除或正在被审核", 404)
        )

    def asked(self, path: str) -> tuple[str, int, int]:
        parts = urlsplit(path)
        if match := STATIC.match(parts.path):
            return ("viewthread" if match[1] == "thread" else "forumdisplay"), int(match[2]), int(match[3])
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        return (
            query.get("mod", ""),
            int(query.get("tid") or query.get("fid") or 0),
            int(query.get("page") or 1),
        )

    # --- pages ----------------------------------------------------------------------------------------------

    def page(self, body: str, status: int = 200) -> Any:
        text = (
            f'<!DOCTYPE html><html><head><meta charset="{self.claims}" /><title>水城论坛 - Powered by Discuz!</title>'
            f"</head><body>{body}</body></html>"
        )
        return self.answer(
            text.encode(self.encoding, "xmlcharrefreplace"), status, f"text/html; charset={self.claims}"
        )

    def notice(self, words: str, status: int) -> Any:
        shape = (
            '<div class="jump_c"><p>{}</p></div>'
            if self.mobile
            else '<div id="messagetext" class="alert_error"><p>{}</p></div>'
        )
        return self.page(shape.format(words), status)

    def pager(self, page: int, pages: int, link: str) -> str:
        following = f'<a href="{link}{page + 1}" class="nxt">下一页</a>' if page < pages else ""
        last = f'<a href="{link}{pages}">{pages}</a><span title="共 {pages} 页"> / {pages} 页</span>'
        return f'<div class="pg"><strong>{page}</strong>{last}{following}</div>' if pages > 1 else ""

    def board(self, page: int) -> Any:
        normal = sorted((one for one in self.talks if not one.sticky), key=lambda one: one.last, reverse=True)
        shown = normal[(page - 1) * ROWS : page * ROWS]
        pinned = [one for one in self.talks if one.sticky] if page == 1 else []
        pager = self.pager(page, -(-len(normal) // ROWS), "forum.php?mod=forumdisplay&amp;fid=5&amp;page=")
        if self.mobile:
            items = "".join(self.mobile_row(one) for one in shown)
            return self.page(f'<div class="threadlist cl"><ul>{items}</ul></div>{pager}')
        rows = "".join(self.row(one) for one in [*pinned, *shown])
        return self.page(f'<table id="threadlisttableid">{rows}</table>{pager}')

    def row(self, one: Talk) -> str:
        opened = one.floors[0]
        return (
            f'<tbody id="{"stick" if one.sticky else "normal"}thread_{one.tid}">'
            f'<tr><th><a href="thread-{one.tid}-1-1.html" class="s xst">'
            f"{html.escape(one.title)}</a></th>"
            f'<td class="by"><cite><a href="space-uid-7.html">{opened.author}</a></cite><em>'
            f"<span>{day(opened.at)}</span></em></td>"
            f'<td class="num"><a class="xi2">{len(one.floors) - 1}</a><em>77</em></td>'
            '<td class="by"><cite><a href="space-username-%CB%AE%B1%DF.html">x</a></cite>'
            f'<em><a href="#">{minute(one.last)}</a></em></td></tr></tbody>'
        )

    def mobile_row(self, one: Talk) -> str:
        return (
            '<li class="list"><div class="muser"><h3><a href="home.php?mod=space&amp;uid=7&amp;'
            f'mobile=2" class="mmc">{one.floors[0].author}</a></h3>'
            f'<span class="mtime">{day(one.floors[0].at)}</span></div><a href="forum.php?mod=viewthread&amp;'
            f'tid={one.tid}&amp;mobile=2">'
            f'<div class="threadlist_tit cl"><em>{one.title}</em></div></a><div class="threadlist_foot cl">'
            '<ul><li><i class="dm-eye-fill"></i>77</li>'
            f'<li><i class="dm-chat-s-fill"></i>{len(one.floors) - 1}</li></ul></div></li>'
        )

    def thread(self, one: Talk, page: int) -> Any:
        page = min(page, one.pages)  # as Discuz! does
        first = (page - 1) * FLOORS
        shown = list(enumerate(one.floors))[first : first + FLOORS]
        pager = self.pager(page, one.pages, f"forum.php?mod=viewthread&amp;tid={one.tid}&amp;page=")
        if self.mobile:
            floors = "".join(self.mobile_floor(said, n) for n, said in shown)
            return self.page(
                f'<div class="viewthread"><div class="view_tit">{one.title}</div>{floors}</div>{pager}'
            )
        floors = "".join(self.floor(one, said, n) for n, said in shown)
        return self.page(
            f'{pager}<div id="postlist"><span id="thread_subject">{one.title}</span>{floors}</div>'
        )

    def floor(self, one: Talk, said: Said, n: int) -> str:
        place = PLACES[n] if n < len(PLACES) else f"<em>{n + 1}</em><sup>#</sup>"
        return (
            f'<div id="post_{said.pid}"><div class="authi"><a href="space-uid-7.html" class="xw1">{said.author}</a></div>'
            f'<strong><a href="#" id="postnum{said.pid}">{place}</a></strong><div class="authi">'
            f'<em id="authorposton{said.pid}">发表于 {second(said.at)}</em></div>'
            f'<table><tr><td class="t_f" id="postmessage_{said.pid}">{said.extra}{html.escape(said.text)}</td></tr></table></div>'
        )

    def mobile_floor(self, said: Said, n: int) -> str:
        place = PLACES[n] if n < len(PLACES) else f"{n + 1}<sup>#</sup>"
        return (
            f'<div class="plc cl" id="pid{said.pid}"><div class="display pi"><ul class="authi">'
            f'<li class="mtit"><span class="y">{place}</span>'
            f'<span class="z"><a href="home.php?mod=space&amp;uid=7&amp;mobile=2">{said.author}</a>'
            f'</span></li><li class="mtime">{minute(said.at)}</li></ul>'
            f'<div class="message">{said.extra}{html.escape(said.text)}</div></div></div>'
        )

    def feed(self, headers: dict[str, str]) -> Any:
        newest = sorted(
            (one for one in self.talks if not one.sticky), key=lambda one: one.floors[0].at, reverse=True
        )
        items = "".join(
            f"<item><title>{html.escape(one.title)}</title><link>http://bbs.invalid/forum.php?mod=viewthread&amp;tid={one.tid}</link>"
            f"<pubDate>{format_datetime(one.floors[0].at)}</pubDate></item>"
            for one in newest[:20]
        )
        return self.answer(
            f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'.encode(),
            200,
            "application/xml",
        )


def day(at: datetime) -> str:
    return f"{at.year}-{at.month}-{at.day}"


def minute(at: datetime) -> str:
    return f"{day(at)} {at:%H:%M}"


def second(at: datetime) -> str:
    return f"{day(at)} {at:%H:%M:%S}"


@dataclass
class Bar:
    """A 吧 of Tieba: the list hides its rows in a comment, answers inside floors come page by page."""

    answer: Any
    talks: list[Talk]
    answers: dict[int, int] = field(default_factory=dict)  #: floor -> how many answers stand below it
    wall: bool = False
    ads: bool = True
    now: datetime = NOW

    def __call__(self, path: str, headers: dict[str, str]) -> Any:
        parts = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if self.wall:
            return self.page("<title>百度安全验证</title><div class='timeout'>网络不给力，请稍后重试</div>")
        if parts.path == "/f":
            return self.board(int(query["pn"]) // 50 + 1)
        if parts.path == "/f/search/res":
            return self.found(query["qw"], int(query["pn"]))
        if parts.path == "/p/comment":
            return self.inside(int(query["pid"]), int(query["pn"]))
        one = next((one for one in self.talks if parts.path == f"/p/{one.tid}" and not one.gone), None)
        if one is None:
            return self.page("<title>贴吧404</title><div class='page404'>很抱歉，该贴已被删除。</div>")
        return self.thread(one, int(query["pn"]))

    def page(self, body: str) -> Any:
        return self.answer(f"<!DOCTYPE html><html><body>{body}</body></html>".encode())

    def board(self, page: int) -> Any:
        normal = sorted(self.talks, key=lambda one: one.last, reverse=True)
        rows = "".join(self.row(one) for one in normal[(page - 1) * ROWS : page * ROWS])
        following = (
            '<a href="#" class="next pagination-item ">下一页&gt;</a>' if page * ROWS < len(normal) else ""
        )
        inner = (
            f'<ul id="thread_list">{rows}</ul><div id="frs_list_pager"><span>{page}</span>{following}</div>'
        )
        return self.page(
            '<code class="pagelet_html" id="pagelet_html_frs-list/pagelet/thread_list" style="display:none;'
            f'"><!--{inner}--></code><script>x()</script>'
        )

    def row(self, one: Talk) -> str:
        told = html.escape(
            json.dumps(
                {"id": one.tid, "author_name": "水边柳", "reply_num": self.replies(one), "is_top": None}
            )
        )
        return (
            f"<li class=\" j_thread_list clearfix\" data-field='{told}' data-tid='{one.tid}'>"
            f'<a href="/p/{one.tid}" title="{one.title}" class="j_th_tit ">{one.title}</a>'
            '<span class="tb_icon_author " title="主题作者: 水边柳"></span><span class="pull-right is_show_create_time">'
            f"{self.short(one.floors[0].at)}</span>"
            f'<span class="threadlist_reply_date pull_right j_reply_data">\n {self.short(one.last)} </span></li>'
        )

    def replies(self, one: Talk) -> int:
        return len(one.floors) - 1 + sum(self.answers.get(said.pid, 0) for said in one.floors)

    def short(self, at: datetime) -> str:
        if at.date() == self.now.date():
            return f"{at:%H:%M}"
        return f"{at.month}-{at.day}" if at.year == self.now.year else f"{at:%Y-%m}"

    def thread(self, one: Talk, page: int) -> Any:
        first = (page - 1) * FLOORS
        shown = list(enumerate(one.floors))[first : first + FLOORS]
        floors = "".join(self.floor(said, n) for n, said in shown)
        advert = (
            '<div class="l_post l_post_bright" data-field="{}"><div class="d_post_content">广告</div></div>'
            if self.ads
            else ""
        )
        return self.page(
            f"<script>PageData.thread = {{ thread_id:{one.tid}, reply_num:{self.replies(one)} }};"
            f'PageData.pager = {{"cur_page":{page},"total_page":{one.pages},"page_size":{FLOORS}}};'
            "</script>"
            f'<h3 class="core_title_txt" title="{one.title}">{one.title}</h3>{floors}{advert}'
        )

    def floor(self, said: Said, n: int) -> str:
        told = {
            "author": {"user_id": 5, "user_name": said.author},
            "content": {"post_id": said.pid, "post_no": n + 1, "comment_num": self.answers.get(said.pid, 0)},
        }
        return (
            f'<div class="l_post l_post_bright j_l_post" data-field="{html.escape(json.dumps(told))}">'
            f'<a class="p_author_name j_user_card">{said.author}</a>'
            f'<div id="post_content_{said.pid}" class="d_post_content j_d_post_content ">            {html.escape(said.text)}'
            '<img class="BDE_Smiley" src="//x.invalid/s.png">'
            "</div>"
            '<div class="post-tail-wrap"><span>IP属地:山东</span><span class="tail-info">'
            f'{n + 1}楼</span><span class="tail-info">{said.at:%Y-%m-%d %H:%M}</span></div>'
            "</div>"
        )

    def inside(self, pid: int, page: int) -> Any:
        total = self.answers.get(pid, 0)
        items = "".join(
            '<li class="lzl_single_post j_lzl_s_p"'
            f" data-field='{html.escape(json.dumps({'spid': pid * 1000 + n, 'showname': '北城老张'}))}'>"
            '<div class="lzl_cnt"><a class="at j_user_card ">北城老张</a>:'
            f'<span class="lzl_content_main">楼里的回复 {n}</span><span class="lzl_time">2026-3-6 08:{n % 60:02}</span>'
            "</div></li>"
            for n in range((page - 1) * 10, min(page * 10, total))
        )
        pages = -(-total // 10)
        return self.answer(
            f"{items}<li class='lzl_li_pager' data-field='{{&quot;total_num&quot;:{total},&quot;total_page&quot;:{pages}}}'>"
            "</li>".encode()
        )

    def found(self, words: str, page: int) -> Any:
        hits = sorted(
            (one for one in self.talks if words in one.title), key=lambda one: one.last, reverse=True
        )
        posts = "".join(
            f'<div class="s_post"><span class="p_title"><a data-tid="{one.tid}" class="bluelink" href="/p/{one.tid}?pid=1">'
            f"{one.title}</a></span>"
            f'<a href="/home/main?un=%CB%AE">水边柳</a><font class="p_green p_date">{one.last:%Y-%m-%d %H:%M}</font></div>'
            for one in hits[(page - 1) * 10 : page * 10]
        )
        return self.page(f'<div class="s_post_list">{posts}</div>')


class Walk:
    """Visits of a real spider to a site in this process: Scrapy's requests and answers, no network between them."""

    def __init__(
        self, spider: type[SourceSpider], config: Config, site: Callable[[str, dict[str, str]], Any]
    ) -> None:
        self.spider, self.config, self.site = spider, config, site
        self.cursor: dict[str, str] = {}
        self.posts: dict[str, RawPost] = {}
        self.rejects: list[Reject] = []
        self.asked: list[str] = []  #: of the last visit
        self.walls: list[str] = []

    def visit(self, source: SourceRow, at: datetime, until: int = 10_000) -> int:
        """Walk to the end, or break off after so many pages without a word; returns how many posts are new."""
        spider = self.spider()
        spider.config, spider.source, spider.at, spider.cursor = self.config, source, at, dict(self.cursor)
        known, self.asked = len(self.posts), []
        waiting = list(spider.first())
        while waiting and len(self.asked) < until:
            request = max(reversed(waiting), key=lambda one: one.priority)
            waiting.remove(request)
            waiting += self.read(spider, request)
        self.walls = [wall.state for wall in spider.walls]
        if not waiting:
            self.cursor = {key: value for key, value in (self.cursor | spider.moved()).items() if value}
        return len(self.posts) - known

    def read(self, spider: SourceSpider, request: Request) -> list[Request]:
        path = request.url.removeprefix(BASE)
        self.asked.append(path)
        found = self.site(path, {})
        decoded = decode(found.body, found.type)
        wall = walls.find(found.status, decoded.text, request.meta["expects"])
        response = HtmlResponse(
            request.url, status=found.status, body=found.body, request=request, encoding="utf-8"
        )
        request.meta.update(decoded=decoded, gone=wall is not None)
        if wall and wall.state != "gone":
            spider.walls.append(wall)  # as the middleware does
            return self.taken(request.errback(Failure(IgnoreRequest(wall.sentence))))
        spider.pages += 1
        return self.taken(request.callback(response))

    def taken(self, items: Iterable[Any]) -> list[Request]:
        further = []
        for item in items:
            if isinstance(item, RawPost):
                self.posts[item.native_id] = item
            elif isinstance(item, Reject):
                self.rejects.append(item)
            else:
                further.append(item)
        return further
