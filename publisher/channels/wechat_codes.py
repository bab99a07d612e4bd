"""What the WeChat platform's numbers mean for a message.

From developers.weixin.qq.com: 全局返回码, draft/add, freepublish/submit and get, mass/sendall, comment/list. Codes that no
page of ours confirms are marked "memory".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huanyu.errors import ChannelError
from huanyu.errors import Refused
from huanyu.errors import Unavailable
from huanyu.errors import Unknown

OK: Final = 0
BUSY: Final = -1  #: "system busy": before the public nothing, at a publishing call it may have been taken
#: The token died: another one, once.
EXPIRED: Final = frozenset({40001, 40014, 42001})
#: Nothing was accepted, later again; the value is what to wait at least.
LATER: Final[Mapping[int, tuple[str, float | None]]] = {
    45009: ("公众号今日接口次数已用完", 3600),
    45011: ("接口调用太频繁", 60),
    45028: ("群发次数已用完", 3600),
    45047: ("客服接口下行条数超过上限", 3600),  # memory
    45066: ("同一篇文章重试过快", 60),
}
#: The sending with this clientmsgid is there already.
REPEATED: Final = 45065
#: What was asked for is not there any more.
GONE: Final = frozenset({53600, 40059})
#: The account itself: its other messages would fare no better.
ACCOUNT: Final[Mapping[int, str]] = {
    40001: "令牌无效，请管理员核对 AppSecret",
    40013: "AppID 不对，请管理员核对",
    40014: "令牌无效，请管理员核对 AppSecret",
    40125: "AppSecret 不对，请管理员更换",
    40164: "服务器地址不在公众号的 IP 白名单里，请管理员添加",
    40243: "AppSecret 已被冻结，请管理员到公众平台解冻",  # memory
    41002: "没有 AppID",
    41004: "没有 AppSecret",
    42001: "令牌已过期，请管理员核对 AppSecret",
    48001: "公众号没有这个接口的权限",
    48004: "接口被封禁，请管理员登录公众平台查看",
    50002: "公众号被限制，请管理员登录公众平台查看",
    61004: "服务器地址未登记",  # memory
}
#: Refused for good; what is not listed is refused too.
REFUSALS: Final[Mapping[int, str]] = {
    40005: "图片格式不支持",
    40007: "素材不存在",
    40009: "图片太大",
    44003: "文章为空",
    45001: "图片太大",
    45002: "正文超过2万字符",
    45003: "标题过长",
    45004: "摘要过长",
    45110: "作者名过长",
    53503: "草稿未通过发布检查",
    53504: "草稿须在公众平台官网使用",
    53505: "须先在公众平台手动保存",
    88000: "公众号没有留言权限",
    88001: "文章不存在",
    88003: "原留言已不存在",
    88005: "该留言已有回复",
    88007: "留言回复过长",
}
#: freepublish/get and PUBLISHJOBFINISH; 0 is out, 1 is on its way, the rest will never be (again).
PUBLISHED: Final = 0
PUBLISHING: Final = 1
JOB_ENDS: Final[Mapping[int, str]] = {
    2: "原创声明未通过",
    3: "发布失败",
    4: "平台审核不通过",
    5: "发布成功后被人删除",
    6: "发布成功后被平台封禁",
}
#: message/mass/get.
MASS_SENT: Final = "SEND_SUCCESS"
MASS_ENDS: Final[Mapping[str, str]] = {"SEND_FAIL": "群发失败", "DELETE": "群发后被删除"}


def error(code: int, told: str, *, publishes: bool) -> ChannelError:
    """The error that a code stands for."""
    if code in LATER:
        why, wait = LATER[code]
        return Unavailable(f"微信：{why}", retry_after=wait, code=code)
    if code == BUSY and publishes:
        return Unknown("微信系统繁忙，可能已受理", code=code)
    if code == BUSY:
        return Unavailable("微信系统繁忙", code=code)
    if code in ACCOUNT:
        return Refused(f"微信：{ACCOUNT[code]}", whole_account=True, code=code)
    return Refused(f"微信：{REFUSALS.get(code) or told[:80] or '拒绝'}", code=code)


def ended(status: int) -> Refused:
    """The error of a job that will never be out."""
    return Refused(f"微信：{JOB_ENDS.get(status, f'发布状态 {status}')}", status=status)
