"""A pretended Weibo to read from: the open platform (`WeiboSite`), m.weibo.cn (`MobileWeiboSite`) and a wall.

They speak the documented JSON (demo.sites.weibo_shapes) and show every post on a page for people.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import parse_qsl

from demo.sites import dating
from demo.sites import pages
from demo.sites import weibo_shapes as shapes
from demo.sites.content import Status
from demo.sites.server import JSON
from demo.sites.server import Reply
from demo.sites.server import Request
from demo.sites.server import Site
from demo.sites.server import not_found
from demo.sites.weibo_shapes import Blob

TOKEN = "demo-weibo-token"  # noqa: S105 - opens nothing but this pretence
CLOSED = Reply(b"User-agent: *\nDisallow: /\n", "text/plain; charset=utf-8")
HOT = 20  #: likes that bring a mention into the search
CARDS = 10  #: posts on a page of m.weibo.cn


def say(found: Blob, status: int = 200) -> Reply:
    """A JSON reply as Weibo writes it: unescaped Chinese."""
    return Reply(json.dumps(found, ensure_ascii=False).encode("utf-8"), JSON, status)


class WeiboPosts(Site):
    """What both faces of Weibo share: the posts, their moments, and pages for people."""

    def __init__(self, statuses: Sequence[Status], now: datetime, port: int = 0) -> None:
        super().__init__(port)
        self.now = now
        self.statuses = sorted(statuses, key=lambda status: int(status.id), reverse=True)
        self.by_id = {status.id: status for status in statuses}
        self.by_short = {shapes.short_id(status.id): status for status in statuses}

    def at(self, status: Status) -> datetime:
        """When it was posted; a comment never before its post."""
        above = self.by_id.get(status.on or status.repost_of)
        found = dating.moment(status, self.now)
        return max(found, dating.moment(above, self.now)) if above else found

    def original(self, status: Status, shape: Callable[[Status], Blob]) -> Blob | None:
        return shape(self.by_id[status.repost_of]) if status.repost_of else None

    def page(self, request: Request) -> Reply:
        """/, /u/<uid>, /n/<name>, /status/<id> and /<uid>/<short id>, for people."""
        parts = [part for part in request.path.split("/") if part]
        if not parts:
            return self._listing("最新微博", [one for one in self.statuses if not one.on])
        if parts[0] in {"u", "n"} and len(parts) == 2:
            mine = [one for one in self.statuses if parts[1] in {one.author_id, one.author}]
            return self._listing(mine[0].author, mine) if mine else not_found("没有这个用户")
        status = self.by_id.get(parts[-1]) or self.by_short.get(parts[-1])
        if status is None:
            return not_found("该微博不存在")
        below = [one for one in self.statuses if one.on == status.id]
        return self._listing(f"{status.author}的微博", [status, *reversed(below)])

    def _listing(self, title: str, shown: Iterable[Status]) -> Reply:
        items = "".join(self._item(status) for status in shown)
        return pages.show("weibo.html", title=html.escape(title), items=items)

    def _item(self, status: Status) -> str:
        return pages.fill(
            "weibo_item.html",
            author=html.escape(status.author),
            uid=status.author_id,
            id=status.id,
            when=dating.plain(self.at(status)),
            region=html.escape(status.region),
            text=html.escape(status.text).replace("\n", "<br>"),
            counts=f"转发 {status.reposts} · 评论 {status.comments} · 赞 {status.likes}",
        )


class WeiboSite(WeiboPosts):
    """api.weibo.com: what mentions the account and what is said below its posts."""

    def __init__(self, statuses: Sequence[Status], now: datetime, port: int = 0, token: str = TOKEN) -> None:
        super().__init__(statuses, now, port)
        self.token = token

    def answer(self, request: Request) -> Reply:
        lists = {
            "/2/statuses/mentions.json": lambda: self._statuses(request),
            "/2/comments/mentions.json": lambda: self._comments(request, "comment"),
            "/2/comments/to_me.json": lambda: self._comments(request, "to_me"),
        }
        if not request.path.startswith("/2/"):
            return self.page(request)
        if (refusal := self._refusal(request)) is not None:
            return refusal
        if request.path not in lists:
            return say(shapes.api_error(request.path[2:], 10020, "Request Api not found!"), 404)
        return lists[request.path]()

    def _refusal(self, request: Request) -> Reply | None:
        """The error envelope where the token is missing or wrong."""
        carried = request.headers.get("authorization", "").split()
        token = request.query.get("access_token") or (carried[-1] if carried else "")
        if not token:
            return say(shapes.api_error(request.path[2:], 10006, "Source paramter (appkey) is missing."), 400)
        if token != self.token:
            return say(shapes.api_error(request.path[2:], 21332, "invalid_access_token"), 403)
        return None

    def _statuses(self, request: Request) -> Reply:
        found, total, following = window(self._fed("mention"), request, standard=20)
        return say(
            {
                "statuses": [self._status(status) for status in found],
                "hasvisible": False,
                "previous_cursor": 0,
                "next_cursor": following,
                "total_number": total,
            }
        )

    def _comments(self, request: Request, feed: str) -> Reply:
        found, total, following = window(self._fed(feed), request, standard=50)
        comments = [shapes.api_comment(one, self.at(one), self._status(self.by_id[one.on])) for one in found]
        return say(
            {
                "comments": comments,
                "hasvisible": False,
                "previous_cursor": 0,
                "next_cursor": following,
                "total_number": total,
            }
        )

    def _fed(self, feed: str) -> list[Status]:
        return [status for status in self.statuses if status.feed == feed]

    def _status(self, status: Status) -> Blob:
        def shape(one: Status) -> Blob:
            return shapes.api_status(one, self.at(one))

        return shapes.api_status(status, self.at(status), self.original(status, shape))


def window(statuses: Sequence[Status], request: Request, standard: int) -> tuple[list[Status], int, int]:
    """The part asked for by since_id, max_id (≤), count (≤ 200) and page; the whole number; the next max_id."""
    since, last = int(request.query.get("since_id") or 0), int(request.query.get("max_id") or 0)
    count = min(int(request.query.get("count") or standard), 200)
    start = (int(request.query.get("page") or 1) - 1) * count
    fit = [one for one in statuses if int(one.id) > since and (not last or int(one.id) <= last)]
    rest = fit[start + count :]
    return fit[start : start + count], len(fit), int(rest[0].id) if rest else 0


class MobileWeiboSite(WeiboPosts):
    """m.weibo.cn: timelines, search, comments. Its robots.txt is closed, as the real one is."""

    def answer(self, request: Request) -> Reply:
        if request.path == "/robots.txt":
            return CLOSED
        known = {
            "/api/container/getIndex": self._index,
            "/comments/hotflow": self._hotflow,
            "/statuses/extend": self._extend,
            "/statuses/show": self._show,
        }
        return known.get(request.path, self.page)(request)

    def _index(self, request: Request) -> Reply:
        container = request.query.get("containerid", "")
        if container.startswith("107603"):
            since, page = request.query.get("since_id", ""), int(request.query.get("page") or 1)
            return say(self._timeline(container, since, page))
        asked = dict(parse_qsl(container.removeprefix("100103"))) | dict(request.query)
        words = asked.get("q", "").split()
        return say(self._search(words, int(request.query.get("page") or 1)))

    def _timeline(self, container: str, since: str, page: int) -> Blob:
        """A user's posts, newest first; pages on since_id, the first id of the page, or on a plain number."""
        uid = container.removeprefix("107603")
        mine = [one for one in self.statuses if one.author_id == uid and not one.on]
        mine = [one for one in mine if not since or int(one.id) <= int(since)]
        mine = mine if since else mine[(page - 1) * CARDS :]
        shown, rest = mine[:CARDS], mine[CARDS:]
        info: Blob = {"containerid": container, "v_p": 42, "show_style": 1, "total": len(mine)}
        if rest:
            info["since_id"] = int(rest[0].id)
        return shapes.page_of([self._card(one, in_search=False) for one in shown], info)

    def _search(self, words: Sequence[str], page: int) -> Blob:
        """Newest first. Like the real one it finds a part only: mentions just when many people liked them."""
        fit = [one for one in self.statuses if _found(one, words)]
        shown = fit[(page - 1) * CARDS : page * CARDS]
        cards = [self._card(one, in_search=True) for one in shown]
        if cards and page == 1:
            cards = [
                {"card_type": 11, "show_type": 1, "card_group": [{"card_type": 42, "desc": "实时微博"}]},
                {"card_type": 11, "show_type": 1, "card_group": cards},
            ]
        info = {"containerid": f"100103type=61&q={' '.join(words)}", "page": page, "total": len(fit)}
        return shapes.page_of(cards, info)

    def _card(self, status: Status, *, in_search: bool) -> Blob:
        def printed(one: Status) -> str:
            return dating.weibo(self.at(one)) if in_search else dating.weibo_card(self.at(one), self.now)

        def shape(one: Status) -> Blob:
            return shapes.mblog(one, printed(one))

        return shapes.card(status, printed(status), self.original(status, shape))

    def _hotflow(self, request: Request) -> Reply:
        """Comments below a post, oldest first; pages on max_id."""
        mid = request.query.get("mid") or request.query.get("id", "")
        below = [one for one in reversed(self.statuses) if one.on == mid]
        start = int(request.query.get("max_id") or 0)
        shown = below[start : start + CARDS]
        if not shown:
            return say({"ok": 0, "msg": "还没有人评论哦~快来抢沙发！"})
        comments = [shapes.hot_comment(one, self.at(one), start + n) for n, one in enumerate(shown, 1)]
        following = start + CARDS if len(below) > start + CARDS else 0
        return say(
            {
                "ok": 1,
                "data": {
                    "data": comments,
                    "total_number": len(below),
                    "max_id": following,
                    "max_id_type": 0,
                    "max": 1,
                },
            }
        )

    def _extend(self, request: Request) -> Reply:
        status = self.by_id.get(request.query.get("id", ""))
        if status is None or status.deleted:
            return say({"ok": 0, "errno": "20101", "msg": "该微博不存在"})
        data = {
            "ok": 1,
            "longTextContent": shapes.marked_up(status.text),
            "reposts_count": status.reposts,
            "comments_count": status.comments,
            "attitudes_count": status.likes,
        }
        return say({"ok": 1, "data": data})

    def _show(self, request: Request) -> Reply:
        asked = request.query.get("id", "")
        status = self.by_id.get(asked) or self.by_short.get(asked)
        if status is None or status.deleted:
            return say({"ok": 0, "errno": "20101", "msg": "该微博不存在"})
        return say({"ok": 1, "data": shapes.mblog(status, dating.weibo(self.at(status)), whole=True)})


def _found(status: Status, words: Sequence[str]) -> bool:
    if status.on or not words or not all(word in status.text for word in words):
        return False
    return status.feed != "mention" or (isinstance(status.likes, int) and status.likes >= HOT)


class WallSite(Site):
    """A Weibo that wants a log-in for everything."""

    def answer(self, request: Request) -> Reply:
        if request.path == "/robots.txt":
            return CLOSED
        if request.path.startswith(("/api/", "/comments/", "/statuses/")):
            return say({"ok": -100, "url": "https://passport.example.invalid/sso/signin?entry=wapsso"})
        return pages.show("weibo.html", title="请先登录", items="<p>登录后才能查看更多内容。</p>")
