"""模拟微博: the open platform's publishing side (statuses/share, comments/create, both timelines to read back).

Fields and error codes as on open.weibo.com/wiki (2/statuses/share, 2/comments/create, Error_code).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from demo.platforms.pages import Card
from demo.platforms.pages import page
from demo.platforms.server import FAULTS
from demo.platforms.server import Fault
from demo.platforms.server import Handler
from demo.platforms.server import Platform
from huanyu import clock

ERRORS = {
    10001: "System error",
    10002: "Service unavailable",
    10014: "Insufficient app permissions!",
    10016: "Miss required parameter",
    10020: "Request api not found",
    10022: "IP requests out of rate limit!",
    10023: "User requests out of rate limit!",
    10024: "User requests for (%s) out of rate limit!",
    20008: "content is null!",
    20012: "Text too long, please input text less than 140 characters!",
    20016: "out of limit!",
    20017: "你刚刚已经发送过相似内容了哦，先休息一会吧",
    20018: "contains illegal website!",
    20019: "不要太贪心哦，发一次就够啦",
    20032: "微博发布成功。目前服务器数据同步可能会有延迟，请耐心等待1-2分钟。谢谢",
    20101: "target weibo does not exist!",
    20111: "repeat weibo text!",
    20206: "作者只允许关注用户评论",
    20207: "作者只允许可信用户评论",
    21315: "token_expired",
    21327: "expired_token",
    21332: "invalid_access_token",
}
_LINK = re.compile(r"https?://[^\s\u4e00-\u9fff，。]+")
TOKEN = "demo-weibo-token"  # noqa: S105 - opens nothing but this server
_FIRST_ID = 5_200_000_000_000_001


@dataclass(frozen=True, slots=True)
class Published:
    """A post, or a comment when `status_id` is set."""

    id: int
    text: str
    at: datetime
    status_id: str = ""
    rip: str = ""


class WeiboHandler(Handler):
    server: Any

    def do_GET(self) -> None:  # noqa: N802 - http.server calls it so
        """The page for people, and the two lists for reading back."""
        weibo: WeiboPlatform = self.server.platform
        path = urlsplit(self.path).path
        if path in {"/", "/index.html"}:
            return self.page(weibo.page())
        form = self.form()
        if code := weibo.check_token(self._token(form)):
            return self._error(code)
        if path == "/2/statuses/user_timeline.json":
            return self.answer(weibo.timeline(form))
        if path == "/2/comments/show.json":
            return self.answer(weibo.comments(form))
        return self._error(10020, HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:  # noqa: N802 - http.server calls it so
        """Publish, unless the next fault says otherwise."""
        weibo: WeiboPlatform = self.server.platform
        path, form = urlsplit(self.path).path, self.form()
        if path not in {"/2/statuses/share.json", "/2/comments/create.json"}:
            return self._error(10020, HTTPStatus.NOT_FOUND)
        fault = weibo.next_fault() or Fault("none")
        if self._before(fault):
            return None
        is_comment = path.startswith("/2/comments")
        code = weibo.check_token(self._token(form)) or weibo.check(form, is_comment=is_comment)
        if code:
            return self._error(code)
        return self._after(fault, weibo.keep(form, is_comment=is_comment))

    def _before(self, fault: Fault) -> bool:
        """Faults that keep nothing; True when the answer is given."""
        options = fault.options
        match fault.name:
            case "refuse":
                self._error(int(options["error_code"]), as_text=bool(options.get("as_text")))
            case "rate_limit":
                self._error(10023, HTTPStatus.FORBIDDEN)
            case "http_429":
                self.send(
                    "slow down", "text/plain", 429, {"Retry-After": str(options.get("retry_after", 60))}
                )
            case "drop_before_accept":
                self.cut()
            case "error_before_accept":
                self.page("<h1>500</h1>", HTTPStatus.INTERNAL_SERVER_ERROR)
            case "html":
                self.page("<title>Sina Visitor System</title>")
            case _:
                return False
        return True

    def _after(self, fault: Fault, body: Mapping[str, Any]) -> None:
        match fault.name:
            case "drop_after_accept":
                self.cut()
            case "error_after_accept":
                self.page("<h1>502 Bad Gateway</h1>", HTTPStatus.BAD_GATEWAY)
            case "stall":
                self.server.platform.released.wait(float(fault.options.get("seconds", 30)))
                self.cut()
            case "delayed":
                self._error(20032)
            case "no_id":
                self.answer({})
            case "answer_twice":
                self.answer(body)
                self.answer(body)
            case _:
                self.answer(body)

    def _token(self, form: Mapping[str, str]) -> str:
        return form.get("access_token") or self.headers.get("Authorization", "").removeprefix("OAuth2 ")

    def _error(self, code: int, status: int = HTTPStatus.BAD_REQUEST, *, as_text: bool = False) -> None:
        told = str(code) if as_text else code  # both occur in real answers
        request = urlsplit(self.path).path.removeprefix("/2")
        self.answer({"request": request, "error_code": told, "error": ERRORS.get(code, "error")}, status)


class WeiboPlatform(Platform):
    """模拟微博: one account, its posts and its comments."""

    handler = WeiboHandler
    faults = FAULTS | {"delayed", "no_id", "http_429"}

    def __init__(
        self,
        token: str = TOKEN,
        user_id: str = "7000000001",
        domains: tuple[str, ...] = (),
        port: int = 0,
    ) -> None:
        self.token, self.user_id, self.domains = token, user_id, domains
        self.expired = False  #: set to let every call meet an expired token
        self.missing: set[str] = set()  #: ids of posts that do not exist any more
        self._kept: list[Published] = []
        super().__init__(port)

    @property
    def api(self) -> str:
        """The base address for accounts.toml."""
        return f"{self.url}/2"

    @property
    def published(self) -> tuple[Published, ...]:
        """Everything accepted, oldest first."""
        with self.lock:
            return tuple(self._kept)

    def check_token(self, token: str) -> int:
        if self.expired:
            return 21327
        return 0 if token == self.token else 21332

    def check(self, form: Mapping[str, str], *, is_comment: bool) -> int:
        """The first rule a publication breaks, 0 = none."""
        text = form.get("comment" if is_comment else "status", "")
        links = {urlsplit(link).hostname for link in _LINK.findall(text)}
        last = [kept.text for kept in self.published[-1:]]
        rules = (
            (not text, 20008),
            ("rip" not in form, 10016),
            (_length(text) > 140, 20012),
            (is_comment and (not form.get("id") or form["id"] in self.missing), 20101),
            (not is_comment and bool(re.search(r"#[^#]+#", text)), 20018),
            (not is_comment and not links, 20018),
            (bool(self.domains) and bool(links - set(self.domains)), 20018),
            (text in last, 20019),
        )
        return next((code for broken, code in rules if broken), 0)

    def keep(self, form: Mapping[str, str], *, is_comment: bool) -> dict[str, Any]:
        """Accept a publication and return the platform's object for it."""
        with self.lock:
            kept = Published(
                id=_FIRST_ID + len(self._kept),
                text=form["comment" if is_comment else "status"],
                at=clock.now(),
                status_id=form["id"] if is_comment else "",
                rip=form["rip"],
            )
            self._kept.append(kept)
        return self._object(kept)

    def timeline(self, form: Mapping[str, str]) -> dict[str, Any]:
        posts = [self._object(kept) for kept in reversed(self.published) if not kept.status_id]
        count = int(form.get("count", 20))
        cursors = {"previous_cursor": 0, "next_cursor": 0}
        return {"statuses": posts[:count], "hasvisible": False, "total_number": len(posts), **cursors}

    def comments(self, form: Mapping[str, str]) -> dict[str, Any]:
        found = [kept for kept in reversed(self.published) if kept.status_id == form.get("id")]
        cursors = {"previous_cursor": 0, "next_cursor": 0}
        return {"comments": [self._object(kept) for kept in found], "total_number": len(found), **cursors}

    def page(self) -> str:
        """What the demo's user opens in a browser."""
        cards = [
            Card(
                "聊城环境" + (f" 回复了微博 {kept.status_id}" if kept.status_id else ""),
                kept.text,
                f"{kept.at:%Y-%m-%d %H:%M:%S} · 编号 {kept.id}",
            )
            for kept in reversed(self.published)
        ]
        return page(
            "模拟微博", "本机演示用的微博，只显示本系统发布的内容，与真实微博无关。", "#c2410c", cards
        )

    def _object(self, kept: Published) -> dict[str, Any]:
        body: dict[str, Any] = {
            "created_at": kept.at.strftime("%a %b %d %H:%M:%S %z %Y"),
            "id": kept.id,
            "idstr": str(kept.id),
            "mid": str(kept.id),
            "text": _LINK.sub(lambda _: f"http://t.cn/A6{kept.id % 100000:05d}", kept.text),  # as Weibo does
            "source": '<a href="https://example.org" rel="nofollow">环舆</a>',
            "user": {
                "id": int(self.user_id),
                "idstr": self.user_id,
                "screen_name": "聊城环境",
                "verified": True,
            },
        }
        if kept.status_id:
            owner = {"id": 7000000999, "idstr": "7000000999", "screen_name": "网友"}
            return body | {"status": {"id": kept.status_id, "idstr": kept.status_id, "user": owner}}
        counters = {"reposts_count": 0, "comments_count": 0, "attitudes_count": 0}
        return body | {"favorited": False, "truncated": False, "geo": None, **counters}


def _length(text: str) -> int:
    """Weibo's own count: a link is t.cn/xxxxxxx, two ASCII characters are one."""
    half = sum(1 if char < "\x80" else 2 for char in _LINK.sub("x" * 20, text))
    return (half + 1) // 2
