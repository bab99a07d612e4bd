"""Tell a wall or a refusal from an empty result: a table of what sites answer, and one pure function over it.

Knows responses only; what a source's state becomes is decided in `crawler.health`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

HEAD = 20_000  # characters of a page in which a wall announces itself


@dataclass(frozen=True, slots=True)
class Wall:
    """Why a response is no result."""

    state: str  #: wall | login_needed | slow | failing | gone
    sentence: str  #: Chinese, for a press officer
    stop: bool = True  #: whether asking this site further would only make it worse


GONE = Wall("gone", "内容已被删除或不存在", stop=False)
LOGIN = Wall("login_needed", "登录已失效, 请更新该来源的登录凭据")
TOKEN = Wall("login_needed", "微博开放平台授权已失效, 请重新授权")
ANTI_BOT = Wall("wall", "网站的反爬虫机制拒绝了访问, 已停止, 稍后再试")
VISITOR = Wall("wall", "微博返回了访客验证页面而不是数据, 已停止")
HTML_FOR_JSON = Wall("wall", "网站返回了网页而不是数据, 可能要求登录或验证, 已停止")
TOO_OFTEN = Wall("slow", "网站提示访问过于频繁, 已停止, 稍后再取")
NO_RIGHT = Wall("failing", "微博开放平台的应用没有读取权限")
FORBIDDEN = Wall("wall", "网站拒绝访问 (HTTP 403), 已停止")

#: Open platform v2 (open.weibo.com/wiki/Error_code); what is not listed is `failing` with its own message.
API_CODES: Mapping[int, Wall] = {
    **dict.fromkeys((10004, 10022, 10023, 10024, 10009), TOO_OFTEN),
    **dict.fromkeys((10005, 10006, 10014, 20112), NO_RIGHT),
    **dict.fromkeys((21301, *range(21314, 21320), 21327, 21332), TOKEN),
    **dict.fromkeys((20031, 20033), LOGIN),
    20101: GONE,
}

#: Words in a page that is no result, first hit counts.
PAGE_MARKS: tuple[tuple[re.Pattern[str], Wall], ...] = tuple(
    (re.compile(pattern, re.I), wall)
    for pattern, wall in (
        (r"Sina Visitor System|passport\.weibo\.c(?:om|n)/visitor", VISITOR),
        (r"<title>[^<]{0,40}(?:安全验证|人机验证|访问验证|安全检查|Just a moment|CC防护)", ANTI_BOT),
        (r"__jsl_clearance|/cdn-cgi/challenge|acw_sc__v2", ANTI_BOT),
    )
)

#: Discuz says all of these in #messagetext; login is a matter of one board, the others may be open.
DISCUZ_MARKS: tuple[tuple[re.Pattern[str], Wall], ...] = tuple(
    (re.compile(pattern), wall)
    for pattern, wall in (
        (r"不存在|已被删除|正在被审核|已经被删除", GONE),
        (
            r"需要先?登录|请登录|尚未登录|没有权限|无权|所在的用户组",
            Wall("login_needed", "论坛版块要求登录后才能阅读", stop=False),
        ),
        (r"站点关闭|论坛关闭|系统维护|正在维护", Wall("failing", "论坛暂时关闭")),
        (r"频繁|稍后再|流量", TOO_OFTEN),
        (r"验证码|安全提问", ANTI_BOT),
    )
)
MESSAGE = re.compile(r"""id=["']messagetext["'][^>]*>(.{0,800})""", re.S)

STATUS: Mapping[int, Wall] = {
    401: LOGIN,
    404: GONE,
    410: GONE,
    412: ANTI_BOT,
    418: ANTI_BOT,
    429: TOO_OFTEN,
    432: ANTI_BOT,
    521: ANTI_BOT,
}


def find(status: int, text: str, expects: str) -> Wall | None:
    """The wall a response is, or None for a result (also an empty one).

    `expects` says what was asked for: "json", "html" or "xml". A 304 is a result.
    """
    if expects == "json":
        return json_wall(status, text)
    if (wall := page_wall(text)) is not None:
        return wall
    return status_wall(status)


def json_wall(status: int, text: str) -> Wall | None:
    head = text.lstrip()[:HEAD]
    if head.startswith("<"):
        return page_wall(head) or (status_wall(status) if status >= 400 else HTML_FOR_JSON)
    try:
        found = json.loads(text)
    except ValueError:
        return status_wall(status)  # broken JSON with 200 is bad input, not a wall
    return (object_wall(found) if isinstance(found, dict) else None) or status_wall(status)


def object_wall(found: Mapping[str, Any]) -> Wall | None:
    """What a JSON answer says of itself; {"ok":0,"msg":"这里还没有内容"} is an honest empty result."""
    said = str(found.get("msg") or found.get("message") or found.get("error") or "")
    code = number(found.get("error_code") or found.get("errno"))
    if number(found.get("ok")) == -100:
        return LOGIN
    if code is not None:
        return API_CODES.get(code) or Wall("failing", f"微博返回错误 {code}: {said[:80]}")
    if "登录" in said:
        return LOGIN
    if "频繁" in said or "频次" in said:
        return TOO_OFTEN
    return None


def page_wall(text: str) -> Wall | None:
    head = text[:HEAD]
    for pattern, wall in PAGE_MARKS:
        if pattern.search(head):
            return wall
    if message := MESSAGE.search(text):
        return discuz_wall(message[1])
    return None


def discuz_wall(message: str) -> Wall | None:
    for pattern, wall in DISCUZ_MARKS:
        if pattern.search(message):
            return wall
    words = " ".join(re.sub(r"<script.*|<[^>]*>", " ", message, flags=re.S).split())
    return Wall("failing", f"论坛提示: {words[:80]}", stop=False)


def status_wall(status: int) -> Wall | None:
    if status in STATUS:
        return STATUS[status]
    if status == 403:
        return FORBIDDEN
    if 300 <= status < 400:
        return Wall("failing", f"网站的跳转无法跟随 (HTTP {status})", stop=False)
    if status >= 400:
        return Wall("failing", f"网站返回错误 (HTTP {status})", stop=False)
    return None


def number(value: object) -> int | None:
    text = str(value)
    return int(text) if re.fullmatch(r"-?\d+", text) else None
