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
NO_TOKEN = Wall("login_needed", "没有向微博出示授权令牌, 请检查该来源的 secret 和密钥文件")
ANTI_BOT = Wall("wall", "网站的反爬虫机制拒绝了访问, 已停止, 稍后再试")
VISITOR = Wall("wall", "微博返回了访客验证页面而不是数据, 已停止")
CAPTCHA = Wall("wall", "微博要求输入验证码, 已停止, 请人工登录该账号完成验证后再启用")
ABNORMAL = Wall("wall", "微博认为该账号或网络的访问异常, 已停止, 请人工登录该账号查看")
HTML_FOR_JSON = Wall("wall", "网站返回了网页而不是数据, 可能要求登录或验证, 已停止")
HTML_FOR_XML = Wall(
    "failing",
    "订阅地址返回的是网页, 不是 RSS 或 Atom, 地址可能已失效或要求验证, 请人工打开看一眼",
    stop=False,
)
TOO_OFTEN = Wall("slow", "网站提示访问过于频繁, 已停止, 稍后再取")
NO_RIGHT = Wall("failing", "微博开放平台的应用没有读取权限, 请在开放平台查看应用的接口权限")
NOT_SHOWN = Wall("failing", "微博作者设置了可见范围, 其中一条读不到", stop=False)
NO_USER = Wall("failing", "要读取的微博账号不存在或已被封禁, 请检查该来源的 accounts", stop=False)
OUR_REQUEST = Wall("failing", "微博说这个请求不正确, 接口可能已改变, 请告知维护人员", stop=False)
THEIR_FAULT = Wall("failing", "微博内部出错, 下次再取", stop=False)
FORBIDDEN = Wall("wall", "网站拒绝访问 (HTTP 403), 已停止")

#: Open platform v2 (open.weibo.com/wiki/Error_code) and m.weibo.cn's errno, as far as a reader can meet them;
#: what is not listed is told by its words, else it is `failing` with its own message.
API_CODES: Mapping[int, Wall] = {
    **dict.fromkeys((10001, 10002, 10003, 10010, 10011, 20607), THEIR_FAULT),
    **dict.fromkeys((10004, 10009, 10022, 10023, 10024, 21303), TOO_OFTEN),
    **dict.fromkeys((10005, 10014, 21311, 21312, 21313, 21321, 21601), NO_RIGHT),
    **dict.fromkeys((10007, 10008, 10012, 10016, 10017, 10018, 10020, 10021, 10025), OUR_REQUEST),
    **dict.fromkeys((20001, 20002, 20009, 20109, 20204, 20502, 21320), OUR_REQUEST),
    **dict.fromkeys((10013, 20003, 20501), NO_USER),
    10006: NO_TOKEN,
    **dict.fromkeys((20014, 20015, 20022), ABNORMAL),
    **dict.fromkeys((20031, 20507), CAPTCHA),
    20033: LOGIN,
    **dict.fromkeys((20101, 20104, 20201, 20202), GONE),
    **dict.fromkeys((20112, 20503, 20508, 20512), NOT_SHOWN),
    **dict.fromkeys((21301, 21302, *range(21304, 21311), *range(21314, 21320)), TOKEN),
    **dict.fromkeys((21324, 21325, 21326, 21327, 21330, 21332), TOKEN),
}

#: What Weibo says where it gives no code we know, first hit counts.
SAYINGS: tuple[tuple[re.Pattern[str], Wall], ...] = tuple(
    (re.compile(pattern, re.I), wall)
    for pattern, wall in (
        (r"登录|登陆|未授权", LOGIN),
        (r"验证码|安全验证|captcha", CAPTCHA),
        (r"频繁|频次|歇歇|拥堵|人太多|rate limit", TOO_OFTEN),
        (r"(?:微博|评论|内容).{0,6}(?:不存在|删除)", GONE),
        (r"(?:用户|账号|帐号).{0,6}(?:不存在|异常|封禁|冻结|注销)", NO_USER),
        (r"没有权限|无权|仅.{0,8}可见", NOT_SHOWN),
    )
)
#: Honest emptiness: 这里还没有内容, 还没有人评论, 暂无数据, 没有更多了, 快来抢沙发.
EMPTY = re.compile(r"没有|暂无|未找到|找不到|快来|为空")

LOGIN_ADDRESS = re.compile(
    r"^(?:https?:)?//(?:[\w-]+\.)*(?:passport\.weibo\.c(?:om|n)|login\.sina\.com\.cn|passport\.sina\.c(?:om|n))(?:[/:?]|$)"
    r"|/(?:signin/login|sso/signin|login\.php)(?:[/?]|$)",
    re.I,
)

