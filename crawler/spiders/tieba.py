"""Baidu Tieba: the 吧 of a source by last reply, their threads, floors and the answers inside floors.

Mode "search" asks the site's own search for `keywords` instead. The site's robots.txt is closed: without a written
permission nothing is asked at all. What the pages mean is in crawler.tieba_html.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from scrapy.http import Request
from scrapy.http import Response

from crawler import tieba_html
from crawler.forum_memory import Inside
from crawler.forum_page import Board
from crawler.forum_page import BoardRow
from crawler.forum_page import Floor
from crawler.forum_page import Thread
from crawler.forum_spider import NEWS
from crawler.forum_spider import ForumSpider
from crawler.forum_spider import ThreadStep
from crawler.source_spider import Output
from crawler.tieba_html import PER_PAGE
from huanyu.errors import BadInput
from huanyu.types import RawPost

SEARCH = "search"
ROWS = 50  # threads on a page of a list


@dataclass(frozen=True, slots=True)
class AnswerStep:
    """One page of the answers inside a floor."""

    board: str
    tid: str
    opener: str
    pid: str
    page: int
    left: int  #: pages this visit may still read of this floor, this one included


class TiebaSpider(ForumSpider):
    name = "tieba"
    modes = frozenset({"", SEARCH})
    told: Mapping[str, Any] = MappingProxyType({**ForumSpider.told, "answers": AnswerStep})
    nested = True

    def boards(self) -> tuple[str, ...]:
        return self.source.keywords if self.source.mode == SEARCH else self.source.boards

    def address(self, path: str) -> str:
        return f"{(self.source.base_url or 'https://tieba.baidu.com').rstrip('/')}/{path}"

    def board_address(self, board: str, page: int) -> str:
        if self.source.mode == SEARCH:
            return self.address(f"f/search/res?ie=utf-8&qw={quote(board)}&rn={PER_PAGE}&sm=1&pn={page}")
        return self.address(f"f?kw={quote(board)}&ie=utf-8&pn={(page - 1) * ROWS}")

    def thread_address(self, tid: str, page: int) -> str:
        return self.address(f"p/{tid}?pn={page}")

    def read_board(self, response: Response) -> Board:
        read = tieba_html.search if self.source.mode == SEARCH else tieba_html.board
        return read(self.text(response), self.now())

    def read_thread(self, response: Response) -> Thread:
        return tieba_html.thread(self.text(response), self.now())

    def moved_at(self, row: BoardRow) -> datetime | None:
        return row.last_at or row.posted_at

    def is_gone(self, response: Response) -> bool:
        return super().is_gone(response) or tieba_html.is_gone(self.text(response))

    # --- answers inside floors ------------------------------------------------------------------------------

    def more(self, found: Thread, step: ThreadStep) -> Iterator[Request]:
        """Pages of answers that the thread's own page does not show."""
        memory = self.memory(step.board)
        for floor in found.floors:
            shown = sum(one.below == floor.pid for one in found.floors)
            have = max(memory.answers.get(floor.pid, 0), shown)
            if not floor.below and floor.answers > have and floor.pid not in memory.inside:
                page, pages = have // PER_PAGE + 1, self.source.max_pages
                yield from self.answers(AnswerStep(step.board, step.tid, step.opener, floor.pid, page, pages))

    def leftovers(self, board: str) -> Iterator[Request]:
        yield from super().leftovers(board)
        memory = self.memory(board)
        for pid, one in list(memory.inside.items()):
            if pid not in memory.asked:
                step = AnswerStep(board, one.tid, one.opener, pid, one.page, self.source.max_pages)
                yield from self.answers(step)

    def answers(self, step: AnswerStep) -> Iterator[Request]:
        """Ask for a page of answers now, or on the next visit where this one has asked enough."""
        memory = self.memory(step.board)
        memory.asked.add(step.pid)
        memory.inside.pop(step.pid, None)
        if memory.budget <= 0 or step.left < 1:
            self.answers_lost(step, None)
            return
        memory.budget -= 1
        url = self.address(f"p/comment?tid={step.tid}&pid={step.pid}&pn={step.page}")
        lost = partial(self.answers_lost, step)
        found = self.ask(url, self.parse_answers, "html", lost, self.cookie(), answers=step)
        yield found.replace(priority=NEWS)

    def answers_lost(self, step: AnswerStep, _: object) -> Iterable[Request]:
        self.memory(step.board).inside[step.pid] = Inside(step.tid, step.opener, step.page)
        return ()

    def parse_answers(self, response: Response) -> Output:
        step: AnswerStep = response.meta["answers"]
        if response.meta["gone"]:
            return
        try:
            found, pages = tieba_html.answers(self.text(response), self.now(), step.pid)
        except BadInput as problem:
            yield self.reject(response, problem)
            return
        for floor in found:
            yield self.post(None, floor, step.tid, step.opener)
        memory = self.memory(step.board)
        memory.answers.pop(step.pid, None)
        memory.answers[step.pid] = (step.page - 1) * PER_PAGE + len(found)
        if step.page < pages:
            yield from self.answers(replace(step, page=step.page + 1, left=step.left - 1))

    # --- items ----------------------------------------------------------------------------------------------

    def post(self, found: Thread | None, floor: Floor, tid: str, opener: str) -> RawPost:
        first = floor.pid == opener
        return RawPost(
            source=self.source.key,
            kind=self.source.kind,
            native_id=floor.pid,
            identity=f"tieba/{floor.pid}",
            link=f"tieba/{tid}" if first else "",
            url=self.address(where(floor, tid, first)),
            title=found.title if found and first else "",
            text=floor.text,
            fetched_at=self.now(),
            author=floor.author,
            author_id=floor.author_id,
            posted_at=floor.posted_at,
            year_inferred=floor.year_inferred,
            parent_id="" if first else (floor.below or opener),
            region=floor.region,
            comments=found.replies if found and first else None,
            images=floor.images,
            deleted=floor.hidden,
            raw=floor.html.encode(),
            raw_type="text/html; charset=utf-8",
        )


def where(floor: Floor, tid: str, first: bool) -> str:
    """Address of a floor, or of an answer inside it, on its thread's page."""
    if first:
        return f"p/{tid}"
    inside = f"&cid={floor.pid}" if floor.below else ""
    return f"p/{tid}?pid={floor.below or floor.pid}{inside}#{floor.pid}"
