"""Weibo: the account's own mentions by the open platform; pages of m.weibo.cn only where a permission is written down.

Mode in sources.toml: mentions (default) · timeline (`accounts`) · search (`keywords`) · comments (under the posts of
`accounts`). What the answers mean is in crawler.weibo_json, what is a wall in crawler.walls.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlencode

from scrapy.http import Request
from scrapy.http import Response

from crawler import weibo_json
from crawler import weibo_paging
from crawler.source_spider import TOO_MUCH
from crawler.source_spider import Output
from crawler.source_spider import SourceSpider
from crawler.weibo_json import Page
from crawler.weibo_json import Seen
from crawler.weibo_paging import Walk
from huanyu.errors import BadInput
from huanyu.types import RawPost

OPEN_PLATFORM = "https://api.weibo.com/2"
MOBILE = "https://m.weibo.cn"
COUNT = 200  # the most the open platform gives at once
OWN_LISTS = ("statuses/mentions", "comments/mentions", "comments/to_me")


class WeiboSpider(SourceSpider):
    name = "weibo"
    modes = frozenset({"", "mentions", "timeline", "search", "comments"})

    def first(self) -> Iterable[Request]:
        begin = {
            "mentions": self.own_lists,
            "timeline": self.timelines,
            "comments": self.timelines,
            "search": self.searches,
        }
        return begin[self.source.mode or "mentions"]()

    # --- the open platform ----------------------------------------------------------------------------------

    def own_lists(self) -> Iterator[Request]:
        for path in OWN_LISTS:
            yield self.own_list(path, weibo_paging.start(self.cursor, path))

    def own_list(self, path: str, walk: Walk) -> Request:
        base = (self.source.base_url or OPEN_PLATFORM).rstrip("/")
        # the token goes into a header: addresses are logged, and kept with rejects
        headers = {"Authorization": f"OAuth2 {self.config.secret(self.source.secret)}"}
        url = f"{base}/{path}.json?{urlencode(walk.params(COUNT))}"
        return self.ask(url, self.parse_own_list, "json", self.hold(path), headers, path=path, walk=walk)

    def parse_own_list(self, response: Response) -> Output:
        path, walk = response.meta["path"], response.meta["walk"]
        read = weibo_json.comments if path.startswith("comments") else weibo_json.statuses
        page = yield from self.read(response, read, path)
        yield from page.posts
        following, cursor = weibo_paging.step(walk, page.ids, self.source.max_pages)
        if following is not None:
            yield self.own_list(path, following)
        else:
            self.advance(path, cursor)

    # --- m.weibo.cn -----------------------------------------------------------------------------------------

    def timelines(self) -> Iterator[Request]:
        for uid in self.source.accounts:
            yield self.container(f"timeline:{uid}", {"containerid": f"107603{uid}"})

    def searches(self) -> Iterator[Request]:
        for word in self.source.keywords:
            query = {"containerid": f"100103type=61&q={word}", "page_type": "searchall"}  # 61: newest first
            yield self.container(f"search:{word}", query)

    def container(
        self, key: str, query: dict[str, str], page: int = 1, newest: int = 0, since: str = ""
    ) -> Request:
        turn = {"since_id": since} if since else {"page": str(page)}
        url = self.mobile("/api/container/getIndex", query | (turn if page > 1 else {}))
        told = {"key": key, "query": query, "page": page, "newest": newest}
        return self.ask(url, self.parse_container, "json", self.hold(key), self.cookie(), **told)

    def parse_container(self, response: Response) -> Output:
        key, number = response.meta["key"], response.meta["page"]
        page = yield from self.read(response, weibo_json.statuses, key)
        if self.source.mode == "comments":
            yield from self.comment_pages(page, key.partition(":")[2])
        else:
            yield from self.whole_posts(page)
        known = int(self.cursor.get(key) or 0)
        newest = max([response.meta["newest"], *page.ids])
        fresh = [one for one in page.ids if one > known and one not in page.pinned]
        if fresh and number < self.source.max_pages:
            yield self.container(key, response.meta["query"], number + 1, newest, page.next)
            return
        if fresh and known:
            self.walls.append(TOO_MUCH)
        self.advance(key, str(max(newest, known)))

    def whole_posts(self, page: Page) -> Output:
        """The posts of a page, those with cut texts after their whole text has been asked for."""
        for post in page.posts:
            if post.native_id in page.cut:
                url = self.mobile("/statuses/extend", {"id": post.native_id})
                yield self.ask(
                    url, self.parse_whole, "json", lambda _, post=post: [post], self.cookie(), post=post
                )
            else:
                yield post

    def parse_whole(self, response: Response) -> Output:
        post: RawPost = response.meta["post"]
        if response.meta["gone"]:
            yield replace(post, deleted=True)
            return
        payload = yield from self.load(response)
        text = weibo_json.whole_text(payload) if payload else ""
        yield replace(post, text=text or post.text)

    # --- comments -------------------------------------------------------------------------------------------

    def comment_pages(self, page: Page, uid: str) -> Output:
        """First page of comments of each listed post whose number of comments has changed since the last visit."""
        key = f"comments:{uid}"
        before = dict(pair.split("=") for pair in self.cursor.get(key, "").split())
        for post in page.posts:
            if post.comments and int(post.native_id) in page.ids:
                self.advance(key, f"{self.progress.get(key, '')} {post.native_id}={post.comments}".strip())
                if before.get(post.native_id) != str(post.comments):
                    yield self.comment_page(post, key, "0:0", 1)

    def comment_page(self, post: RawPost, key: str, cursor: str, number: int) -> Request:
        max_id, max_id_type = cursor.split(":")
        query = {"id": post.native_id, "mid": post.native_id, "max_id_type": max_id_type}
        url = self.mobile("/comments/hotflow", query | ({"max_id": max_id} if max_id != "0" else {}))
        told = {"post": post, "key": key, "page": number}
        return self.ask(url, self.parse_comments, "json", self.hold(key), self.cookie(), **told)

    def parse_comments(self, response: Response) -> Output:
        post, key, number = response.meta["post"], response.meta["key"], response.meta["page"]

        def read(payload: weibo_json.Blob, seen: Seen) -> Page:
            return weibo_json.comments(payload, seen, post.native_id, post.url)

        page = yield from self.read(response, read, key)
        yield from page.posts
        if page.next and number < self.source.max_pages:
            yield self.comment_page(post, key, page.next, number + 1)

    # --- shared ---------------------------------------------------------------------------------------------

    def read(self, response: Response, read, key: str):
        """The page of a response; what cannot be read becomes a reject and holds the cursor `key`."""
        payload = yield from self.load(response)
        if payload is None:
            self.held.add(key)
            return Page(posts=())
        page = read(payload, Seen(self.source.key, response.url, self.now()))
        yield from page.rejects
        return page

    def load(self, response: Response):
        try:
            return weibo_json.load(self.text(response))
        except BadInput as problem:
            yield self.reject(response, problem)
            return None

    def mobile(self, path: str, query: dict[str, str]) -> str:
        return f"{(self.source.base_url or MOBILE).rstrip('/')}{path}?{urlencode(query)}"

    def cookie(self) -> dict[str, str]:
        """The account's own log-in, and what the page itself sends with its requests for data."""
        secret = self.config.secret(self.source.secret)
        return {"X-Requested-With": "XMLHttpRequest"} | ({"Cookie": secret} if secret else {})