#: Words in a page that is no result, first hit counts; all in small letters, for a page is searched in small letters:
#: a search that ignores case costs ten times as much, on each of thousands of pages.
PAGE_MARKS: tuple[tuple[re.Pattern[str], Wall], ...] = tuple(
    (re.compile(pattern), wall)
    for pattern, wall in (
        (r"sina visitor system|passport\.weibo\.c(?:om|n)/visitor", VISITOR),
        (r"<title>[^<]{0,20}(?:新浪通行证|微博登录|登录\s*-\s*微博|微博通行证)", LOGIN),
        (r"location\.(?:href\s*=|replace\()\s*[\"']https?://(?:passport\.weibo|login\.sina)", LOGIN),
        (  # nothing long behind the mark: a thread may be called 小区的人机验证
            r"<title>[^<]{0,40}(?:安全验证|人机验证|访问验证|just a moment|cc防护)[^<]{0,12}</title>",
            ANTI_BOT,
        ),
        (  # news and complaints are full of 安全检查: here the page speaks of itself
            r"<title>\s*(?:网站|浏览器|系统|正在进行|请(?:先)?(?:完成|进行|通过))?\s*安全检查中?"
            r"(?:[\s,，.。…|_-][^<]{0,12})?</title>",
            ANTI_BOT,
        ),
        (r"__jsl_clearance|/cdn-cgi/challenge|acw_sc__v2", ANTI_BOT),
    )
)

#: s.weibo.com to somebody who is not logged in: no list, no notice that nothing was found, but the door.
RESULTS = re.compile(r"feed_list_item|card-no-result")
DOOR = re.compile(r"登录后|请先?登录|立即登录|pl_login_form|node-type=[\"']loginBtn")
WEB_PAGE = re.compile(
    r"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).){0,500}-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
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
MESSAGE_MARKS = ("messagetext", "jump_c")  # looked for first: most pages have neither
MESSAGE = re.compile(r"""(?:id=["']messagetext|class=["']jump_c)["'][^>]*>(.{0,800})""", re.S)

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


def find(status: int, text: str, expects: str, location: str = "") -> Wall | None:
    """The wall a response is, or None for a result (also an empty one).

    `expects` says what was asked for: "json", "html", "xml" or "results" (a page of s.weibo.com); `location` is
    where a redirect wanted to lead. A 304 is a result.
    """
    if location and LOGIN_ADDRESS.search(location):
        return LOGIN
    if expects == "json":
        return json_wall(status, text)
    if (wall := page_wall(text) or status_wall(status)) is not None:
        return wall
    if expects == "xml" and WEB_PAGE.search(text[:HEAD]):
        return HTML_FOR_XML
    if expects == "results" and not RESULTS.search(text) and DOOR.search(text):
        return LOGIN
    return None


def json_wall(status: int, text: str) -> Wall | None:
    head = text.lstrip()[:HEAD]
    if head.startswith("<"):
        return page_wall(head) or (status_wall(status) if status >= 400 else HTML_FOR_JSON)
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return status_wall(status)  # broken JSON with 200 is bad input, not a wall
    return (object_wall(found) if isinstance(found, dict) else None) or status_wall(status)


def object_wall(found: Mapping[str, Any]) -> Wall | None:
    """What a JSON answer says of itself; {"ok":0,"msg":"这里还没有内容"} is an honest empty result."""
    said = str(found.get("msg") or found.get("message") or found.get("error") or "")
    code = number(found.get("error_code") or found.get("errno")) or 0
    if number(found.get("ok")) == -100:
        return LOGIN
    if code in API_CODES:
        return API_CODES[code]
    if number(found.get("ok")) == 1:
        return None
    spoken = next((wall for pattern, wall in SAYINGS if pattern.search(said)), None)
    if spoken is None and (code or (said and "ok" in found)) and not EMPTY.search(said):
        return Wall("failing", f"微博没有给出数据: {f'{code} ' if code else ''}{said[:80]}", stop=False)
    return spoken


def page_wall(text: str) -> Wall | None:
    head = text[:HEAD].encode("utf-8", "replace").lower().decode()  # of bytes: Chinese has no small letters
    for pattern, wall in PAGE_MARKS:
        if pattern.search(head):
            return wall
    if MESSAGE_MARKS[0] in text or MESSAGE_MARKS[1] in text:
        message = MESSAGE.search(text)
        return discuz_wall(message[1]) if message else None
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
