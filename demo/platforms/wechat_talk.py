"""What the local WeChat account says by itself: the platform's own rules, and a service that answers messages.

Fields as on developers.weixin.qq.com: 获取公众号的自动回复规则, 接收普通消息, 被动回复用户消息.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from collections.abc import Mapping
from hashlib import sha1
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.sax.saxutils import escape

PUSH_TOKEN = "demo-push-token"  # noqa: S105 - opens nothing but this server
CITIZEN = "oDemo-citizen-0001"  #: openid of whoever writes on the page
WELCOME = "感谢关注。环境问题请拨打12369。"


class Talk:
    """Everything closed, and a service that keeps silent, until somebody changes it."""

    def __init__(self) -> None:
        self.default = ""  #: what every message is answered with
        self.welcome = ""  #: what a new follower is told
        self.keywords: dict[str, Mapping[str, Any]] = {}  #: word -> answer
        self.service: Callable[[str], str] = lambda _: (
            ""
        )  #: the service behind the account: message -> answer
        self.asked: list[str] = []  #: messages that the service was given
        self.callback = ""  #: the bureau's 服务器 URL; "" while it has none
        self.carried: list[tuple[str, str]] = []  #: messages carried there, and what was answered

    def carry(self, said: str, kind: str = "text", told: str = "") -> None:
        """Post a citizen's message to the bureau as the platform does in plain mode (接收普通消息).

        `told` are the fields of what is not text; `said` is how the page calls it.
        """
        if not self.callback:
            return
        told = told or f"<Content>{escape(said)}</Content>"
        stamp, number = str(int(time.time())), 24380000000000000 + time.time_ns() % 10**12
        signed = sha1("".join(sorted((PUSH_TOKEN, stamp, str(number)))).encode()).hexdigest()  # noqa: S324
        body = (
            f"<xml><ToUserName>gh_demo</ToUserName><FromUserName>{CITIZEN}</FromUserName>"
            f"<CreateTime>{stamp}</CreateTime><MsgType>{kind}</MsgType>"
            f"{told}<MsgId>{number}</MsgId></xml>"
        )
        asked = {"signature": signed, "timestamp": stamp, "nonce": str(number)}
        told = _posted(self.callback, asked, body)
        answer = ElementTree.fromstring(told).findtext("Content") if told.startswith("<xml>") else ""  # noqa: S314
        self.carried.append((said, answer or ""))

    def bring(self, form: Mapping[str, str], media: str, voice: bool, name: str) -> None:
        """What was sent on the page: words, a photo or recording kept as `media`, a place; each is a message of its own."""
        if text := form.get("text", "").strip():
            self.carry(text)
        if media:
            kept = f"<MediaId>{media}</MediaId>"
            told = (
                f"{kept}<Format>amr</Format>" if voice else f"<PicUrl>http://pic.example.org/1</PicUrl>{kept}"
            )
            self.carry(f"〔{'语音' if voice else '图片'}〕{name}", "voice" if voice else "image", told)
        if position := form.get("position", "").strip():
            latitude, _, longitude = position.partition(",")
            at = f"<Location_X>{float(latitude)}</Location_X><Location_Y>{float(longitude)}</Location_Y>"
            self.carry(f"〔位置〕{position}", "location", f"{at}<Scale>15</Scale><Label></Label>")

    def rules(self) -> Mapping[str, Any]:
        """get_current_autoreply_info."""
        told: dict[str, Any] = {
            "is_add_friend_reply_open": int(bool(self.welcome)),
            "is_autoreply_open": int(bool(self.default)),
        }
        if self.welcome:
            told["add_friend_autoreply_info"] = {"type": "text", "content": self.welcome}
        if self.default:
            told["message_default_autoreply_info"] = {"type": "text", "content": self.default}
        rules = [_rule(word, answer) for word, answer in self.keywords.items()]
        return told | ({"keyword_autoreply_info": {"list": rules}} if rules else {})

    def answer(self, asked: Mapping[str, str], body: bytes) -> str:
        """The passive answer to a signed message; raises PermissionError for one that WeChat did not sign."""
        signed = sha1("".join(sorted((PUSH_TOKEN, asked["timestamp"], asked["nonce"]))).encode())  # noqa: S324
        if signed.hexdigest() != asked.get("signature"):
            raise PermissionError
        message = ElementTree.fromstring(body)  # noqa: S314 - from this machine only
        self.asked.append(message.findtext("Content") or "")
        said = self.service(self.asked[-1])
        return _passive(message, said) if said else "success"


def _posted(address: str, asked: Mapping[str, str], body: str) -> str:
    parts = urlsplit(address)
    line = HTTPConnection(parts.hostname or "", parts.port, timeout=5)
    try:
        line.request("POST", f"{parts.path}?{urlencode(asked)}", body.encode(), {"Content-Type": "text/xml"})
        return line.getresponse().read().decode()
    finally:
        line.close()


def _rule(word: str, answer: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "rule_name": word,
        "create_time": 1_767_225_600,
        "reply_mode": "reply_all",
        "keyword_list_info": [{"type": "text", "match_mode": "contain", "content": word}],
        "reply_list_info": [answer],
    }


def _passive(message: ElementTree.Element, said: str) -> str:
    return (
        f"<xml><ToUserName><![CDATA[{message.findtext('FromUserName')}]]></ToUserName>"
        f"<FromUserName><![CDATA[{message.findtext('ToUserName')}]]></FromUserName>"
        f"<CreateTime>{message.findtext('CreateTime')}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content><![CDATA[{said}]]></Content></xml>"
    )
