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
from crawler import weibo_blob
from crawler import weibo_heard
from crawler import weibo_ids
from crawler import weibo_json
from crawler import weibo_paging
from crawler import weibo_results
from crawler import weibo_ways
from crawler.source_spider import Lost
from crawler.source_spider import Output
from crawler.source_spider import SourceSpider
from crawler.walls import Wall
from crawler.weibo_heard import Below
from crawler.weibo_heard import Heard
from crawler.weibo_page import Page
from crawler.weibo_page import Seen
from crawler.weibo_paging import Walk
from crawler.weibo_ways import Way
from huanyu.errors import BadInput
from huanyu.errors import ConfigError
from huanyu.types import RawPost

OPEN_PLATFORM = "https://api.weibo.com/2"
OWN_LISTS = ("statuses/mentions", "comments/mentions", "comments/to_me")
AGAIN = "again"  #: cursor: posts whose whole text could not be read
MOST_AGAIN = 50  # more means that the site itself is down
WATCH = "comments:watch"  #: cursor: comments below the posts of `watch`
FROM_THE_TOP = "max_id=0"

BEHIND = Wall(
    "slow",
    "新内容多于一次能读的数量, 较早的留到下次接着读; 若长期如此, 请缩短抓取间隔或增加 max_pages",
    stop=False,
)
NO_LIST = Wall("failing", "要读取的列表不存在, 可能账号已注销, 或 accounts、base_url 有误", stop=False)

Parse = Callable[[str, Seen], Page]


