"""模拟微信公众平台: token, material, drafts, publishing jobs, mass sending, comments, as cgi-bin answers them.

Fields as on developers.weixin.qq.com (stable_token, add_material, uploadimg, draft/*, freepublish/*, mass/*, comment/*).
An error is HTTP 200 with an errcode.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from demo.platforms.server import FAULTS
from demo.platforms.server import Fault
from demo.platforms.server import Handler
from demo.platforms.wechat_kept import APP_ID
from demo.platforms.wechat_kept import Published
from demo.platforms.wechat_state import SECRET
from demo.platforms.wechat_state import WechatState

__all__ = ["APP_ID", "SECRET", "Published", "WechatPlatform"]

ERRORS = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40004: "invalid media type",
    40005: "invalid file type",
    40007: "invalid media_id",
    40009: "invalid image size",
    40013: "invalid appid",
    40059: "invalid msg id",
    40066: "invalid url",
    40125: "invalid appsecret",
    40164: "invalid ip, not in whitelist",
    41001: "access_token missing",
    42001: "access_token expired",
    44003: "empty news data",
    45002: "content size out of limit",
    45003: "title size out of limit",
    45004: "description size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    45028: "has no masssend quota",
    45065: "clientmsgid exist",
    45066: "same clientmsgid retry too fast",
    45110: "author size out of limit",
    48001: "api unauthorized",
    53503: "draft not pass publish check",
    53600: "Article ID 无效",
    61501: "date range error",
    88000: "without comment privilege",
    88003: "user comment not exist",
}
#: What puts something before the public; the other calls prepare or read.
PUBLISHING = frozenset({"freepublish/submit", "message/mass/sendall", "comment/reply/add"})
PUSH = "/push"  #: where the bureau's message service listens


class WechatHandler(Handler):
    server: Any

    def do_GET(self) -> None:  # noqa: N802 - http.server calls it so
        """The page for people; and the one call that asks by GET."""
        wechat: WechatPlatform = self.server.platform
        call, form = urlsplit(self.path).path.removeprefix("/cgi-bin/"), self.form()
        if call in {"/", "/index.html"}:
            return self.page(wechat.page())
        if call == "media/get":
            return self._material(wechat, form)
        if call != "get_current_autoreply_info":
            return self.page("<h1>404</h1>", HTTPStatus.NOT_FOUND)
        fault = wechat.fault_at(call, publishing=False)
        if self._before(fault):
            return None
        return self._told(wechat.check_token(form.get("access_token", "")) or wechat.talk.rules())

    def do_POST(self) -> None:  # noqa: N802 - http.server calls it so
        wechat: WechatPlatform = self.server.platform
        call, self.json = urlsplit(self.path).path.removeprefix("/cgi-bin/"), {}
        form = self.form()
        if call == "stable_token":
            return self._told(wechat.stable_token(self.json))
        if call == "/say":
            return self._say(wechat, form)
        if call == PUSH:
            return self._pushed(wechat, form)
        verb = self._verbs(wechat).get(call)
        if verb is None:
            return self.page("<h1>404</h1>", HTTPStatus.NOT_FOUND)
        fault = wechat.fault_at(call, publishing=call in PUBLISHING)
        if self._before(fault):
            return None
        if code := wechat.check_token(form.get("access_token", "")):
            return self._told(code)
        return self._after(fault, verb())

    def _verbs(self, wechat: WechatPlatform) -> Mapping[str, Callable[[], Mapping[str, Any] | int]]:
        asked, media = self.json, self.files.get("media")
        kind = self.path.partition("type=")[2].partition("&")[0]
        return {
            "material/add_material": lambda: wechat.add_material(kind, media),
            "media/uploadimg": lambda: wechat.upload_image(media),
            "draft/add": lambda: wechat.add_draft(asked),
            "draft/update": lambda: wechat.update_draft(asked),
            "draft/batchget": lambda: wechat.drafts(asked),
            "freepublish/submit": lambda: wechat.submit(asked),
            "freepublish/get": lambda: wechat.job(asked),
            "freepublish/batchget": lambda: wechat.articles(asked),
            "freepublish/getarticle": lambda: wechat.article(asked),
            "freepublish/delete": lambda: wechat.delete(asked),
            "message/mass/sendall": lambda: wechat.send_all(asked),
            "message/mass/get": lambda: wechat.mass_state(asked),
            "message/mass/delete": lambda: wechat.mass_delete(asked),
            "comment/list": lambda: wechat.comments(asked),
            "comment/reply/add": lambda: wechat.reply(asked),
            "comment/reply/delete": lambda: wechat.unreply(asked),
            "/datacube/getusercumulate": lambda: wechat.cumulate(asked),
            "/datacube/getarticletotal": lambda: wechat.article_total(asked),
        }

    def _say(self, wechat: WechatPlatform, form: Mapping[str, str]) -> None:
        """What somebody sends on the page, as a citizen would."""
        file = self.files.get("file")
        if file is None or not file.body:
            wechat.talk.bring(form, "", False, "")
        else:
            media = f"SENT_{len(wechat.sent) + 1}"
            wechat.sent[media] = file
            wechat.talk.bring(form, media, file.media.startswith("audio/"), file.name)
        self.send("", "text/html", 303, {"Location": "/"})

    def _material(self, wechat: WechatPlatform, form: Mapping[str, str]) -> None:
        """获取临时素材: the bytes; an error comes as JSON that calls itself text."""
        fault = wechat.fault_at("media/get", publishing=False)
        if self._before(fault):
            return None
        code = wechat.check_token(form.get("access_token", ""))
        found = wechat.sent.get(form.get("media_id", ""))
        if code or found is None:
            told = {"errcode": code or 40007, "errmsg": ERRORS[code or 40007]}
            return self.send(json.dumps(told), "text/plain")
        return self.bytes(found.body, found.media)

    def _pushed(self, wechat: WechatPlatform, form: Mapping[str, str]) -> None:
        """The service behind the account, which WeChat would ask about a citizen's message."""
        try:
            self.send(wechat.talk.answer(form, self.raw), "text/xml")
        except PermissionError:
            self.page("signature", HTTPStatus.FORBIDDEN)

    def _before(self, fault: Fault) -> bool:
        """Faults that keep nothing; True when the answer is given."""
        match fault.name:
            case "refuse":
                self._told(int(fault.options["error_code"]))
            case "rate_limit":
                self._told(45011)
            case "drop_before_accept":
                self.cut()
            case "error_before_accept":
                self.page("<h1>500</h1>", HTTPStatus.INTERNAL_SERVER_ERROR)
            case "html":
                self.page("<h1>登录网络</h1>")
            case _:
                return False
        return True

    def _after(self, fault: Fault, body: Mapping[str, Any] | int) -> None:
        match fault.name:
            case "drop_after_accept":
                self.cut()
            case "error_after_accept":
                self.page("<h1>502 Bad Gateway</h1>", HTTPStatus.BAD_GATEWAY)
            case "busy_after_accept":
                self._told(-1)
            case "stall":
                self.server.platform.wait(fault, 30)
                self.cut()
            case "slow":
                self.server.platform.wait(fault, 1)
                self._told(body)
            case "no_id":
                self.answer({"errcode": 0, "errmsg": "ok"})
            case "answer_twice":
                self._told(body)
                self._told(body)
            case _:
                self._told(body)

    def _told(self, body: Mapping[str, Any] | int) -> None:
        told = {"errcode": body, "errmsg": ERRORS.get(body, "error")} if isinstance(body, int) else body
        self.answer(told)


class WechatPlatform(WechatState):
    """模拟微信公众号: one account."""

    handler = WechatHandler
    faults = FAULTS | {"no_id", "busy_after_accept"}
