"""A pretended Discuz! X3.5 forum: boards, threads, RSS, in UTF-8 or in GBK under a header that claims UTF-8.

Threads come as data; what a page looks like stands in demo/sites/pages/discuz_*.html.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from urllib.parse import quote

from demo.sites import dating
from demo.sites import pages
from demo.sites.content import BOARDS
from demo.sites.content import Floor
from demo.sites.content import Thread
from demo.sites.server import Reply
from demo.sites.server import Request
from demo.sites.server import Site

ROWS = 20  #: threads on a board page, Discuz!'s default
FLOORS = 10  #: floors on a thread page, Discuz!'s default
PLACES = ("楼主", "沙发", "板凳", "地板")
STATIC = re.compile(r"^/(forum|thread)-(\d+)-(\d+)(?:-\d+)?\.html$")
ROBOTS = b"""User-agent: *
Disallow: /api/
Disallow: /data/
Disallow: /source/
Disallow: /install/
Disallow: /template/
Disallow: /config/
Disallow: /uc_client/
Disallow: /uc_server/
Disallow: /static/
Disallow: /admin.php
Disallow: /search.php
Disallow: /member.php
Disallow: /api.php
Disallow: /misc.php
Disallow: /connect.php
Disallow: /forum.php?mod=redirect*
Disallow: /forum.php?mod=post*
Disallow: /home.php?mod=spacecp*
Disallow: /*?mod=misc*
Disallow: /*?mod=attachment*
Disallow: /*mobile=yes*
"""


@dataclass(frozen=True, slots=True)
class Said:
    """A floor with its moment and place; the opening post is the first."""

    floor: Floor
    at: datetime
    place: int


class DiscuzSite(Site):
    """One forum. `encoding` is what the bytes are, `claims` what the HTTP header says they are."""

    def __init__(
        self,
        threads: Sequence[Thread],
        now: datetime,
        port: int = 0,
        *,
        name: str = "",
        boards: Mapping[int, str] = BOARDS,
        encoding: str = "utf-8",
        claims: str = "",
    ) -> None:
        super().__init__(port)
        self.now = now
        self.name = f"{name}（演示）"
        self.encoding = encoding
        self.claims = claims or encoding
        self.threads = {thread.tid: thread for thread in threads}
        self.boards = {fid: boards[fid] for fid in sorted({thread.fid for thread in threads})}

    def answer(self, request: Request) -> Reply:
        if request.path == "/robots.txt":
            return Reply(ROBOTS, "text/plain; charset=utf-8")
        module, number, page = _asked(request)
        if module == "viewthread" and number in self.threads:
            return self._thread(self.threads[number], page)
        if module == "forumdisplay" and number in self.boards:
            return self._board(number, page, by_dateline=request.query.get("orderby") == "dateline")
        if module == "rss" and number in self.boards:
            return self._rss(number)
        if module == "index":
            return self._index()
        missing = pages.fill("discuz_missing.html", site=self.name)
        return self._frame("提示信息", "提示信息", missing, status=404)

    # --- pages ----------------------------------------------------------------------------------------------

    def _frame(
        self, title: str, trail: str, content: str, fid: int = 0, page_class: str = "index", status: int = 200
    ) -> Reply:
        page = pages.fill(
            "discuz_frame.html",
            title=title,
            trail=trail,
            content=content,
            fid=fid,
            page_class=page_class,
            site=self.name,
            base=self.url,
            charset=self.encoding,
        )
        body = page.encode(self.encoding, "xmlcharrefreplace")
        return Reply(body, f"text/html; charset={self.claims}", status)

    def _index(self) -> Reply:
        rows = "".join(
            f'<p><a href="forum.php?mod=forumdisplay&amp;fid={fid}">{name}</a></p>'
            for fid, name in self.boards.items()
        )
        return self._frame(self.name, "首页", rows)

    def _board(self, fid: int, page: int, *, by_dateline: bool) -> Reply:
        mine = [thread for thread in self.threads.values() if thread.fid == fid]
        normal = [thread for thread in mine if not thread.sticky]
        normal.sort(key=self._opened if by_dateline else self._last_at, reverse=True)
        pinned = [thread for thread in mine if thread.sticky] if page == 1 else []
        shown = normal[(page - 1) * ROWS : page * ROWS]
        content = pages.fill(
            "discuz_board.html",
            fid=fid,
            name=self.boards[fid],
            total=len(mine),
            page=page,
            sticky="".join(self._row(thread, page) for thread in pinned),
            rows="".join(self._row(thread, page) for thread in shown),
            pager=_pager(f"forum.php?mod=forumdisplay&fid={fid}&amp;page=", page, len(normal), ROWS),
        )
        return self._frame(self.boards[fid], self._board_link(fid), content, fid, "forumdisplay")

    def _row(self, thread: Thread, page: int) -> str:
        last = self._said(thread)[-1]
        opened = self._opened(thread)
        return pages.fill(
            "discuz_row.html",
            kind="stick" if thread.sticky else "normal",
            tid=thread.tid,
            page=page,
            row_class="common" if thread.sticky else "new",
            title=html.escape(thread.title),
            pages=_more_pages(thread),
            uid=_uid(thread.author),
            author=html.escape(thread.author),
            fresh=' class="xi1"' if opened.date() == self.now.date() else "",
            opened=dating.discuz(opened, self.now),
            replies=len(thread.floors),
            views=thread.views,
            last_author=html.escape(last.floor.author),
            last_author_quoted=quote(last.floor.author.encode(self.encoding, "replace")),
            last=dating.discuz(last.at, self.now, " %H:%M"),
        )

    def _thread(self, thread: Thread, page: int) -> Reply:
        said = self._said(thread)
        shown = said[(page - 1) * FLOORS : page * FLOORS]
        content = pages.fill(
            "discuz_thread.html",
            fid=thread.fid,
            tid=thread.tid,
            site=self.name,
            title=html.escape(thread.title),
            views=thread.views,
            replies=len(thread.floors),
            floors="".join(self._floor(thread, one) for one in shown),
            pager=_pager(
                f"forum.php?mod=viewthread&tid={thread.tid}&amp;extra=&amp;page=", page, len(said), FLOORS
            ),
        )
        title = html.escape(thread.title)
        return self._frame(title, self._board_link(thread.fid), content, thread.fid, "viewthread")

    def _floor(self, thread: Thread, said: Said) -> str:
        floor = said.floor
        return pages.fill(
            "discuz_floor.html",
            tid=thread.tid,
            pid=floor.pid,
            uid=_uid(floor.author),
            author=html.escape(floor.author),
            place=PLACES[said.place]
            if said.place < len(PLACES)
            else f"<em>{said.place + 1}</em><sup>#</sup>",
            when=dating.discuz(said.at, self.now, " %H:%M:%S"),
            edited=_edited(floor, said.at) if floor.edited else "",
            quote=self._quote(thread, floor),
            text=html.escape(floor.text, quote=False).replace("\n", "<br />\n"),
            attachments="".join(_attachments(floor, said.at)),
        )

    def _quote(self, thread: Thread, floor: Floor) -> str:
        if floor.quote is None:
            return ""
        source = next(one for one in self._said(thread) if one.floor.author == floor.quote.author)
        return (
            '<div class="quote"><blockquote><font size="2"><a href="forum.php?mod=redirect&amp;goto=findpost'
            f'&amp;pid={source.floor.pid}&amp;ptid={thread.tid}" target="_blank"><font color="#999999">'
            f"{html.escape(floor.quote.author)} 发表于 {dating.plain(source.at)}</font></a></font><br />\n"
            f"{html.escape(floor.quote.text, quote=False)}</blockquote></div><br />\n"
        )

    def _rss(self, fid: int) -> Reply:
        """The 20 newest threads; GMT, no guid, as Discuz! does it."""
        mine = [thread for thread in self.threads.values() if thread.fid == fid and not thread.sticky]
        newest = sorted(mine, key=self._opened, reverse=True)[:20]
        items = "".join(
            f"    <item>\n      <title>{html.escape(thread.title)}</title>\n"
            f"      <link>{self.url}/forum.php?mod=viewthread&amp;tid={thread.tid}</link>\n"
            f"      <description><![CDATA[{thread.text[:120]} ...]]></description>\n"
            f"      <category>{self.boards[fid]}</category>\n      <author>{html.escape(thread.author)}</author>\n"
            f"      <pubDate>{dating.gmt(self._opened(thread))}</pubDate>\n    </item>\n"
            for thread in newest
        )
        body = (
            f'<?xml version="1.0" encoding="{self.encoding}"?>\n<rss version="2.0">\n  <channel>\n'
            f"    <title>{self.name} - {self.boards[fid]}</title>\n"
            f"    <link>{self.url}/forum.php?mod=forumdisplay&amp;fid={fid}</link>\n"
            f"    <generator>Discuz! Board by Comsenz Inc.</generator>\n    <ttl>60</ttl>\n"
            f"{items}  </channel>\n</rss>\n"
        )
        return Reply(
            body.encode(self.encoding, "xmlcharrefreplace"), f"application/xml; charset={self.claims}"
        )

    # --- moments --------------------------------------------------------------------------------------------

    def _opened(self, thread: Thread) -> datetime:
        return dating.opened(thread, self.now)

    def _last_at(self, thread: Thread) -> datetime:
        return self._said(thread)[-1].at

    def _said(self, thread: Thread) -> list[Said]:
        opening = Floor(
            pid=thread.pid,
            after=0,
            author=thread.author,
            text=thread.text,
            edited=thread.edited,
            attachments=thread.attachments,
        )
        opened = self._opened(thread)
        floors = (opening, *thread.floors)
        return [Said(one, opened + timedelta(minutes=one.after), n) for n, one in enumerate(floors)]

    def _board_link(self, fid: int) -> str:
        return f'<a href="forum.php?mod=forumdisplay&fid={fid}">{self.boards[fid]}</a>'


def _asked(request: Request) -> tuple[str, int, int]:
    """What is asked for, its number and page: forum.php?mod=… or the static form thread-7-1-1.html."""
    if match := STATIC.match(request.path):
        module = "viewthread" if match[1] == "thread" else "forumdisplay"
        return module, int(match[2]), max(1, int(match[3]))
    query = request.query
    if request.path == "/" or (request.path == "/forum.php" and "mod" not in query):
        return "index", 0, 1
    number = query.get("tid") or query.get("fid") or ""
    page = query.get("page") or "1"
    if request.path != "/forum.php" or not number.isdecimal() or not page.isdecimal():
        return "", 0, 1
    return query["mod"], int(number), max(1, int(page))


def _uid(author: str) -> int:
    """A number for a nickname, the same in every run."""
    return 1000 + sum(ord(letter) * (n + 7) for n, letter in enumerate(author)) % 88_000


def _pager(link: str, page: int, total: int, size: int) -> str:
    last = max(1, -(-total // size))
    if last == 1:
        return ""
    numbers = "".join(
        f"<strong>{n}</strong>" if n == page else f'<a href="{link}{n}">{n}</a>' for n in range(1, last + 1)
    )
    jump = (
        '<label><input type="text" name="custompage" class="px" size="2" title="输入页码，按回车快速跳转" '
        f'value="{page}" /><span title="共 {last} 页"> / {last} 页</span></label>'
    )
    following = f'<a href="{link}{page + 1}" class="nxt">下一页</a>' if page < last else ""
    return f'<div class="pg">{numbers}{jump}{following}</div>'


def _more_pages(thread: Thread) -> str:
    last = -(-(len(thread.floors) + 1) // FLOORS)
    links = "".join(
        f'<a href="forum.php?mod=viewthread&tid={thread.tid}&amp;page={n}">{n}</a>'
        for n in range(2, last + 1)
    )
    return f'<span class="tps">&nbsp;...{links}</span>' if links else ""


def _edited(floor: Floor, at: datetime) -> str:
    when = dating.plain(at + timedelta(minutes=6))
    return f'<i class="pstatus"> 本帖最后由 {html.escape(floor.author)} 于 {when} 编辑 </i><br />\n<br />\n'


def _attachments(floor: Floor, at: datetime) -> Iterable[str]:
    for n, name in enumerate(floor.attachments):
        yield pages.fill("discuz_attachment.html", aid=floor.pid * 10 + n, name=name, when=dating.plain(at))
