"""What a WeChat account says by itself: everything that no person approved is a finding.

The platform's own rules come from get_current_autoreply_info; what a service behind the account answers stands in no
list (the page says so), so it is asked: one message a citizen might send, signed as WeChat signs it, is its canary.
developers.weixin.qq.com: 获取公众号的自动回复规则; 接收普通消息; 被动回复用户消息.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha1
from typing import Any
from typing import Final
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import httpx

from huanyu.bureau import AccountRow
from huanyu.errors import ChannelError
from publisher.channels import wire

WORDS: Final = "你好，在吗"  # says nothing and asks nothing: whatever answers this answers anything
CANARY: Final = "huanyu-canary"  # the openid under which the service meets it
SILENT: Final = frozenset({"", "success"})  # 被动回复: no answer
ANSWERS: Final = 64 * 1024  # bytes; a passive answer has less than two kilobytes
_SHOWN: Final = 40  # characters of an answer in a finding


def of_rules(rules: Mapping[str, Any], approved: Collection[str]) -> list[str]:
    """What the platform's rules would answer and nobody approved, in Chinese."""
    known = {_bare(text) for text in approved}
    return [_told(where, answer) for where, answer in _answers(rules) if not _is_known(answer, known)]


def of_service(account: AccountRow, token: str, now: datetime, timeout: httpx.Timeout) -> list[str]:
    """What the service behind the account answers the canary and nobody approved; raises ChannelError."""
    stamp = str(int(now.timestamp()))
    signed = {
        "signature": signature(token, stamp, stamp),
        "timestamp": stamp,
        "nonce": stamp,
        "openid": CANARY,
    }
    response = wire.exchange(
        "消息服务",
        "POST",
        account.push_url,
        publishes=False,
        timeout=timeout,
        hidden=signed,
        content=_canary(account.user_id, stamp),
        headers={"Content-Type": "text/xml"},
    )
    if not response.is_success:
        raise wire.no_answer("消息服务", f"HTTP {response.status_code}", publishes=False)
    said = _said(response.content[:ANSWERS])
    known = {_bare(text) for text in account.auto_replies}
    return [_told("消息服务", said)] if said is not None and not _is_known(said, known) else []


def signature(token: str, timestamp: str, nonce: str) -> str:
    """What proves to the service that WeChat is asking."""
    return sha1("".join(sorted((token, timestamp, nonce))).encode()).hexdigest()  # noqa: S324 - as documented


def trouble(account: AccountRow, problem: ChannelError) -> str:
    """A service that could not be asked, told beside the state."""
    return f"账号“{account.name}”的自动回复没有核对成：{problem.args[0]}"


def _answers(rules: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every answer that is switched on, and where; keyword rules have no switch of their own in the list."""
    if rules.get("is_add_friend_reply_open"):
        yield "被关注自动回复", rules.get("add_friend_autoreply_info") or {}
    if rules.get("is_autoreply_open"):
        yield "收到消息自动回复", rules.get("message_default_autoreply_info") or {}
    for rule in (rules.get("keyword_autoreply_info") or {}).get("list") or ():
        for answer in rule.get("reply_list_info") or ():
            yield f"关键词规则“{rule.get('rule_name', '')}”", answer


def _is_known(answer: Mapping[str, Any], known: Collection[str]) -> bool:
    """Only words can be compared: a picture or a recording is never an approved text."""
    return answer.get("type") == "text" and _bare(str(answer.get("content") or "")) in known


def _told(where: str, answer: Mapping[str, Any]) -> str:
    if answer.get("type") != "text":
        return f"{where}会回复一条没有核定的{answer.get('type') or '内容'}"
    return f"{where}会回复没有核定的文字“{str(answer.get('content') or '')[:_SHOWN]}”"


def _canary(to: str, stamp: str) -> bytes:
    return (
        f"<xml><ToUserName><![CDATA[{escape(to or 'gh')}]]></ToUserName>"
        f"<FromUserName><![CDATA[{CANARY}]]></FromUserName><CreateTime>{stamp}</CreateTime>"
        f"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{WORDS}]]></Content><MsgId>{stamp}</MsgId></xml>"
    ).encode()


def _said(body: bytes) -> Mapping[str, Any] | None:
    """What came back; None for silence. What is no message is told as it is: somebody wrote it."""
    plain = body.decode("utf-8", "replace").strip()
    if plain in SILENT:
        return None
    if "<!DOCTYPE" in plain or "<!ENTITY" in plain:
        return {"type": "text", "content": plain}
    try:
        root = ElementTree.fromstring(plain)  # noqa: S314 - no declaration gets this far
    except ElementTree.ParseError:
        return {"type": "text", "content": plain}
    return {"type": root.findtext("MsgType") or "", "content": (root.findtext("Content") or "").strip()}


def _bare(text: str) -> str:
    return "".join(text.split())
