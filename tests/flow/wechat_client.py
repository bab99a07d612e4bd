"""WeChat's side of the callback, written from its documentation alone: signs, seals and posts what people say.

Each field with its page on developers.weixin.qq.com. Nothing of the desk's own protocol code is used here.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from xml.etree import ElementTree

import httpx
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.ciphers import modes

from console.callbacks import create_callbacks
from flow.desk import Desk
from tests.flow.outside import Clock
from tests.flow.outside import answering
from tests.trusted import TRUSTED

TOKEN = "tests-push-token"
AES_KEY = base64.b64encode(bytes(range(32))).decode().rstrip("=")  # 消息加解密说明: 43 characters
APP_ID = "wx0123456789abcdef"
OURS = "gh_0123456789ab"
OPENID = "oLVPpjqs9BhvzwPj5A-vTYAX3GLc"


def sign(*parts: str) -> str:
    """接入指南: sort token, timestamp, nonce (消息加解密说明: and the sealed text), join, SHA-1."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def seal(plain: str, app_id: str = APP_ID, key: str = AES_KEY) -> str:
    """消息加解密说明: Base64(AES-CBC(random(16) + length(4, network order) + message + AppID)), padded to 32 bytes."""
    secret = base64.b64decode(f"{key}=")
    message = plain.encode()
    data = os.urandom(16) + struct.pack("!I", len(message)) + message + app_id.encode()
    missing = 32 - len(data) % 32
    cipher = Cipher(algorithms.AES(secret), modes.CBC(secret[:16])).encryptor()
    return base64.b64encode(cipher.update(data + bytes([missing]) * missing) + cipher.finalize()).decode()


def unseal(sealed: str, key: str = AES_KEY) -> tuple[str, str]:
    """The message and the AppID behind it."""
    secret = base64.b64decode(f"{key}=")
    cipher = Cipher(algorithms.AES(secret), modes.CBC(secret[:16])).decryptor()
    data = cipher.update(base64.b64decode(sealed)) + cipher.finalize()
    data = data[: -data[-1]]
    (length,) = struct.unpack("!I", data[16:20])
    return data[20 : 20 + length].decode(), data[20 + length :].decode()


@dataclass
class Citizen:
    """WeChat, carrying what one person says."""

    url: str
    clock: Clock
    openid: str = OPENID
    sealed: bool = True
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    nonces: Iterator[int] = field(default_factory=lambda: itertools.count(70000))

    def text(self, content: str, msg_id: int | None = None) -> str:
        """接收普通消息 / 文本消息."""
        return self.say("text", f"<Content><![CDATA[{content}]]></Content>", msg_id)

    def picture(self, media_id: str) -> str:
        """接收普通消息 / 图片消息."""
        told = (
            f"<PicUrl><![CDATA[http://pic.example.org/1]]></PicUrl><MediaId><![CDATA[{media_id}]]></MediaId>"
        )
        return self.say("image", told)

    def voice(self, media_id: str, recognition: str = "") -> str:
        """接收普通消息 / 语音消息."""
        told = f"<MediaId><![CDATA[{media_id}]]></MediaId><Format><![CDATA[amr]]></Format>"
        return self.say("voice", f"{told}<Recognition><![CDATA[{recognition}]]></Recognition>")

    def location(self, label: str) -> str:
        """接收普通消息 / 地理位置消息."""
        at = "<Location_X>36.456780</Location_X><Location_Y>115.985412</Location_Y><Scale>15</Scale>"
        return self.say("location", f"{at}<Label><![CDATA[{label}]]></Label>")

    def subscribe(self) -> str:
        """接收事件推送 / 关注事件: it has no MsgId."""
        return self.told(self.post(self.xml("event", "<Event><![CDATA[subscribe]]></Event>", None)))

    def say(self, kind: str, told: str, msg_id: int | None = None) -> str:
        """What is answered, in words; "" for silence."""
        number = next(self.numbers) if msg_id is None else msg_id
        return self.told(self.post(self.xml(kind, told, 24380000000000000 + number)))

    def xml(self, kind: str, told: str, msg_id: int | None) -> str:
        number = "" if msg_id is None else f"<MsgId>{msg_id}</MsgId>"
        return (
            f"<xml><ToUserName><![CDATA[{OURS}]]></ToUserName>"
            f"<FromUserName><![CDATA[{self.openid}]]></FromUserName>"
            f"<CreateTime>{int(self.clock().timestamp())}</CreateTime>"
            f"<MsgType><![CDATA[{kind}]]></MsgType>{told}{number}</xml>"
        )

    def query(self, stamp: int | None = None, nonce: str = "", token: str = TOKEN) -> dict[str, str]:
        """接入指南: what stands in the address of every request."""
        told = str(int(self.clock().timestamp()) if stamp is None else stamp)
        once = nonce or str(next(self.nonces))
        return {"signature": sign(token, told, once), "timestamp": told, "nonce": once, "openid": self.openid}

    def post(
        self, xml: str, query: dict[str, str] | None = None, app_id: str = APP_ID, key: str = AES_KEY
    ) -> httpx.Response:
        asked = query or self.query()
        if self.sealed:
            hidden = seal(xml, app_id, key)
            asked |= {
                "encrypt_type": "aes",
                "msg_signature": sign(TOKEN, asked["timestamp"], asked["nonce"], hidden),
            }
            xml = f"<xml><ToUserName><![CDATA[{OURS}]]></ToUserName><Encrypt><![CDATA[{hidden}]]></Encrypt></xml>"
        return self.send(xml.encode(), asked)

    def send(self, body: bytes, query: dict[str, str]) -> httpx.Response:
        headers = {"Content-Type": "text/xml"}
        return httpx.post(
            f"{self.url}/wechat/wechat", params=query, content=body, headers=headers, verify=TRUSTED
        )

    def told(self, response: httpx.Response) -> str:
        """被动回复用户消息: the words of an answer, checked as WeChat checks it."""
        assert response.status_code == 200, response.text
        if response.text == "success":
            return ""
        root = ElementTree.fromstring(response.text)
        if self.sealed:
            parts = {one.tag: one.text or "" for one in root}
            right = sign(TOKEN, parts["TimeStamp"], parts["Nonce"], parts["Encrypt"])
            assert parts["MsgSignature"] == right
            plain, app_id = unseal(parts["Encrypt"])
            assert app_id == APP_ID
            root = ElementTree.fromstring(plain)
        assert (root.findtext("ToUserName"), root.findtext("FromUserName")) == (self.openid, OURS)
        assert root.findtext("MsgType") == "text"
        return root.findtext("Content") or ""


@contextmanager
def listening(desk: Desk, clock: Clock) -> Iterator[str]:
    """The callbacks on a free port of this machine."""
    with answering(create_callbacks(desk, clock)) as url:
        yield url
