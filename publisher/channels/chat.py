"""Robots of work chats, 企业微信, 钉钉 and 飞书: one line of text to one group through its webhook.

All three answer HTTP 200 also when they refuse; what became of a message stands in the body alone. A general
notification library was tried for this and left out: it calls every 200 a success and every cut a failure.
Codes and limits from developer.work.weixin.qq.com/document/path/91770, open.dingtalk.com (自定义机器人接入),
open.feishu.cn (自定义机器人使用指南), from memory: verify before ticking `verified`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from typing import Final

import httpx

from huanyu.bureau import AccountRow
from huanyu.errors import ChannelError
from huanyu.errors import Refused
from huanyu.errors import Unavailable
from huanyu.errors import Unknown
from huanyu.types import Message
from huanyu.types import Receipt
from publisher.channels import wire
from publisher.channels.contract import Abilities
from publisher.channels.contract import Limits

TIMEOUT: Final = httpx.Timeout(20, connect=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What tells one platform from the others."""

    name: str
    base_url: str
    path: str  #: behind it the robot's token
    limits: Limits
    kind: str  #: key of the message type
    body: tuple[str, str]  #: where the text stands: text.content
    code: str  #: key of the outcome; 0 = delivered
    later: Mapping[int, str]  #: nothing was accepted, later again
    unclear: frozenset[int]  #: broke off: it may be out
    refusals: Mapping[int, str]  #: what a person can do about it; any other code is refused too


DIALECTS: Final[Mapping[str, Dialect]] = MappingProxyType(
    {
        "wecom": Dialect(
            name="企业微信",
            base_url="https://qyapi.weixin.qq.com",
            path="/cgi-bin/webhook/send?key=",
            limits=Limits(length=2048, per_minute=20, source="path/91770: 2048 bytes, 20 a minute"),
            kind="msgtype",
            body=("text", "content"),
            code="errcode",
            later=MappingProxyType({45009: "发送太频繁", 45033: "同时发送太多"}),
            unclear=frozenset({-1}),
            refusals=MappingProxyType({93000: "机器人密钥无效，请管理员更换", 40058: "内容不合要求"}),
        ),
        "dingtalk": Dialect(
            name="钉钉",
            base_url="https://oapi.dingtalk.com",
            path="/robot/send?access_token=",
            limits=Limits(length=20000, per_minute=20, source="自定义机器人接入: 20000 bytes, 20 a minute"),
            kind="msgtype",
            body=("text", "content"),
            code="errcode",
            later=MappingProxyType({130101: "发送太频繁", 410100: "发送太频繁"}),
            unclear=frozenset({-1}),
            refusals=MappingProxyType(
                {
                    300001: "机器人密钥无效，请管理员更换",
                    310000: "不合机器人的安全设置：请在群机器人中加关键词“第”或本机地址",
                }
            ),
        ),
        "feishu": Dialect(
            name="飞书",
            base_url="https://open.feishu.cn",
            path="/open-apis/bot/v2/hook/",
            limits=Limits(length=20000, per_minute=100, source="自定义机器人使用指南: 20 KB, 100 a minute"),
            kind="msg_type",
            body=("content", "text"),
            code="code",
            later=MappingProxyType({9499: "发送太频繁", 11232: "发送太频繁"}),
            unclear=frozenset({11230, 11231}),
            refusals=MappingProxyType(
                {
                    19001: "机器人密钥无效，请管理员更换",
                    19021: "机器人要求签名，请改用关键词或地址白名单",
                    19022: "本机地址不在机器人的白名单中",
                    19024: "不合机器人的关键词：请在群机器人中加关键词“第”",
                }
            ),
        ),
    }
)


class ChatChannel:
    """One robot writing to its group."""

    abilities: Final = Abilities()

    def __init__(self, account: AccountRow, token: str, timeout: httpx.Timeout = TIMEOUT) -> None:
        self._dialect = DIALECTS[account.channel]
        base = account.base_url.rstrip("/") or self._dialect.base_url
        self._address = f"{base}{self._dialect.path}{token}"
        self._timeout = timeout

    @property
    def limits(self) -> Limits:
        """What the platform takes, in bytes."""
        return self._dialect.limits

    def send(self, message: Message) -> Receipt:
        """Say the text in the group."""
        spoken = self._dialect
        if len(message.text.encode()) > spoken.limits.length:
            raise Refused(f"超过{spoken.name}的{spoken.limits.length}字节")
        part, text = spoken.body
        body = {spoken.kind: "text", part: {text: message.text}}
        found = _outcome(spoken, self._post(body))
        if found is not None:
            raise found
        return Receipt(platform_id=message.key)  # the platforms give none of their own

    def read_back(self, message: Message) -> Receipt | None:  # noqa: ARG002
        """Always None: a robot cannot read its group."""
        return None

    def _post(self, body: Mapping[str, Any]) -> httpx.Response:
        """The address holds the token: neither it nor httpx's own words go into an error."""
        name = self._dialect.name
        try:
            with httpx.Client(timeout=self._timeout, verify=wire.trusted(), trust_env=False) as client:
                return client.post(self._address, json=body)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol, httpx.InvalidURL):
            raise Unavailable(f"连不上{name}接口，尚未发出") from None
        except httpx.HTTPError as problem:
            raise Unknown(f"{name}没有应答完整（{type(problem).__name__}），可能已发出") from None


def _outcome(spoken: Dialect, response: httpx.Response) -> ChannelError | None:
    """What the answer says became of the message; None = delivered."""
    try:
        told = response.json()
        code = int(told[spoken.code])
    except (ValueError, KeyError, TypeError, OverflowError):
        return Unknown(f"{spoken.name}应答异常（HTTP {response.status_code}），可能已发出")
    if code == 0:
        return None
    if code in spoken.later:
        return Unavailable(f"{spoken.name}：{spoken.later[code]}")
    if code in spoken.unclear:
        return Unknown(f"{spoken.name}系统繁忙（{code}），可能已发出")
    return Refused(f"{spoken.name}拒绝（{code}）：{spoken.refusals.get(code, '请管理员查看机器人设置')}")
