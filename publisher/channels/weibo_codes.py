"""What Weibo's error codes mean for a message.

From open.weibo.com/wiki/Error_code and shared lists of the same; 2/statuses/share, 2/comments/create, 2/comments/reply.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from typing import Final

from huanyu.errors import ChannelError
from huanyu.errors import Refused
from huanyu.errors import Unavailable
from huanyu.errors import Unknown

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
#: Of these, the ones that mean a used-up quota.
QUOTA: Final = frozenset({10022, 10023, 10024, 20016})
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
    20003: "用户不存在",
    20005: "图片格式不支持",
    20006: "图片太大",
    20008: "内容为空",
    20012: "超过140字",
    20018: "含有未登记的网址",
    20020: "被判为广告",
    20021: "含有违禁内容",
    20101: "原微博已不存在",
    20102: "不是本账号的微博",
    20201: "原评论已不存在",
    20203: "不是本账号的评论",
    20206: "对方只允许关注的人评论",
    20207: "对方只允许可信用户评论",
}
#: The account itself: its other messages would fare no better until a person acts.
ACCOUNT: Final[Mapping[int, str]] = {
    10005: "应用没有权限",
    10006: "缺少应用标识",
    10014: "应用没有发布权限",
    20015: "账号、应用或服务器地址异常，请人工登录处理",
    20022: "服务器地址行为异常，请人工登录处理",
    20031: "平台要求验证码，请人工登录处理",
    21301: "授权认证失败，请管理员重新授权",
    21314: "授权已失效，请管理员重新授权",
    21315: "授权已过期，请管理员重新授权",
    21316: "授权已被收回，请管理员重新授权",
    21317: "授权被拒绝，请管理员重新授权",
    21327: "授权已过期，请管理员重新授权",
    21332: "授权无效，请管理员重新授权",
}
#: What was asked for is not there any more.
GONE: Final = frozenset({20101, 20201})


def code_of(body: Mapping[str, Any]) -> int | None:
    """The error_code of an answer, an int or a string, both occur; None where there is none."""
    code = str(body.get("error_code", ""))
    return int(code) if code.isdecimal() else None


def error(code: int, body: Mapping[str, Any]) -> ChannelError:
    """The error that a code stands for."""
    if code in LATER:
        return Unavailable(told(code, body), code=code)
    if code in UNCLEAR:
        return Unknown(f"{told(code, body)}，可能已发布", code=code)
    return Refused(told(code, body), whole_account=code in ACCOUNT, code=code)


def told(code: int, body: Mapping[str, Any]) -> str:
    """A code in words."""
    known = LATER.get(code) or ACCOUNT.get(code) or REFUSALS.get(code) or UNCLEAR.get(code)
    return known or f"微博错误 {code}：{str(body.get('error', ''))[:80]}"
