"""The walk through a forum that all our forum spiders share: boards, threads, and what a visit leaves to the next.

Knows neither Discuz! nor Tieba: a spider says where a page is and reads it. Newest things come first: the boards'
first pages, the threads that moved, then what earlier visits left. A visit asks for so many pages of threads as
`crawler.patience` allows; nothing that it does not reach is lost, `crawler.forum_memory` keeps it.
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

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request
from scrapy.http import Response

from crawler import forum_memory
from crawler import patience
from crawler.forum_memory import ALONE
from crawler.forum_memory import BACKLOG
from crawler.forum_memory import Deep
from crawler.forum_memory import Memory
from crawler.forum_memory import Rest
from crawler.forum_memory import Wanted
from crawler.forum_memory import reaches
from crawler.forum_page import Board
from crawler.forum_page import BoardRow
from crawler.forum_page import Floor
from crawler.forum_page import Thread
from crawler.source_spider import Output
from crawler.source_spider import SourceSpider
from crawler.walls import Wall
from huanyu.errors import BadInput
from huanyu.types import RawPost

ENDLESS = 1000  # pages of one thread, counted from its end; a game that runs for ten years is no complaint

BOARDS, NEWS, LEFT = 20, 10, 0  # priorities of requests


MORE_LATER = Wall(
    "slow", "新内容太多, 这次没有读完, 余下的以后接着读; 如果经常这样, 请增加 max_pages", stop=False
)


@dataclass(frozen=True, slots=True)
class BoardStep:
    """One page of a walk over a board."""

    board: str
    page: int
    left: int  #: pages this walk may still read, this one included
    since: datetime | None  #: read back to here; None: as far as the pages go
    newest: datetime | None = None
    deep: bool = False  #: goes on where an earlier visit stopped


@dataclass(frozen=True, slots=True)
class ThreadStep:
    """One page of a walk through a thread: the first page, then from the last one down."""

    board: str
    tid: str
    page: int = 1
    left: int = 0  #: pages this walk may still read, this one included; 0 = not known before the first page
    since: int = 0  #: floors up to this id were read on an earlier visit
    top: int = 0  #: highest floor id seen on this walk
    opener: str = ""
    stamp: str = ""
    tries: int = 0
    old: bool = False  #: goes on where an earlier visit stopped


class ForumSpider(SourceSpider):
    """A spider of boards and threads."""

    told: Mapping[str, Any] = MappingProxyType({"board": BoardStep, "thread": ThreadStep})
    nested = False  #: answers stand inside floors: a thread that moved is read again as far as a visit goes

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.memories: dict[str, Memory] = {}  #: of each board of this visit
        self.shut: list[Wall] = []  #: threads that want a log-in
        self.open = False  #: whether any thread could be read

    def board_address(self, board: str, page: int) -> str:
        raise NotImplementedError

    def thread_address(self, tid: str, page: int) -> str:
        raise NotImplementedError

    def read_board(self, response: Response) -> Board:
        """Rows of a page; raises BadInput."""
        raise NotImplementedError

    def read_thread(self, response: Response) -> Thread:
        """Floors of a page; raises BadInput."""
        raise NotImplementedError

    def is_gone(self, response: Response) -> bool:
        """Whether a thread was deleted or hidden."""
        return bool(response.meta["gone"])

    def post(self, found: Thread, floor: Floor, tid: str, opener: str) -> RawPost:
        raise NotImplementedError

    def moved_at(self, row: BoardRow) -> datetime | None:
        """The time by which the board is sorted."""
        return row.last_at

    def more(self, _found: Thread, _step: ThreadStep) -> Iterable[Request]:
        """Requests that belong to a page of a thread: answers below its floors."""
        return ()

    # --- the visit ------------------------------------------------------------------------------------------

    def first(self) -> Iterable[Request]:
        for board in self.boards():
            yield from self.begin(board)

    def boards(self) -> tuple[str, ...]:
        return self.source.boards

    def begin(self, board: str) -> Iterable[Request]:
        """How the visit to a board begins."""
        memory = self.memory(board)
        yield self.board(BoardStep(board, 1, self.source.max_pages, memory.before))

    def memory(self, board: str) -> Memory:
        """What is known of a board, read from the cursor when it is first asked for."""
        if board not in self.memories:
            memory = forum_memory.load(self.cursor, board)
            pages = patience.requests(self.source, self.delays.values())
            memory.budget = pages // max(1, len(self.boards()))
            self.memories[board] = memory
        return self.memories[board]

    def moved(self) -> dict[str, str]:
        told = super().moved()
        for board, memory in self.memories.items():
            told |= forum_memory.dump(memory, board)
        return told

    # --- boards ---------------------------------------------------------------------------------------------

    def board(self, step: BoardStep) -> Request:
        found = self.ask(
            self.board_address(step.board, step.page),
            self.parse_board,
            "html",
            partial(self.board_lost, step.board),
            self.cookie(),
            board=step,
        )
        return found.replace(priority=BOARDS)

    def board_lost(self, board: str, _: object) -> Iterator[Request]:
        """The board cannot be read now; what waits behind it can."""
        self.memory(board).feed = ()  # what its RSS listed as new is new still
        yield from self.leftovers(board)

    def parse_board(self, response: Response) -> Output:
        step: BoardStep = response.meta["board"]
        if response.meta["gone"] and step.page > 1:  # the board has become shorter
            yield from self.board_ends(self.memory(step.board), step, more=False)
            return
        if response.meta["gone"]:
            self.walls.append(Wall("failing", f"论坛里没有版块 {step.board}, 请检查来源设置", stop=False))
            return
        try:
            found = self.read_board(response)
        except BadInput as problem:
            yield self.reject(response, problem)
            yield from self.board_lost(step.board, problem)
            return
        memory = self.memory(step.board)
        news = [row for row in found.rows if memory.is_news(row, self.moved_at(row), step.since)]
        for row in news:
            yield from self.want(step.board, row.tid, Wanted(row.stamp))
        # a row that claims to be of tomorrow would hide everything until then
        moments = [min(when, self.now()) for when in map(self.moved_at, found.rows) if when]
        step = replace(step, newest=max([*moments, *([step.newest] if step.newest else [])], default=None))
        if (
            found.has_next
            and step.left > 1
            and any(self.goes_on(row, row in news, step) for row in found.rows)
        ):
            yield self.board(replace(step, page=step.page + 1, left=step.left - 1))
            return
        more = any(self.lies_before(row, memory, step) for row in found.rows)
        yield from self.board_ends(memory, step, found.has_next and more)

    def goes_on(self, row: BoardRow, is_news: bool, step: BoardStep) -> bool:
        """Whether a row says that the next page may hold news; behind a first walk that broke off there is some."""
        if row.sticky:
            return False
        when = self.moved_at(row) or (row.posted_at if step.deep else None)
        wanted = bool(when and step.since and reaches(when, step.since))
        return is_news or wanted or not self.memory(step.board).board_at

    def lies_before(self, row: BoardRow, memory: Memory, step: BoardStep) -> bool:
        """Whether a row says that this walk did not come to its end; telephones are not told when a thread moved."""
        when = self.moved_at(row) or row.posted_at
        if row.sticky or when is None or not (step.deep or not memory.board_at or memory.has_moved(row)):
            return False
        return reaches(when, self.end(memory, step))

    def end(self, memory: Memory, step: BoardStep) -> datetime:
        """How far back a walk must come: to the last visit, or as far as the desk wants to look."""
        return (step.since if step.deep else memory.known) or self.now() - patience.HISTORY

    def board_ends(self, memory: Memory, step: BoardStep, more: bool) -> Iterator[Request]:
        """Note how far a walk came; go on with the pages that an earlier visit left, then with its threads.

        Threads only move to later pages: what was left stands where it stood, or behind it; one page of overlap for
        those that were deleted meanwhile.
        """
        behind = memory.deep
        if step.deep:
            memory.deep = Deep(step.page + 1, step.since) if more and step.since else None
        else:
            self.first_walk_ends(memory, step, more)
        if step.deep or not behind or len(memory.waiting) > BACKLOG:  # first what is known to be there
            yield from self.leftovers(step.board)
            return
        start = step.page + 1 if more else max(step.page + 1, behind.page - 1)
        pages = max(2, self.source.max_pages)  # one of them is overlap
        yield self.board(BoardStep(step.board, start, pages, memory.deep_until(behind), deep=True))

    def first_walk_ends(self, memory: Memory, step: BoardStep, more: bool) -> None:
        memory.board_at = self.now()
        if more:
            self.walls += [MORE_LATER] if memory.known else []
            memory.deep = Deep(step.page + 1, memory.deep_until(Deep(0, self.end(memory, step))))
        if step.newest and step.newest != memory.known:
            memory.before, memory.known = memory.known or step.newest, step.newest

    # --- threads --------------------------------------------------------------------------------------------

    def want(self, board: str, tid: str, wanted: Wanted) -> Iterator[Request]:
        """Read a thread from its first page now, or on the next visit where this one has asked enough."""
        memory = self.memory(board)
        if tid in memory.asked:
            return
        memory.asked.add(tid)
        if memory.budget <= 0:
            memory.waiting[tid] = wanted
            return
        memory.waiting.pop(tid, None)
        known = memory.read.get(tid)
        since = known.top if known else 0
        yield self.thread(ThreadStep(board, tid, since=since, stamp=wanted.stamp, tries=wanted.tries))

    def leftovers(self, board: str) -> Iterator[Request]:
        """Threads and pages that earlier visits could not read."""
        memory = self.memory(board)
        for tid, wanted in list(memory.waiting.items()):
            yield from self.want(board, tid, wanted)
        for rest in list(memory.rest):
            if memory.budget > 0:
                memory.rest.remove(rest)
                pages, since = self.pages_behind(), rest.since
                yield self.thread(
                    ThreadStep(
                        board,
                        rest.tid,
                        rest.page,
                        pages,
                        since,
                        opener=rest.opener,
                        tries=rest.tries,
                        old=True,
                    )
                )

    def pages_behind(self) -> int:
        """How many pages a visit reads of a thread beside its first: the last one at least."""
        return max(1, self.source.max_pages - 1)

    def thread(self, step: ThreadStep) -> Request:
        self.memory(step.board).budget -= 1
        found = self.ask(
            self.thread_address(step.tid, step.page),
            self.parse_thread,
            "html",
            partial(self.thread_lost, step),
            self.cookie(),
            thread=step,
        )
        return found.replace(priority=LEFT if step.old else NEWS)

    def thread_lost(self, step: ThreadStep, problem: object) -> Iterator[Request]:
        """A thread that could not be read is tried again on the next visit."""
        refused = isinstance(getattr(problem, "value", None), IgnoreRequest) and self.walls
        if refused and self.walls[-1].state == "login_needed" and not self.walls[-1].stop:
            self.shut.append(self.walls[-1])
            self.forgive()
        memory = self.memory(step.board)
        tries = step.tries + (self.pages > 0)  # that a site is down says nothing of a thread
        if step.old:
            memory.put_back(Rest(step.tid, step.opener, step.page, step.since, tries))
        else:
            memory.postpone(step.tid, Wanted(step.stamp, tries))
        return iter(())

    def forgive(self) -> None:
        """One thread for members only is no alarm where others can be read."""
        while self.open and self.shut:
            self.walls.remove(self.shut.pop())

    def parse_thread(self, response: Response) -> Output:
        step: ThreadStep = response.meta["thread"]
        if self.is_gone(response):
            self.memory(step.board).forget(step.tid)
            return
        try:
            found = self.read_thread(response)
        except BadInput as problem:
            yield self.reject(response, problem)
            yield from self.pass_over(step) if step.page > 1 else self.thread_lost(step, problem)
            return
        self.open = True
        self.forgive()
        step = replace(step, opener=step.opener or found.opener, top=max([step.top, *found.pids]))
        for floor in found.floors:
            yield self.post(found, floor, step.tid, step.opener)
        yield from self.more(found, step)
        yield from self.go_on(step, found)

    def pass_over(self, step: ThreadStep) -> Iterator[Request]:
        """A page behind the first that cannot be read, cut off perhaps: ask for it again on later visits, go on now."""
        self.memory(step.board).put_back(Rest(step.tid, step.opener, step.page, ALONE, step.tries + 1))
        yield from self.go_on(step, None) if step.since < ALONE else ()

    def go_on(self, step: ThreadStep, found: Thread | None) -> Iterator[Request]:
        """The next page of a thread, from the last one down; `found` None where this one could not be read."""
        if step.page == 1:
            following, left = (found.pages if found else 1), self.pages_behind()
        else:
            following, left = step.page - 1, step.left - 1
        more = left > 0 and self.memory(step.board).budget > 0
        if following < 2 or (self.reached(step, found) and not (self.nested and more)):
            self.thread_ends(step, None)
        elif more:
            yield self.thread(replace(step, page=following, left=left, tries=0))
        else:
            self.thread_ends(step, Rest(step.tid, step.opener, following, step.since))

    def reached(self, step: ThreadStep, found: Thread | None) -> bool:
        """Whether everything before this page was read on an earlier visit, or is too much ever to be read."""
        if step.page == 1 or not found:
            return False
        return found.pages - step.page >= ENDLESS or (bool(found.pids) and min(found.pids) <= step.since)

    def thread_ends(self, step: ThreadStep, rest: Rest | None) -> None:
        memory = self.memory(step.board)
        if not step.old:
            memory.finish(step.tid, step.top, step.stamp)
        if rest:
            memory.rest.append(rest)

    # --- shared ---------------------------------------------------------------------------------------------

    def cookie(self) -> dict[str, str]:
        secret = self.config.secret(self.source.secret)
        return {"Cookie": secret} if secret else {}
