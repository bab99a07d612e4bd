"""Discuz! X: the boards of a source by last reply (mode "newest": by newest thread), their threads, every floor.

What the pages mean is in crawler.discuz_html. Addresses are built, not followed: a page cannot send us elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from datetime import datetime
from datetime import timedelta

from scrapy.http import Request
from scrapy.http import Response

from crawler import discuz_html
from crawler.discuz_html import Board
from crawler.discuz_html import BoardRow
from crawler.discuz_html import Floor
from crawler.discuz_html import Thread
from crawler.source_spider import TOO_MUCH
from crawler.source_spider import Lost
from crawler.source_spider import Output
from crawler.source_spider import SourceSpider
from huanyu.errors import BadInput
from huanyu.types import RawPost

NEWEST = "newest"
AGAIN = 50  # threads remembered per board that could not be read; more means that the site itself is down


class DiscuzSpider(SourceSpider):
    name = "discuz"
    modes = frozenset({"", NEWEST})

    def first(self) -> Iterable[Request]:
        for fid in self.source.boards:
            yield self.board(fid, 1, None)
            self.advance(f"again:{fid}", "")
            for tid in self.cursor.get(f"again:{fid}", "").split():
                yield self.thread(fid, tid, 1, [])

    # --- boards ---------------------------------------------------------------------------------------------

    def board(self, fid: str, page: int, newest: datetime | None) -> Request:
        order = "&orderby=dateline" if self.source.mode == NEWEST else ""
        url = self.address(f"mod=forumdisplay&fid={fid}&page={page}{order}")
        return self.ask(
            url, self.parse_board, "html", self.hold(fid), self.cookie(), fid=fid, page=page, newest=newest
        )

    def parse_board(self, response: Response) -> Output:
        fid, number = response.meta["fid"], response.meta["page"]
        try:
            found = discuz_html.board(self.text(response), self.now())
        except BadInput as problem:
            self.held.add(fid)
            yield self.reject(response, problem)
            return
        known = self.known(fid)
        changed = [row for row in found.rows if is_news(row, known, self.source.mode)]
        for row in changed:
            yield self.thread(fid, row.tid, 1, [])
        newest = max(
            (when for when in (response.meta["newest"], *whens(found, self.source.mode)) if when),
            default=None,
        )
        more = found.has_next and any(not row.sticky for row in changed)
        if more and number < self.source.max_pages:
            yield self.board(fid, number + 1, newest)
            return
        if more and known:
            self.walls.append(TOO_MUCH)
        if newest:
            self.advance(fid, newest.isoformat())

    def known(self, fid: str) -> datetime | None:
        """Up to when the board was read at the last visit."""
        told = self.cursor.get(fid)
        return datetime.fromisoformat(told) if told else None

    # --- threads --------------------------------------------------------------------------------------------

    def thread(self, fid: str, tid: str, page: int, rest: list[int], opener: str = "") -> Request:
        url = self.address(f"mod=viewthread&tid={tid}&page={page}")
        told = {"fid": fid, "tid": tid, "page": page, "rest": rest, "opener": opener}
        return self.ask(url, self.parse_thread, "html", self.again(fid, tid), self.cookie(), **told)

    def parse_thread(self, response: Response) -> Output:
        fid, tid, number = (response.meta[name] for name in ("fid", "tid", "page"))
        if response.meta["gone"]:
            return
        try:
            found = discuz_html.thread(self.text(response), self.now(), self.address(""))
        except BadInput as problem:
            yield self.reject(response, problem)
            return
        opener = response.meta["opener"] or (found.floors[0].pid if found.floors else "")
        for floor in found.floors:
            yield self.post(found, floor, tid, opener)
        rest = response.meta["rest"] if number > 1 else self.pages_to_read(found)
        if rest and not (number > 1 and self.reached(fid, found)):
            yield self.thread(fid, tid, rest[0], rest[1:], opener)

    def pages_to_read(self, found: Thread) -> list[int]:
        """After the first page the last ones, newest floors first, as many as the source allows."""
        return list(range(found.pages, 1, -1))[: self.source.max_pages - 1]

    def reached(self, fid: str, found: Thread) -> bool:
        """Whether a page is older than the last visit: the pages before it hold nothing new."""
        known = self.known(fid)
        times = [floor.posted_at for floor in found.floors if floor.posted_at]
        return bool(known and times and min(times) < known - timedelta(minutes=1))

    def post(self, found: Thread, floor: Floor, tid: str, opener: str) -> RawPost:
        first = floor.pid == opener
        return RawPost(
            source=self.source.key,
            kind=self.source.kind,
            native_id=floor.pid,
            url=self.address(
                f"mod=viewthread&tid={tid}"
                if first
                else f"mod=redirect&goto=findpost&ptid={tid}&pid={floor.pid}"
            ),
            title=found.title if first else "",
            text=floor.text,
            fetched_at=self.now(),
            author=floor.author,
            author_id=floor.author_id,
            posted_at=floor.posted_at,
            parent_id="" if first else opener,
            comments=found.replies if first else None,
            views=found.views if first else None,
            images=floor.images,
            deleted=floor.hidden,
            raw=floor.html.encode(),
            raw_type="text/html; charset=utf-8",
        )

    # --- shared ---------------------------------------------------------------------------------------------

    def address(self, query: str) -> str:
        base = self.source.base_url.rstrip("/")
        return f"{base}/forum.php?{query}" if query else f"{base}/"

    def again(self, fid: str, tid: str) -> Lost:
        """A thread that could not be read is tried again on the next visit."""

        def remember(_: object) -> Iterator[Request]:
            key = f"again:{fid}"
            waiting = [*self.progress.get(key, "").split(), tid]
            self.advance(key, " ".join(dict.fromkeys(waiting[-AGAIN:])))
            return iter(())

        return remember

    def cookie(self) -> dict[str, str]:
        secret = self.config.secret(self.source.secret)
        return {"Cookie": secret} if secret else {}


def is_news(row: BoardRow, known: datetime | None, mode: str) -> bool:
    """Whether a row has moved since the last visit; one without a readable time always counts."""
    when = row.posted_at if mode == NEWEST else row.last_at
    if known is None or when is None:
        return True
    # boards print days or minutes: what came later in the same one must not be missed
    return when >= known


def whens(found: Board, mode: str) -> list[datetime]:
    times = [row.posted_at if mode == NEWEST else row.last_at for row in found.rows]
    return [when for when in times if when]
