"""Any site by rules of sources.toml: the lists in `urls`, and where the rules say so the page behind each item.

What pages mean is in crawler.site_rules, how far a list is read in crawler.site_walk.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from pydantic import TypeAdapter
from scrapy.http import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler import addresses
from crawler import article_html
from crawler import patience
from crawler import site_posts
from crawler import site_rules
from crawler import site_walk
from crawler.site_memory import KNOWN
from crawler.site_memory import REST
from crawler.site_memory import SiteMemory
from crawler.site_rules import Found
from crawler.site_rules import Page
from crawler.site_walk import Rest
from crawler.site_walk import Walk
from crawler.source_spider import TOO_MUCH
from crawler.source_spider import Output
from crawler.source_spider import SourceSpider
from crawler.walls import Wall
from huanyu.errors import BadInput
from huanyu.site_rows import PageRules
from huanyu.site_rows import SiteRules

AGAIN = "again"  #: cursor key: pages behind items that could not be read, or not to their end
WAITING = 50  # that did not come; more means that the site is down, and then the whole list is read once more
MOST = 1000  # that wait in all: what one visit has no time for, the next ones read
ARTICLE_PAGES = 10
LIST, DETAIL = "rules.list", "rules.detail"
OFF_SITE = "链接指向别的网站, 没有跟随; 如确需读取, 请把它写进 rules.hosts: {url}"
GIVEN_UP = "连续 {tries} 次没有读到, 不再重试"
NO_WORDS = "既没有标题也没有正文: 规则 {name}.fields.title 和 text 都没有找到"
NO_RULES = "sources.toml 中已没有这种页面的规则 (rules.detail), 无法读取"
NO_LIST = "列表页不存在, 请核对 urls"
NO_ARTICLE = "页面里没有找到文章正文"
NO_LINK = "规则 {name}.follow ({rule}) 在这一页上没有找到任何可以跟随的链接"
ENDLESS = Wall("slow", f"列表翻了 {site_walk.DEEPEST} 页还没有到头, 更早的不再读", stop=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """The page behind an item, or a further page of it."""

    item: Found
    url: str
    page: int = 1
    been: tuple[str, ...] = ()
    last: str = ""  #: digest of the page before: past its end a thread repeats its last page
    tries: int = 0  #: visits on which it did not come


class SiteSpider(SourceSpider):
    name = "site"
    modes = frozenset({""})
    told = MappingProxyType({"walk": Walk, "behind": Behind})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.memory = SiteMemory({})
        self.waiting: list[Behind] = []
        self.room = (
            MOST  #: requests that this visit may still plan; a page tried or read again alone has no visit
        )

    @property
    def rules(self) -> SiteRules:
        assert self.source.rules, "sources.toml was checked when it was loaded"
        return self.source.rules

    def first(self) -> Iterable[Request]:
        self.memory = SiteMemory(self.cursor)
        self.room = patience.requests(self.source, self.delays.values())
        starts = [site_walk.begin(start, self.rules.first_page) for start in self.source.urls]
        lists = [self.ask_list(walk) for walk in starts]
        yield from [*lists, *self.left_over()]

    def left_over(self) -> Output:
        """Pages that earlier visits left; what is new keeps half of the room."""
        self.advance(AGAIN, "")
        least = self.room // 2
        for behind in TypeAdapter(list[Behind]).validate_json(self.cursor.get(AGAIN, "[]")):
            if self.room > least:
                yield self.ask_behind(behind).replace(priority=patience.LATER)
            else:
                yield from self.again(behind)

    # --- lists ----------------------------------------------------------------------------------------------

    def ask_list(self, walk: Walk) -> Request:
        def lost(_: Failure) -> Output:
            self.leave(walk)
            yield from ()

        self.room -= 1
        expects = "json" if self.rules.list.is_json else "html"
        return self.ask(walk.url, self.parse_list, expects, lost, self.cookie(walk.url), walk=walk)

    def parse_list(self, response: Response) -> Output:
        walk: Walk = response.meta["walk"]
        page = yield from self.read_list(response, walk)
        if page is None:
            return
        yield from self.unlinked(response, page)
        ids, news = self.memory.sort_out(walk, page)
        for item in page.items if not self.rules.list.follow.stated else news:
            yield from self.taken(response, item)
        following = self.following(walk, page)
        floor, most = self.memory.floor(walk), self.source.max_pages if self.room > 0 else walk.page
        step = site_walk.step(walk, ids, len(news), following, floor, most, self.rules.look_back)
        self.remember(walk.start)
        if step.walk:
            yield self.ask_list(step.walk)
            return
        if step.endless:
            self.walls.append(ENDLESS)
        yield from self.ended(walk, step.rest)

    def read_list(self, response: Response, walk: Walk) -> Iterable[Any]:
        """The page, or None and what became of it; past the last of numbered pages there is nothing, and that is fine."""
        try:
            if response.meta["gone"]:
                raise BadInput(NO_LIST)
            return self.read(response, self.rules.list, LIST)
        except BadInput as problem:
            if walk.catching_up and walk.page == 1 and walk.depth > 1:
                self.from_the_top(walk)
            elif site_walk.PAGE in walk.start and walk.depth > 1:
                self.remember(walk.start)
                yield from self.ended(walk, None)
            else:
                self.leave(walk)
                yield self.reject(response, problem)
            return None

    def read(self, response: Response, rules: PageRules, name: str) -> Page:
        """What the rules find on a page of this site; raises BadInput, also where a redirect led elsewhere."""
        if not self.own(response.url):
            raise BadInput(OFF_SITE.format(url=response.url))
        page = site_rules.read(self.text(response), rules, response.url, self.now(), name)
        counts = ", ".join(f"{rule} {count}" for rule, count in page.counts.items())
        self.notes.append(f"{response.url}  {name}: 找到 {len(page.items)} 项; {counts}")
        return page

    def unlinked(self, response: Response, page: Page) -> Output:
        """A rule for links that finds none at all is a redesign."""
        if page.items and page.counts.get("follow") == 0:
            yield self.reject(response, NO_LINK.format(name=LIST, rule=self.rules.list.follow))

    def following(self, walk: Walk, page: Page) -> str:
        if site_walk.PAGE in walk.start:
            return site_walk.numbered(walk.start, self.rules.first_page, walk.depth + 1)
        return page.next if self.own(page.next) else ""

    # --- where a walk ends ----------------------------------------------------------------------------------

    def ended(self, walk: Walk, rest: Rest | None) -> Output:
        """Remember what was not reached; a walk from the top that has ended gives way to the one that catches up."""
        before = self.memory.rest(walk.start)
        if walk.catching_up or rest:
            self.advance(f"{REST}:{walk.start}", site_walk.dump_rest(rest))
            if rest and before and not walk.catching_up:
                self.walls.append(TOO_MUCH)  # the list grows faster than we read
        elif before and self.room > 0:
            yield self.ask_list(site_walk.go_on(walk.start, before))

    def leave(self, walk: Walk) -> None:
        """A page of a list did not come: what is behind it is the rest of the next visit."""
        if walk.page > 1:
            rest = Rest(url=walk.url, depth=walk.depth, floor=self.memory.floor(walk))
            self.advance(f"{REST}:{walk.start}", site_walk.dump_rest(rest))

    def from_the_top(self, walk: Walk) -> None:
        """The page where a walk would go on is there no more: the list has shrunk, and its pages have moved up."""
        top = site_walk.begin(walk.start, self.rules.first_page).url
        self.advance(f"{REST}:{walk.start}", site_walk.dump_rest(Rest(url=top, depth=1, floor=walk.floor)))

    def remember(self, start: str) -> None:
        self.advance(f"{KNOWN}:{start}", self.memory.told(start))

    # --- items and the pages behind them --------------------------------------------------------------------

    def taken(self, response: Response, item: Found) -> Output:
        """An item of a list: by itself, or the request for the page behind it."""
        if item.link and not item.missing and not self.own(item.link):
            yield self.reject(response, OFF_SITE.format(url=item.link), item.raw.encode(), "read_one_item")
        elif item.link and not item.missing:
            if item.odd and not self.dated_behind:
                yield self.reject(response, item.odd, item.raw.encode(), "read_one_item")
            behind = Behind(item=item, url=item.link)
            yield from [self.ask_behind(behind)] if self.room > 0 else self.again(behind)
        else:
            yield from self.offered(response, item, None)

    def offered(self, response: Response, item: Found, to: Found | None) -> Output:
        """A post or an answer to one, or why it is none; a time nobody can read does not cost the text."""
        again = "read_one_answer" if to else "read_one_item"
        silent = "" if site_posts.says_something(item) else NO_WORDS.format(name=DETAIL if to else LIST)
        if problem := item.missing or silent or item.odd:
            yield self.reject(response, problem, item.raw.encode(), again)
        if item.missing or silent:
            return
        if to:
            yield site_posts.answer(item, to, self.source, self.in_json(DETAIL), self.now())
        else:
            yield site_posts.post(item, self.source, self.in_json(LIST), self.now())

    def ask_behind(self, behind: Behind) -> Request:
        def lost(_: Failure) -> Output:
            answers = self.pages > 0  # that the site is down says nothing of a page
            yield from self.again(replace(behind, tries=behind.tries + answers))

        self.room -= 1
        expects = "json" if self.in_json(DETAIL) else "html"
        return self.ask(behind.url, self.parse_behind, expects, lost, self.cookie(behind.url), behind=behind)

    def parse_behind(self, response: Response) -> Output:
        behind: Behind = response.meta["behind"]
        if response.meta["gone"]:
            if behind.page == 1 and site_posts.says_something(behind.item):
                post = site_posts.post(behind.item, self.source, self.in_json(LIST), self.now())
                yield replace(post, deleted=True)
            return
        try:
            yield from (self.article if self.rules.article else self.answers)(response, behind)
        except BadInput as problem:
            yield self.reject(response, problem)

    def article(self, response: Response, behind: Behind) -> Output:
        """A news article, all its pages as one post."""
        if not self.own(response.url):
            raise BadInput(OFF_SITE.format(url=response.url))
        html = self.text(response)
        found = article_html.read(html, response.url, self.now())
        if found is None and behind.page == 1:
            raise BadInput(NO_ARTICLE)
        item = site_posts.with_article(behind.item, found, html, behind.page) if found else behind.item
        following = found.next_url if found else ""
        if behind.page < ARTICLE_PAGES and self.is_further(following, behind):
            yield from self.further(replace(behind, item=item), following)
        else:
            yield site_posts.post(item, self.source, json=False, now=self.now())

    def answers(self, response: Response, behind: Behind) -> Output:
        """The post itself from its own page, and each further block as an answer to it."""
        page = self.read(response, self.detail, DETAIL)
        item, blocks = behind.item, list(page.items)
        last = site_walk.digest("\n".join(block.text for block in blocks))
        if last == behind.last:
            return
        if behind.page == 1:
            item = site_posts.merged(item, blocks.pop(0)) if blocks else item
            item = replace(item, native_id=site_posts.id_of(behind.item), missing="")
            yield from self.offered_own(response, item)
        for block in blocks:
            if block.missing or site_posts.says_something(block):
                yield from self.offered(response, block, item)
        if self.is_further(page.next, behind):
            yield from self.further(replace(behind, item=replace(item, raw=""), last=last), page.next)

    def offered_own(self, response: Response, item: Found) -> Output:
        """The post of a detail page: what is wrong with it is wrong with the page."""
        if problem := item.missing or (
            "" if site_posts.says_something(item) else NO_WORDS.format(name=DETAIL)
        ):
            yield self.reject(response, problem)
            return
        if item.odd:
            yield self.reject(response, item.odd)
        yield site_posts.post(item, self.source, self.in_json(DETAIL), self.now())

    def is_further(self, url: str, behind: Behind) -> bool:
        known = {behind.url, *behind.been}
        return bool(url) and self.own(url) and url not in known and len(known) < site_walk.DEEPEST

    def further(self, behind: Behind, url: str) -> Output:
        """The next page of what is behind an item, at the next visit where this one has read enough of it."""
        following = replace(behind, url=url, page=behind.page + 1, been=(*behind.been, behind.url), tries=0)
        if self.room > 0 and (behind.page % self.source.max_pages or self.rules.article):
            yield self.ask_behind(following)
        else:
            yield from self.again(following)

    def again(self, behind: Behind) -> Output:
        """Read a page at the next visit, or give it up."""
        if behind.tries >= patience.TRIES:
            problem = GIVEN_UP.format(tries=patience.TRIES)
            yield self.reject(Response(behind.url), problem)
            return
        self.waiting.append(replace(behind, item=self.kept_item(behind)))
        if len(self.waiting) > MOST or sum(one.tries > 0 for one in self.waiting) > WAITING:
            self.held |= {AGAIN, *(f"{key}:{url}" for key in (KNOWN, REST) for url in self.source.urls)}
        self.advance(AGAIN, TypeAdapter(list[Behind]).dump_json(self.waiting[:MOST]).decode())

    def kept_item(self, behind: Behind) -> Found:
        """What the cursor keeps of an item: of one that has been told already, what its further answers need."""
        item = behind.item
        if behind.page == 1 or self.rules.article:
            return replace(item, raw="")
        return Found(native_id=item.native_id, url=item.url, link=item.link)

    # --- kept items, read again -----------------------------------------------------------------------------

    def read_one_item(self, response: Response) -> Output:
        """One item of a list that was kept alone."""
        item = site_rules.read_one(self.text(response), self.rules.list, response.url, self.now(), LIST)
        yield from self.taken(response, item)

    def read_one_answer(self, response: Response) -> Output:
        """One answer of a detail page that was kept alone."""
        item = site_rules.read_one(self.text(response), self.detail, response.url, self.now(), DETAIL)
        yield from self.offered(response, item, response.meta["behind"].item)

    # --- one page for the person who writes the rules -------------------------------------------------------

    def look(self, url: str) -> Iterable[Request]:
        expects = "json" if self.in_json(LIST) else "html"
        return [self.ask(url, self.parse_page, expects, None, self.cookie(url))]

    def parse_page(self, response: Response) -> Output:
        """A list if the rules find one, else the page behind an item."""
        try:
            page = self.read(response, self.rules.list, LIST)
        except BadInput as problem:
            if not (self.rules.article or self.rules.detail):
                yield self.reject(response, problem)
                return
            response.meta["behind"] = Behind(
                item=Found(url=response.url, link=response.url), url=response.url
            )
            yield from self.parse_behind(response)
            return
        yield from self.unlinked(response, page)
        for item in page.items:
            yield from self.taken(response, item)

    # --- shared ---------------------------------------------------------------------------------------------

    @property
    def detail(self) -> PageRules:
        """The rules of a detail page; raises BadInput where they were taken away after a page was kept."""
        if self.rules.detail is None:
            raise BadInput(NO_RULES)
        return self.rules.detail

    def own(self, url: str) -> bool:
        """Whether an address belongs to this source: a host of its row, or one that its rules name."""
        place = addresses.netloc(url)
        if place is None:
            return False
        hosts = addresses.own_hosts(self.source)
        named = any(place[0] == host or place[0].endswith(f".{host}") for host in self.rules.hosts)
        same = place[0] in {host for host, _ in hosts} and place[1] in addresses.PORTS.values()
        return place in hosts or same or named

    @property
    def dated_behind(self) -> bool:
        """Whether the page behind an item says when it was posted."""
        return self.rules.detail is None or "posted_at" in self.rules.detail.fields

    def in_json(self, name: str) -> bool:
        rules = self.rules.list if name == LIST else self.rules.detail
        return rules is not None and rules.is_json

    def cookie(self, url: str) -> dict[str, str]:
        """The source's cookie, for the source's own hosts only."""
        secret = self.config.secret(self.source.secret)
        mine = addresses.netloc(url) in addresses.own_hosts(self.source)
        return {"Cookie": secret} if secret and mine else {}
