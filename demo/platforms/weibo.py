"""模拟微博: the open platform's publishing side: posts, comments, withdrawal, the lists to read back, the token.

Fields and error codes as on open.weibo.com/wiki (2/statuses/share, 2/comments/create, 2/comments/reply, Error_code);
the reading, deleting and token endpoints in the shape that its clients expect.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from demo.platforms.server import FAULTS
from demo.platforms.server import Fault
from demo.platforms.server import Handler
from demo.platforms.weibo_state import TOKEN
from demo.platforms.weibo_state import Published
from demo.platforms.weibo_state import WeiboState

__all__ = ["TOKEN", "Published", "WeiboPlatform"]

ERRORS = {
    10001: "System error",
    10002: "Service unavailable",
    10014: "Insufficient app permissions!",
    10016: "Miss required parameter",
    10020: "Request api not found",
    10022: "IP requests out of rate limit!",
    10023: "User requests out of rate limit!",
    10024: "User requests for (%s) out of rate limit!",
    20005: "unsupported image type, only suport JPG, GIF, PNG!",
    20006: "image size too large!",
    20008: "content is null!",
    20012: "Text too long, please input text less than 140 characters!",
    20016: "out of limit!",
    20017: "你刚刚已经发送过相似内容了哦，先休息一会吧",
    20018: "contains illegal website!",
    20019: "不要太贪心哦，发一次就够啦",
    20032: "微博发布成功。目前服务器数据同步可能会有延迟，请耐心等待1-2分钟。谢谢",
    20101: "target weibo does not exist!",
    20102: "not your own weibo!",
    20111: "repeat weibo text!",
    20201: "target weibo comment does not exist!",
    20203: "not your own comment!",
    20206: "作者只允许关注用户评论",
    20207: "作者只允许可信用户评论",
    21315: "token_expired",
    21327: "expired_token",
    21332: "invalid_access_token",
}
KINDS = {
    "/2/statuses/share.json": "share",
    "/2/comments/create.json": "comment",
    "/2/comments/reply.json": "reply",
}


class WeiboHandler(Handler):
    server: Any

    def do_GET(self) -> None:  # noqa: N802 - http.server calls it so
        """The page for people, and what is read back."""
        weibo: WeiboPlatform = self.server.platform
        path = urlsplit(self.path).path
        if path in {"/", "/index.html"}:
            return self.page(weibo.page())
        form = self.form()
        reads: dict[str, Callable[[Mapping[str, str]], object]] = {
            "/2/statuses/user_timeline.json": weibo.timeline,
            "/2/statuses/show.json": weibo.status,
            "/2/comments/show.json": weibo.comments,
            "/2/comments/show_batch.json": weibo.comments_by_id,
            "/2/comments/by_me.json": weibo.own_comments,
            "/2/users/show.json": weibo.user,
        }
        if code := weibo.check_token(self._token(form)):
            return self._error(code)
        if path not in reads:
            return self._error(10020, HTTPStatus.NOT_FOUND)
        if weibo.next_read_fails():
            return self.page("<h1>503</h1>", HTTPStatus.SERVICE_UNAVAILABLE)
        return self._told(reads[path](form))

    def do_POST(self) -> None:  # noqa: N802 - http.server calls it so
        """Publish, unless the next fault says otherwise; take down; tell about the token."""
        weibo: WeiboPlatform = self.server.platform
        path, form = urlsplit(self.path).path, self.form()
        if path == "/oauth2/get_token_info":
            return self._told(weibo.check_token(self._token(form)) or weibo.token_info())
        if path in {"/2/statuses/destroy.json", "/2/comments/destroy.json"}:
            return self._told(weibo.check_token(self._token(form)) or weibo.destroy(form))
        if path not in KINDS:
            return self._error(10020, HTTPStatus.NOT_FOUND)
        fault = weibo.next_fault() or Fault("none")
        if self._before(fault):
            return None
        kind, picture = KINDS[path], self.files.get("pic")
        code = weibo.check_token(self._token(form)) or weibo.check(form, kind, picture)
        if code:
            return self._error(code)
        return self._after(fault, weibo.keep(form, kind, picture))

    def _told(self, found: object) -> None:
        """An answer, or the error whose number it is."""
        return self._error(found) if isinstance(found, int) else self.answer(found)

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
                self.server.platform.wait(fault, 30)
                self.cut()
            case "slow":
                self.server.platform.wait(fault, 1)
                self.answer(body)
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


class WeiboPlatform(WeiboState):
    """模拟微博: one account, its posts and its comments."""

    handler = WeiboHandler
    faults = FAULTS | {"delayed", "no_id", "http_429"}
