"""Weibo: the account's own mentions by the open platform; its pages only where a permission is written down.

Mode in sources.toml: mentions (default) · timeline (`accounts`) · search (`keywords` × `places`) · comments (under the
posts of `accounts` and the posts of `watch`). `via` says which face is read (crawler.weibo_ways): mobile · desktop ·
results. What the answers mean is in crawler.weibo_json and crawler.weibo_results, what is a wall in crawler.walls.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any
from typing import Self

from scrapy.crawler import Crawler
from scrapy.http import Request
from scrapy.http import Response

from crawler import manners
from crawler import patience
from crawler import weibo_again
from crawler import weibo_blob
from crawler import weibo_heard
from crawler import weibo_ids
from crawler import weibo_json
from crawler import weibo_paging
from crawler import weibo_results
from crawler import weibo_ways
from crawler.source_spider import Lost
from crawler.source_spider import Output
from crawler.walls import Wall
from crawler.weibo_heard import Below
from crawler.weibo_heard import Heard
from crawler.weibo_page import Page
from crawler.weibo_paging import Walk
from crawler.weibo_reading import WeiboReader
from huanyu.errors import BadInput
from huanyu.errors import ConfigError
from huanyu.types import RawPost

OPEN_PLATFORM = "https://api.weibo.com/2"
OWN_LISTS = ("statuses/mentions", "comments/mentions", "comments/to_me")
AGAIN = "again"  #: cursor: posts whose whole text has not been read
WATCH = "comments:watch"  #: cursor: comments below the posts of `watch`
FROM_THE_TOP = "max_id=0"

BEHIND = Wall(
    "slow",
    "新内容多于一次能读的数量, 较早的留到下次接着读; 若长期如此, 请缩短抓取间隔或增加 max_pages",
    stop=False,
)


class WeiboSpider(WeiboReader):
    name = "weibo"
    modes = frozenset({"", "mentions", "timeline", "search", "comments"})
    told: Mapping[str, Any] = {"walk": Walk, "post": RawPost, "below": Below}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.again: dict[str, int] = {}  #: whole texts for the next visit, with the visits that asked in vain
        self.tries: dict[str, int] = {}  #: and those that earlier visits left
        self.heard: dict[str, dict[str, Heard]] = {}  #: by cursor key: how far comments are read now

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Also refuse a `via` that cannot do what `mode` wants; raises ConfigError."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        row = spider.source
        if row.spider == cls.name and row.mode not in manners.OFFICIAL | spider.way.modes:
            known = "、".join(name for name, way in weibo_ways.WAYS.items() if row.mode in way.modes)
            raise ConfigError(
                f"sources.toml 来源 {row.key} 的 via {row.via or 'mobile'!r} 不能用于 mode {row.mode!r}, 可用: {known}"
            )
        return spider

    def first(self) -> Iterable[Request]:
        self.room = patience.requests(self.source, self.delays.values())
        if self.source.mode in manners.OFFICIAL:
            yield from self.own_lists()
            return
        begin = {"timeline": self.timelines, "search": self.searches, "comments": self.commented}
        lists = list(begin[self.source.mode]())  # all of them before the first answer takes room for more
        yield from [*lists, *(self.left_over() if self.way.json else ())]

    # --- the open platform ----------------------------------------------------------------------------------

    def own_lists(self) -> Iterator[Request]:
        for path in OWN_LISTS:
            yield self.own_list(path, weibo_paging.start(self.cursor, path))

    def own_list(self, path: str, walk: Walk) -> Request:
        self.room -= 1
        # the token goes into a header: addresses are logged, and kept with rejects
        headers = {"Authorization": f"OAuth2 {self.config.secret(self.source.secret)}"}
        url = weibo_ways.own_list(self.source.base_url or OPEN_PLATFORM, path, walk.low, walk.at)
        told = {"path": path, "walk": walk, "dont_redirect": True}
        return self.ask(url, self.parse_own_list, "json", self.hold(path), headers, **told)

    def parse_own_list(self, response: Response) -> Output:
        path, walk = response.meta["path"], response.meta["walk"]
        parse, again = weibo_json.status_page, "read_one_status"
        if path.startswith("comments"):
            parse, again = weibo_json.comment_page, "read_one_comment"
        page = yield from self.read(response, path, parse, again)
        if page is None:
            return
        yield from page.posts
        following = f"max_id={min(page.ids) - 1}" if page.ids else ""
        yield from self.go_on(path, walk, page, following, self.own_list)

    # --- timelines and searches -----------------------------------------------------------------------------

    def timelines(self) -> Iterator[Request]:
        for key in self.in_turn([f"timeline:{uid}" for uid in self.source.accounts]):
            yield self.listed(key, weibo_paging.start(self.cursor, key))

    def searches(self) -> Iterator[Request]:
        places = self.source.places or ("",)
        words = [f"{place} {word}".strip() for word in self.source.keywords for place in places]
        for key in self.in_turn([f"search:{told}" for told in words]):
            yield self.listed(key, weibo_paging.start(self.cursor, key))

    def listed(self, key: str, walk: Walk) -> Request:
        mode, _, what = key.partition(":")
        address = self.way.timeline if mode == "timeline" else self.way.search
        return self.page(address(what, walk.at), self.parse_listed, self.hold(key), key=key, walk=walk)

    def parse_listed(self, response: Response) -> Output:
        key, walk = response.meta["key"], response.meta["walk"]
        parse, again = weibo_json.status_page, "read_one_status"
        if not self.way.json:
            parse, again = weibo_results.results, "read_one_card"
        page = yield from self.read(response, key, parse, again)
        if page is None:
            return
        yield from self.posts(page, walk)
        following = "" if page.last else self.way.following(weibo_ways.page_number(walk.at), page.next)
        yield from self.go_on(key, walk, page, following, self.listed)

    def go_on(
        self, key: str, walk: Walk, page: Page, following: str, ask: Callable[[str, Walk], Request]
    ) -> Output:
        """The next page of a list, or its cursor; a page without any new number is its end."""
        if page.broken and not page.ids:
            self.held.add(key)
        if self.is_history(walk, page):
            following = ""
        told = {"repeated": self.repeats(key, page), "resume": weibo_ways.resume(following)}
        told["enough"] = self.room < 1
        coming, walk = weibo_paging.step(walk, page.listed, following, self.source.max_pages, **told)
        if coming is not None:
            if coming.page == 0:
                self.met.pop(key, None)  # another piece of the list
            yield ask(key, coming)
            return
        if walk.behind and BEHIND not in self.walls:
            self.walls.append(BEHIND)
        self.advance(key, weibo_paging.saved(walk))

    # --- whole texts ----------------------------------------------------------------------------------------

    def posts(self, page: Page, walk: Walk) -> Output:
        """The posts of a page, those with cut texts after their whole text has been asked for.

        A cut text that an earlier visit has read whole is left alone: it would only replace the whole one. Where a
        visit has asked enough, the cut text is kept until the next one.
        """
        for group in page.groups:
            wanted = walk.wants(int(group[0].native_id))
            for post in group:
                if post.native_id not in page.cut or post.deleted or not self.way.json:
                    yield post
                elif wanted and self.take(post.native_id):
                    yield from self.whole(post)

    def whole(self, post: RawPost) -> Output:
        mid = post.native_id
        if self.room < 1:
            self.wait(mid, self.tries.get(mid, 0))
            yield post
            return
        yield self.page(self.way.whole(mid), self.parse_whole, self.unfinished(mid, post), post=post)

    def parse_whole(self, response: Response) -> Output:
        post: RawPost = response.meta["post"]
        if response.meta["gone"]:
            yield replace(post, deleted=True)
            return
        try:
            text = weibo_blob.whole_text(weibo_json.load(self.text(response)))
        except BadInput as problem:
            yield self.reject(response, problem)
            yield from self.unfinished(post.native_id, post)(None)
            return
        yield replace(post, text=text or post.text)

    def unfinished(self, mid: str, post: RawPost | None = None) -> Lost:
        """A post whose whole text did not come is kept as it is, and asked for on the next visits; not for ever."""

        def remember(_: object) -> Iterator[RawPost]:
            tries = self.tries.get(mid, 0) + (self.pages > 0)  # that the site is down says nothing of a post
            if tries < patience.TRIES:
                self.wait(mid, tries)
            return iter([post] if post else ())

        return remember

    def wait(self, mid: str, tries: int) -> None:
        self.again[mid] = tries
        self.advance(AGAIN, weibo_again.encode(self.again))

    def left_over(self) -> Iterator[Request]:
        """Whole texts that earlier visits left; the lists keep half of the room."""
        self.advance(AGAIN, "")
        self.tries = weibo_again.decode(self.cursor.get(AGAIN, ""))
        least = self.room // 2
        for mid, tries in self.tries.items():
            if self.room > least:
                found = self.page(self.way.show(mid), self.parse_again, self.unfinished(mid), mid=mid)
                yield found.replace(priority=patience.LATER)
            else:
                self.wait(mid, tries)

    def parse_again(self, response: Response) -> Output:
        mid = response.meta["mid"]
        if response.meta["gone"]:
            yield weibo_blob.status({"id": mid, "deleted": "1"}, self.seen(response))
            return
        page = yield from self.read(response, "")
        if page is None:
            yield from self.unfinished(mid)(None)
            return
        yield from self.posts(page, Walk())

    # --- comments -------------------------------------------------------------------------------------------

    def commented(self) -> Iterator[Request]:
        for uid in self.source.accounts:
            yield self.own_posts(uid, "", 1)
        for told in self.in_turn(self.source.watch):
            if mid := weibo_ids.watched(told):
                address = self.way.show(mid)
                yield self.page(address, self.parse_watched, mid=mid)
            else:
                said = f"watch 中的 {told!r} 不是微博的编号、短编号或网址"
                self.walls.append(Wall("failing", said, stop=False))

    def own_posts(self, uid: str, at: str, number: int) -> Request:
        told = {"uid": uid, "at": at, "number": number}
        return self.page(self.way.timeline(uid, at), self.parse_own_posts, **told)

    def parse_own_posts(self, response: Response) -> Output:
        """Every page that `max_pages` allows: somebody may have answered below an older post."""
        uid, at, number = (response.meta[name] for name in ("uid", "at", "number"))
        key = f"comments:{uid}"
        page = yield from self.read(response, "")
        if page is None:
            return
        for group in page.groups:
            yield from self.listen(key, group[0])
        more = number < self.source.max_pages and self.room > 0
        if more and page.ids and not page.last and not self.repeats(key, page):
            following = self.way.following(weibo_ways.page_number(at), page.next)
            yield self.own_posts(uid, following, number + 1)

    def parse_watched(self, response: Response) -> Output:
        mid = response.meta["mid"]
        before = self.before(WATCH)
        if response.meta["gone"]:
            if mid in before:  # of what was never read there is nothing to mark
                yield weibo_blob.status({"id": mid, "deleted": "1"}, self.seen(response))
                self.forget(WATCH, mid)
            return
        page = yield from self.read(response, "")
        for group in page.groups if page else ():
            yield from self.listen(WATCH, group[0])
        yield from self.posts(page or Page(), Walk(low=int(mid) if mid in before else 0))

    def listen(self, key: str, post: RawPost) -> Output:
        """The comments of a post whose number has changed, and what earlier visits left unread below it."""
        mid = post.native_id
        if post.deleted or not self.take(f"{key}/{mid}"):
            return
        before = {name: one for name, one in self.before(key).items() if name.partition("/")[0] == mid}
        whole = Below(key, mid, post.url, count=post.comments or 0)
        below = weibo_heard.begin(whole, before.get(mid), by_time=self.way.by_time)
        if below is not None:
            yield from self.comments(below)
        elif mid not in before:
            self.remember(whole, Heard())
        for name, one in before.items():
            if one.at and name != mid and self.take(f"{key}/{name}"):
                cid = name.partition("/")[2]
                told = Below(key, mid, post.url, cid, one.count, newest=one.newest, at=one.at)
                yield from self.comments(told)

    def comments(self, below: Below) -> Output:
        """Ask for a page of comments now, or on the next visit where this one has asked enough."""
        if self.room > 0:
            yield self.comment_page(below)
        else:
            yield from self.unheard(below)(None)

    def comment_page(self, below: Below) -> Request:
        way = self.way
        url = way.replies(below.cid, below.at) if below.cid else way.comments(below.mid, below.at)
        return self.page(url, self.parse_comments, self.unheard(below), below=below)

    def parse_comments(self, response: Response) -> Output:
        below: Below = response.meta["below"]
        if response.meta["gone"]:
            self.remember(below, Heard(below.count, below.newest))
            return
        parse = partial(weibo_json.comment_page, parent=below.parent, parent_url=below.url)
        page = yield from self.read(response, "", parse, "read_one_comment")
        if page is None:
            yield from self.unheard(below)(None)
            return
        yield from page.posts
        name = f"{below.key}/{below.name}"
        for more in weibo_heard.replies(below, page, self.before(below.key)):
            if self.take(f"{more.key}/{more.name}"):
                yield from self.comments(more)
        most = self.source.max_pages if self.room > 0 else below.page
        coming, heard = weibo_heard.step(below, page, most, repeated=self.repeats(name, page))
        if coming is not None:
            if coming.page == 1:
                self.met.pop(name, None)
            yield from self.comments(coming)
        elif heard is not None:
            self.remember(below, heard)

    def remember(self, below: Below, heard: Heard) -> None:
        now = self.heard.setdefault(below.key, self.before(below.key))
        now[below.name] = heard
        self.advance(below.key, weibo_heard.encode(now))

    def forget(self, key: str, mid: str) -> None:
        """A post is gone, and with it what stands below."""
        now = self.heard.setdefault(key, self.before(key))
        self.heard[key] = {name: one for name, one in now.items() if name.partition("/")[0] != mid}
        self.advance(key, weibo_heard.encode(self.heard[key]))

    def unheard(self, below: Below) -> Lost:
        """Replies that did not come: their post would not lead to them again. A post's own comments are asked again."""

        def keep(_: object) -> Iterator[RawPost]:
            if below.cid:
                self.remember(below, Heard(below.count, below.newest, below.at or FROM_THE_TOP))
            return iter(())

        return keep

    def before(self, key: str) -> dict[str, Heard]:
        """How far comments had been read when this visit began."""
        return weibo_heard.decode(self.cursor.get(key, ""))