class WeiboSpider(SourceSpider):
    name = "weibo"
    modes = frozenset({"", "mentions", "timeline", "search", "comments"})
    told: Mapping[str, Any] = {"walk": Walk, "post": RawPost, "below": Below}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.met: dict[str, set[int]] = {}  #: numbers that a list has shown on this visit
        self.heard: dict[str, dict[str, Heard]] = {}  #: by cursor key: how far comments are read now
        self.taken: set[str] = set()  #: whole texts and lists of comments that this visit has asked for

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

    @property
    def way(self) -> Way:
        """The face of Weibo that this source reads."""
        way = weibo_ways.WAYS[self.source.via or "mobile"]
        return replace(way, base=self.source.base_url or way.base)

    def first(self) -> Iterable[Request]:
        if self.source.mode in manners.OFFICIAL:
            yield from self.own_lists()
            return
        self.advance(AGAIN, "")
        begin = {"timeline": self.timelines, "search": self.searches, "comments": self.commented}
        yield from begin[self.source.mode]()
        for mid in self.cursor.get(AGAIN, "").split() if self.way.json else ():
            yield self.page(self.way.show(mid), self.parse_again, self.unfinished(mid), mid=mid)

    # --- the open platform ----------------------------------------------------------------------------------

    def own_lists(self) -> Iterator[Request]:
        for path in OWN_LISTS:
            yield self.own_list(path, weibo_paging.start(self.cursor, path))

    def own_list(self, path: str, walk: Walk) -> Request:
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
        for uid in self.source.accounts:
            key = f"timeline:{uid}"
            yield self.listed(key, weibo_paging.start(self.cursor, key))

    def searches(self) -> Iterator[Request]:
        for word in self.source.keywords:
            for place in self.source.places or ("",):
                key = f"search:{f'{place} {word}'.strip()}"
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
        told = {"repeated": self.repeats(key, page), "resume": weibo_ways.resume(following)}
        coming, walk = weibo_paging.step(walk, page.listed, following, self.source.max_pages, **told)
        if coming is not None:
            if coming.page == 0:
                self.met.pop(key, None)  # another piece of the list
            yield ask(key, coming)
            return
        if walk.behind and BEHIND not in self.walls:
            self.walls.append(BEHIND)
        self.advance(key, weibo_paging.saved(walk))

    def repeats(self, key: str, page: Page) -> bool:
        """Whether a list shows only what it has shown before; some pages come again for ever."""
        met = self.met.setdefault(key, set())
        known = bool(page.ids) and met.issuperset(page.ids)
        met.update(page.ids)
        return known

    # --- whole texts ----------------------------------------------------------------------------------------

    def posts(self, page: Page, walk: Walk) -> Output:
        """The posts of a page, those with cut texts after their whole text has been asked for.

        A cut text that an earlier visit has read whole is left alone: it would only replace the whole one.
        """
        for group in page.groups:
            wanted = walk.wants(int(group[0].native_id))
            for post in group:
                if post.native_id not in page.cut or post.deleted or not self.way.json:
                    yield post
                elif wanted and self.take(post.native_id):
                    address = self.way.whole(post.native_id)
                    yield self.page(
                        address, self.parse_whole, self.unfinished(post.native_id, post), post=post
                    )

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
        """A post whose whole text did not come is kept as it is, and asked for on the next visit."""

        def remember(_: object) -> Iterator[RawPost]:
            waiting = [*self.progress.get(AGAIN, "").split(), mid]
            self.advance(AGAIN, " ".join(dict.fromkeys(waiting[-MOST_AGAIN:])))
            return iter([post] if post else ())

        return remember

    def parse_again(self, response: Response) -> Output:
        if not response.meta["gone"]:
            page = yield from self.read(response, AGAIN)
            yield from self.posts(page or Page(), Walk())

    # --- comments -------------------------------------------------------------------------------------------

    def commented(self) -> Iterator[Request]:
        for uid in self.source.accounts:
            yield self.own_posts(uid, "", 1)
        for told in self.source.watch:
            if mid := weibo_ids.watched(told):
                address = self.way.show(mid)
                yield self.page(address, self.parse_watched, self.hold(WATCH), mid=mid)
            else:
                said = f"watch 中的 {told!r} 不是微博的编号、短编号或网址"
                self.walls.append(Wall("failing", said, stop=False))

    def own_posts(self, uid: str, at: str, number: int) -> Request:
        key = f"comments:{uid}"
        told = {"uid": uid, "at": at, "number": number}
        return self.page(self.way.timeline(uid, at), self.parse_own_posts, self.hold(key), **told)

    def parse_own_posts(self, response: Response) -> Output:
        """Every page that `max_pages` allows: somebody may have answered below an older post."""
        uid, at, number = (response.meta[name] for name in ("uid", "at", "number"))
        key = f"comments:{uid}"
        page = yield from self.read(response, key)
        if page is None:
            return
        for group in page.groups:
            yield from self.listen(key, group[0])
        if page.ids and not page.last and not self.repeats(key, page) and number < self.source.max_pages:
            following = self.way.following(weibo_ways.page_number(at), page.next)
            yield self.own_posts(uid, following, number + 1)

    def parse_watched(self, response: Response) -> Output:
        mid = response.meta["mid"]
        before = self.before(WATCH)
        if response.meta["gone"]:
            if mid in before:  # of what was never read there is nothing to mark
                yield weibo_blob.status({"id": mid, "deleted": "1"}, self.seen(response))
            return
        page = yield from self.read(response, WATCH)
        for group in page.groups if page else ():
            yield from self.listen(WATCH, group[0])
        yield from self.posts(page or Page(), Walk(low=int(mid) if mid in before else 0))

    def listen(self, key: str, post: RawPost) -> Output:
        """The comments of a post whose number has changed, and what earlier visits left unread below it."""
        mid = post.native_id
        if post.deleted or not self.take(f"{key}/{mid}"):
            return
        before = {name: one for name, one in self.before(key).items() if name.partition("/")[0] == mid}
        self.heard.setdefault(key, {}).update(before)
        self.advance(key, weibo_heard.encode(self.heard[key]))
        whole = Below(key, mid, post.url, count=post.comments or 0)
        below = weibo_heard.begin(whole, before.get(mid), by_time=self.way.by_time)
        if below is not None:
            yield self.comment_page(below)
        elif mid not in before:
            self.remember(whole, Heard())
        for name, one in before.items():
            if one.at and name != mid and self.take(f"{key}/{name}"):
                cid = name.partition("/")[2]
                yield self.comment_page(
                    Below(key, mid, post.url, cid, one.count, newest=one.newest, at=one.at)
                )

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
                yield self.comment_page(more)
        coming, heard = weibo_heard.step(
            below, page, self.source.max_pages, repeated=self.repeats(name, page)
        )
        if coming is not None:
            if coming.page == 1:
                self.met.pop(name, None)
            yield self.comment_page(coming)
        elif heard is not None:
            self.remember(below, heard)

    def remember(self, below: Below, heard: Heard) -> None:
        self.heard.setdefault(below.key, {})[below.name] = heard
        self.advance(below.key, weibo_heard.encode(self.heard[below.key]))

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

    # --- one item, kept by itself ---------------------------------------------------------------------------

    def read_one_status(self, response: Response) -> Output:
        yield from weibo_json.one_status(self.text(response), self.seen(response)).posts

    def read_one_comment(self, response: Response) -> Output:
        below = response.meta.get("below") or Below("", "", "")
        page = weibo_json.one_comment(self.text(response), self.seen(response), below.parent, below.url)
        yield from page.posts

    def read_one_card(self, response: Response) -> Output:
        yield from weibo_results.one_card(self.text(response), self.seen(response)).posts

    # --- shared ---------------------------------------------------------------------------------------------

    def page(
        self, url: str, callback: Callable[[Response], Output], lost: Lost | None = None, **told: Any
    ) -> Request:
        """A request to Weibo's pages; a redirect is a wall and not followed."""
        headers = self.way.headers(self.config.secret(self.source.secret))
        expects = "json" if self.way.json else "results"
        return self.ask(url, callback, expects, lost, headers, dont_redirect=True, **told)

    def read(
        self,
        response: Response,
        key: str,
        parse: Parse = weibo_json.status_page,
        again: str = "read_one_status",
    ):
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

    def take(self, name: str) -> bool:
        """Whether nothing on this visit has asked for it yet."""
        fresh = name not in self.taken
        self.taken.add(name)
        return fresh
