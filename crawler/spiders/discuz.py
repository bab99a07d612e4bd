"""Discuz! X: the boards of a source by last reply, their threads, every floor.

Mode "newest" sorts by newest thread; mode "rss" asks a board's RSS first and leaves the board alone while that shows
nothing new, but for a look every six hours, because it never shows answers. What the pages mean is in
crawler.discuz_html. Addresses are built, not followed: a page cannot send us elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from scrapy.http import Request
from scrapy.http import Response

from crawler import discuz_html
from crawler import discuz_rss
from crawler import links
from crawler.forum_page import Board
from crawler.forum_page import BoardRow
from crawler.forum_page import Floor
from crawler.forum_page import Thread
from crawler.forum_spider import BOARDS
from crawler.forum_spider import ForumSpider
from crawler.source_spider import Output
from huanyu.errors import BadInput
from huanyu.types import RawPost

NEWEST, RSS = "newest", "rss"
LOOK = timedelta(hours=6)  # a board is read at least so often although its RSS shows nothing new
STATIC = re.compile(r"/(?:forum|thread)-\d+-\d+(?:-\d+)?\.html$")


class DiscuzSpider(ForumSpider):
    name = "discuz"
    modes = frozenset({"", NEWEST, RSS})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.static = (
            False  #: the site sends forum.php on to thread-7-1-1.html: asked for at once from then on
        )

    # --- the cheap probe ------------------------------------------------------------------------------------

    def begin(self, board: str) -> Iterable[Request]:
        if self.source.mode != RSS:
            return super().begin(board)
        lost = partial(self.probe_lost, board)  # a site without RSS is read by its board
        url = self.address(f"mod=rss&fid={board}")
        return [
            self.ask(url, self.parse_rss, "html", lost, self.cookie(), fid=board).replace(priority=BOARDS)
        ]

    def probe_lost(self, board: str, _: object) -> Iterable[Request]:
        return super().begin(board)

    def parse_rss(self, response: Response) -> Output:
        board = response.meta["fid"]
        memory = self.memory(board)
        try:
            found = () if response.meta["gone"] else discuz_rss.threads(self.text(response))
        except BadInput:
            found = ()
        news = not found or bool(set(found) - set(memory.feed))
        memory.feed = found
        if news or memory.deep or not memory.board_at or self.now() - memory.board_at >= LOOK:
            yield from super().begin(board)
        else:
            yield from self.leftovers(board)

    # --- pages ----------------------------------------------------------------------------------------------

    def address(self, query: str) -> str:
        base = self.source.base_url.rstrip("/")
        return f"{base}/forum.php?{query}" if query else f"{base}/"

    def board_address(self, board: str, page: int) -> str:
        if self.source.mode == NEWEST:
            return self.address(f"mod=forumdisplay&fid={board}&page={page}&orderby=dateline")
        if self.static:
            return f"{self.address('')}forum-{board}-{page}.html"
        return self.address(f"mod=forumdisplay&fid={board}&page={page}")

    def thread_address(self, tid: str, page: int) -> str:
        if self.static:
            return f"{self.address('')}thread-{tid}-{page}-1.html"
        return self.address(f"mod=viewthread&tid={tid}&page={page}")

    def read_board(self, response: Response) -> Board:
        self.learn(response)
        return discuz_html.board(self.text(response), self.now())

    def read_thread(self, response: Response) -> Thread:
        self.learn(response)
        return discuz_html.thread(self.text(response), self.now(), self.address(""))

    def learn(self, response: Response) -> None:
        """Whether the site redirects its scripts to rewritten addresses; asking for those saves it every second request."""
        self.static = self.static or bool(STATIC.search(urlsplit(response.url).path))

    def moved_at(self, row: BoardRow) -> datetime | None:
        return row.posted_at if self.source.mode == NEWEST else row.last_at

    def post(self, found: Thread, floor: Floor, tid: str, opener: str) -> RawPost:
        first = floor.pid == opener
        page = self.address(f"mod=viewthread&tid={tid}")
        link = links.canonical(page)
        return RawPost(
            source=self.source.key,
            kind=self.source.kind,
            native_id=floor.pid,
            identity=f"{link.partition('/thread/')[0]}/{floor.pid}",
            link=link if first else "",
            url=page if first else self.address(f"mod=redirect&goto=findpost&ptid={tid}&pid={floor.pid}"),
            title=found.title if first else "",
            text=floor.text,
            fetched_at=self.now(),
            author=floor.author,
            author_id=floor.author_id,
            posted_at=floor.posted_at,
            year_inferred=floor.year_inferred,
            parent_id="" if first else opener,
            comments=found.replies if first else None,
            views=found.views if first else None,
            images=floor.images,
            deleted=floor.hidden,
            raw=floor.html.encode(),
            raw_type="text/html; charset=utf-8",
        )
