"""How our Weibo spider asks for a page and reads it, whatever stands on it; how much one visit may ask for.

Knows no list and no cursor of one: which pages are asked for is decided in the spider itself.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Generator
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from scrapy.http import Request
from scrapy.http import Response

from crawler import patience
from crawler import weibo_json
from crawler import weibo_results
from crawler import weibo_ways
from crawler.source_spider import Lost
from crawler.source_spider import Output
from crawler.source_spider import SourceSpider
from crawler.walls import Wall
from crawler.weibo_heard import Below
from crawler.weibo_page import Page
from crawler.weibo_page import Seen
from crawler.weibo_paging import Walk
from crawler.weibo_ways import Way
from huanyu.errors import BadInput
from huanyu.types import Reject

TURN = "turn"  #: cursor: the list with which the next visit begins, where there are too many for one
IN_TURN = "要读的列表有 {all} 个, 一次来得及读 {some} 个, 轮流读; 如果太慢, 请减少关键词或拆成几个来源"
NO_LIST = Wall("failing", "要读取的列表不存在, 可能账号已注销, 或 accounts、base_url 有误", stop=False)

Parse = Callable[[str, Seen], Page]


class WeiboReader(SourceSpider):
    """A spider that reads one face of Weibo."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.room = 0  #: requests that this visit may still plan
        self.met: dict[str, set[int]] = {}  #: numbers that a list has shown on this visit
        self.taken: set[str] = set()  #: whole texts and lists of comments that this visit has asked for

    @property
    def way(self) -> Way:
        """The face of Weibo that this source reads."""
        way = weibo_ways.WAYS[self.source.via or "mobile"]
        return replace(way, base=self.source.base_url or way.base)

    # --- asking ---------------------------------------------------------------------------------------------

    def page(
        self, url: str, callback: Callable[[Response], Output], lost: Lost | None = None, **told: Any
    ) -> Request:
        """A request to Weibo's pages; a redirect is a wall and not followed."""
        self.room -= 1
        headers = self.way.headers(self.config.secret(self.source.secret))
        expects = "json" if self.way.json else "results"
        return self.ask(url, callback, expects, lost, headers, dont_redirect=True, **told)

    def in_turn(self, keys: Sequence[str]) -> list[str]:
        """The lists of this visit: all of them, or the next ones where they would take the room of what they lead to."""
        most = max(1, self.room // 2)
        if len(keys) <= most:
            return list(keys)
        told = self.cursor.get(TURN, "")
        first = int(told) % len(keys) if told.isdecimal() else 0
        self.advance(TURN, str((first + most) % len(keys)))
        self.remarks.append(IN_TURN.format(all=len(keys), some=most))
        return [*keys[first:], *keys[:first]][:most]

    def take(self, name: str) -> bool:
        """Whether nothing on this visit has asked for it yet."""
        fresh = name not in self.taken
        self.taken.add(name)
        return fresh

    # --- reading --------------------------------------------------------------------------------------------

    def read(
        self,
        response: Response,
        key: str,
        parse: Parse = weibo_json.status_page,
        again: str = "read_one_status",
    ) -> Generator[Reject, None, Page | None]:
        """The page of a response, None where it cannot be read: a reject is kept and the cursor `key` held.

        A broken item costs itself alone; the method `again` can read it by itself later.
        """
        if response.meta["gone"]:
            self.held.add(key)
            self.walls.append(NO_LIST)
            return None
        try:
            page = parse(self.text(response), self.seen(response))
        except BadInput as problem:
            self.held.add(key)
            yield self.reject(response, problem)
            return None
        for one in page.broken:
            yield self.reject(response, one.reason, one.payload, again)
        return page

    def seen(self, response: Response) -> Seen:
        return Seen(self.source.key, response.url, self.now())

    def repeats(self, key: str, page: Page) -> bool:
        """Whether a list shows only what it has shown before; some pages come again for ever."""
        met = self.met.setdefault(key, set())
        known = bool(page.ids) and met.issuperset(page.ids)
        met.update(page.ids)
        return known

    def is_history(self, walk: Walk, page: Page) -> bool:
        """Whether a list that is new to the desk has been read as far back as the desk looks."""
        firsts = [group[0] for group in page.groups if int(group[0].native_id) in page.listed]
        moments = [post.posted_at for post in firsts if post.posted_at]
        return not walk.low and bool(moments) and max(moments) < self.now() - patience.HISTORY

    # --- one item, kept by itself ---------------------------------------------------------------------------

    def read_one_status(self, response: Response) -> Output:
        yield from weibo_json.one_status(self.text(response), self.seen(response)).posts

    def read_one_comment(self, response: Response) -> Output:
        below = response.meta.get("below") or Below("", "", "")
        page = weibo_json.one_comment(self.text(response), self.seen(response), below.parent, below.url)
        yield from page.posts

    def read_one_card(self, response: Response) -> Output:
        yield from weibo_results.one_card(self.text(response), self.seen(response)).posts
