"""Weibo open platform v2: a new post (statuses/share) or a comment under the citizen's own post.

Limits and meanings of error codes are data at the top, from open.weibo.com/wiki (Error_code, 2/statuses/share,
2/comments/create); the read-back endpoints are from memory: verify before ticking `verified`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import datetime
from datetime import timedelta
from typing import Any
from typing import Final
from urllib.parse import urlsplit

import httpx

from huanyu.bureau import AccountRow
from huanyu.errors import ChannelError
from huanyu.errors import Refused
from huanyu.errors import Unavailable
from huanyu.errors import Unknown
from huanyu.types import Message
from huanyu.types import Receipt
from publisher.channels.contract import Abilities
from publisher.channels.contract import Limits

BASE_URL: Final = "https://api.weibo.com/2"
LIMITS: Final = Limits(
    length=140, per_minute=0, source="open.weibo.com/wiki/2/statuses/share; quotas: codes only"
)
TIMEOUT: Final = httpx.Timeout(20, connect=10)
SHORT_LINK: Final = 10  # a link counts at least as t.cn/xxxxxxx would
CLOCK_SKEW: Final = timedelta(minutes=10)  # between their clock and ours, when reading back

#: Nothing was accepted, later again.
LATER: Final[Mapping[int, str]] = {
    10002: "微博服务暂时不可用",
    10009: "微博服务繁忙",
    10022: "本机地址的请求次数用完",
    10023: "账号的请求次数用完",
    10024: "该接口的请求次数用完",
    20016: "发微博太多，被限制",
    20023: "微博暂停了该功能",
}
#: "You have just sent this": most likely it is out, the timeline decides.
REPEATED: Final[Mapping[int, str]] = {20017: "内容相似", 20019: "内容重复", 20111: "内容重复"}
#: Published, only not visible yet.
DELAYED: Final = 20032
#: The server broke off: it may have been accepted.
UNCLEAR: Final[Mapping[int, str]] = {
    10001: "微博系统错误",
    10003: "微博远程服务错误",
    10010: "任务超时",
    10011: "微博内部错误",
}
#: Refused for good; what is not listed is refused too.
REFUSALS: Final[Mapping[int, str]] = {
    10006: "缺少应用标识",
    10014: "应用没有发布权限",
    20003: "用户不存在",
    20008: "内容为空",
    20012: "超过140字",
    20018: "含有未登记的网址",
    20020: "被判为广告",
    20021: "含有违禁内容",
    20031: "平台要求验证码，请人工登录处理",
    20101: "原微博已不存在",
    20201: "原评论已不存在",
    20206: "对方只允许关注的人评论",
    20207: "对方只允许可信用户评论",
    21314: "授权已失效，请管理员重新授权",
    21315: "授权已过期，请管理员重新授权",
    21316: "授权已被收回，请管理员重新授权",
    21317: "授权被拒绝，请管理员重新授权",
    21327: "授权已过期，请管理员重新授权",
    21332: "授权无效，请管理员重新授权",
}

_URL = re.compile(r"https?://[^\s\u4e00-\u9fff，。；！？（）]+")
_TOPIC = re.compile(r"#[^#\n]+#")


def length(text: str) -> int:
    """Length in 汉字: an ASCII character is half of one; a link at least as long as its short form."""
    links = _URL.findall(text)
    half = sum(1 if char < "\x80" else 2 for char in _URL.sub("", text))
    return math.ceil(half / 2 + sum(max(SHORT_LINK, len(link) / 2) for link in links))


class WeiboChannel:
    """One official account on Weibo."""

    abilities: Final = Abilities(read_back=True)
    limits: Final = LIMITS

    def __init__(
        self, account: AccountRow, token: str, own_site: str, timeout: httpx.Timeout = TIMEOUT
    ) -> None:
        self._account, self._token, self._timeout = account, token, timeout
        self._base = (account.base_url or BASE_URL).rstrip("/")
        self._domain = urlsplit(own_site).hostname or ""

    def send(self, message: Message) -> Receipt:
        """Comment under `message.reply_to`, or post; a repeated text is looked for before anything is said."""
        self._check(message)
        path, form = self._form(message)
        body = self._call("POST", path, data=form)
        code = _code(body)
        if code is None:
            return _receipt(body, message, self._account)
        if code == DELAYED:
            return Receipt(platform_id="", note="微博已发布，平台数据同步有延迟")
        if code in REPEATED:
            return self._already(message, REPEATED[code])
        raise _error(code, body)

    def read_back(self, message: Message) -> Receipt | None:
        """Look for the text under the citizen's post or on the account's own timeline."""
        path, params, key = self._reading(message)
        body = self._call("GET", path, params=params)
        if (code := _code(body)) is not None:
            raise Unavailable(f"回读失败：{_told(code, body)}", code=code)
        for item in _items(body, key):
            if self._is_ours(item, message):
                return _receipt(item, message, self._account, note="回读确认已发布")
        return None

    def _check(self, message: Message) -> None:
        if length(message.text) > LIMITS.length:
            raise Refused(f"超过{LIMITS.length}字（共{length(message.text)}字）")
        if _TOPIC.search(message.text):
            raise Refused("接口发布的微博不能带 #话题#")
        hosts = {urlsplit(link).hostname for link in _URL.findall(message.text)}
        if not message.reply_to and self._domain not in hosts:
            raise Refused(f"微博必须带本局网站（{self._domain}）的链接")
        if message.reply_to and not message.reply_to.isdecimal():
            raise Refused("原微博编号不是数字，无法评论")

    def _form(self, message: Message) -> tuple[str, dict[str, str]]:
        form = {"access_token": self._token}
        if self._account.operator_ip:
            form["rip"] = self._account.operator_ip
        if message.reply_to:
            return "comments/create.json", form | {"id": message.reply_to, "comment": message.text}
        return "statuses/share.json", form | {"status": message.text}

    def _reading(self, message: Message) -> tuple[str, dict[str, str], str]:
        if message.reply_to:
            return (
                "comments/show.json",
                {"id": message.reply_to, "count": "200", "filter_by_author": "0"},
                "comments",
            )
        return "statuses/user_timeline.json", {"uid": self._account.user_id, "count": "100"}, "statuses"

    def _call(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        headers = {"Authorization": f"OAuth2 {self._token}"}  # keeps the token out of logged addresses
        try:
            with httpx.Client(timeout=self._timeout, headers=headers, trust_env=False) as client:
                response = client.request(method, f"{self._base}/{path}", **request)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol) as problem:
            raise Unavailable("连不上微博接口，尚未发出") from problem
        except httpx.HTTPError as problem:
            raise Unknown(f"微博没有应答完整（{type(problem).__name__}），可能已发布") from problem
        return _body(response)

    def _already(self, message: Message, why: str) -> Receipt:
        try:
            found = self.read_back(message)
        except ChannelError as problem:
            raise Unknown(f"微博提示{why}，但回读失败，请人工核实") from problem
        if found is None:
            raise Unknown(f"微博提示{why}，但回读未见到，请人工核实")
        return found

    def _is_ours(self, item: Mapping[str, Any], message: Message) -> bool:
        user = item.get("user") or {}
        if item.get("deleted") or str(user.get("idstr") or user.get("id") or "") != self._account.user_id:
            return False
        written = _time(item.get("created_at"))
        if written is None or written < message.created_at - CLOCK_SKEW:
            return False
        return _bare(str(item.get("text"))) == _bare(message.text)


def _body(response: httpx.Response) -> dict[str, Any]:
    """The JSON object of an answer, or the error its status stands for."""
    try:
        body = response.json()
    except ValueError:
        body = None
    if isinstance(body, dict) and (response.is_success or "error_code" in body):
        return body
    status = response.status_code
    if status == httpx.codes.TOO_MANY_REQUESTS:
        raise Unavailable("微博限制访问频率", retry_after=_seconds(response.headers.get("Retry-After", "")))
    if 300 <= status < 500 and status != httpx.codes.REQUEST_TIMEOUT:
        raise Refused(f"微博接口拒绝（HTTP {status}）", status=status)
    raise Unknown(f"微博应答异常（HTTP {status}），可能已发布", status=status)


def _code(body: Mapping[str, Any]) -> int | None:
    code = str(body.get("error_code", ""))  # an int or a string, both occur
    return int(code) if code.isdecimal() else None


def _error(code: int, body: Mapping[str, Any]) -> ChannelError:
    if code in LATER:
        return Unavailable(_told(code, body), code=code)
    if code in UNCLEAR:
        return Unknown(f"{_told(code, body)}，可能已发布", code=code)
    return Refused(_told(code, body), code=code)


def _told(code: int, body: Mapping[str, Any]) -> str:
    known = LATER.get(code) or REFUSALS.get(code) or UNCLEAR.get(code)
    return known or f"微博错误 {code}：{str(body.get('error', ''))[:80]}"


def _receipt(body: Mapping[str, Any], message: Message, account: AccountRow, note: str = "") -> Receipt:
    native = str(body.get("idstr") or body.get("mid") or body.get("id") or "")
    if not native:
        raise Unknown("微博应答中没有编号，可能已发布")
    post = message.reply_to or native
    owner = (
        str((body.get("status") or {}).get("user", {}).get("id", "")) if message.reply_to else account.user_id
    )
    url = f"https://weibo.com/{owner}/{post}" if owner else ""
    return Receipt(platform_id=native, url=url, at=_time(body.get("created_at")), note=note)


def _items(body: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = body.get(key)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _time(text: object) -> datetime | None:
    """ "Tue Sep 15 08:53:25 +0800 2026"; None where it cannot be read."""
    try:
        return datetime.strptime(str(text), "%a %b %d %H:%M:%S %z %Y")
    except ValueError:
        return None


def _bare(text: str) -> str:
    """A text without links (Weibo rewrites them to t.cn) and blanks."""
    return re.sub(r"\s+|\u200b", "", _URL.sub("", text))


def _seconds(text: str) -> float | None:
    return float(text) if text.isdecimal() else None
