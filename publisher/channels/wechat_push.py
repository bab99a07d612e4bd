"""What WeChat posts to our own address, and what may be answered there: signature, seal, message, passive answer.

Pure: bytes in, values out. developers.weixin.qq.com: 接入指南 (signature), 接收普通消息 and 接收事件推送 (fields),
被动回复用户消息, 消息加解密说明 (AES-256-CBC, PKCS#7 to 32 bytes, 16 random bytes, length, message, AppID).
"""

from __future__ import annotations

import binascii
import hmac
from base64 import b64decode
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from hashlib import sha1
from types import MappingProxyType
from typing import Final
from xml.etree import ElementTree

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.ciphers import modes

from huanyu.errors import BadInput
from huanyu.errors import NotKnown
from huanyu.types import Spoken
from publisher.channels.wechat_talk import CANARY

PLATFORM: Final = "wechat"
LONGEST: Final = 64 * 1024  # bytes; a real one has a few kilobytes
KEY_LENGTH: Final = 43  # characters of an EncodingAESKey
BLOCK: Final = 32  # of the padding, not of the cipher
HEAD: Final = 20  # 16 random bytes and the length
KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {"text": "text", "image": "picture", "voice": "sound", "location": "place", "event": "event"}
)
SILENT: Final = "success"  # 被动回复: nothing is said, and nothing is sent again


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What one account's messages are believed by."""

    account: str  #: key in accounts.toml
    token: str
    app_id: str
    key: str = ""  #: EncodingAESKey; "" = messages come in plain mode
    window: timedelta = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The query of a request."""

    signature: str = ""
    timestamp: str = ""
    nonce: str = ""
    msg_signature: str = ""
    encrypt_type: str = ""


def demand(door: Door, asked: Asked, now: datetime) -> None:
    """Raise NotKnown unless WeChat signed this, a moment ago."""
    if not door.token or not _same(_signed(door.token, asked.timestamp, asked.nonce), asked.signature):
        raise NotKnown("签名不对", code="signature_wrong")
    if not asked.timestamp.isdecimal() or len(asked.timestamp) > 11:
        raise NotKnown("签名不对", code="signature_wrong")
    said = datetime.fromtimestamp(int(asked.timestamp), UTC)
    if abs(now - said) > door.window:
        raise NotKnown("签名的时间与本机相差太多，请校准时钟", code="signature_stale")


def opened(door: Door, asked: Asked, body: bytes, now: datetime) -> bytes:
    """The message as XML; raises NotKnown for what is not WeChat's or not for us, BadInput for what is no message."""
    demand(door, asked, now)
    root = _tree(body)
    if not door.key:
        return body
    sealed = root.findtext("Encrypt") or ""
    if not sealed:
        if root.findtext("FromUserName") == CANARY:  # our own look at what is answered: it says nothing
            return body
        raise NotKnown("本账号只收安全模式的消息", code="not_sealed")
    if not _same(_signed(door.token, asked.timestamp, asked.nonce, sealed), asked.msg_signature):
        raise NotKnown("签名不对", code="signature_wrong")
    inner, app_id = _unsealed(door.key, sealed)
    if app_id != door.app_id:
        raise NotKnown("消息不是发给本账号的", code="app_wrong")
    _tree(inner)
    return inner


def read(door: Door, asked: Asked, xml: bytes, now: datetime) -> Spoken:
    """The message in plain XML as a value; raises BadInput."""
    root = _tree(xml)
    sender, kind = _text(root, "FromUserName"), _text(root, "MsgType")
    if not sender or not kind:
        raise BadInput("微信推送的消息没有发送人或类型")
    return Spoken(
        platform=PLATFORM,
        account=door.account,
        sender=sender,
        mark=_mark(root, sender),
        once=f"{asked.timestamp}/{asked.nonce}",
        kind=KINDS.get(kind, "other"),
        text=_words(root, kind),
        media_id=_text(root, "MediaId"),
        at=now,
    )


def answer(door: Door, xml: bytes, text: str, nonce: str, filler: bytes, now: datetime) -> str:
    """The passive answer to a message; sealed where the account's messages are. `filler`: 16 random bytes."""
    root, stamp = _tree(xml), str(int(now.timestamp()))
    if not text:
        return SILENT
    plain = (
        f"<xml><ToUserName>{_cdata(_text(root, 'FromUserName'))}</ToUserName>"
        f"<FromUserName>{_cdata(_text(root, 'ToUserName'))}</FromUserName>"
        f"<CreateTime>{stamp}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content>{_cdata(text)}</Content></xml>"
    )
    if not door.key:
        return plain
    sealed = _sealed(door, plain.encode(), filler)
    signature = _signed(door.token, stamp, nonce, sealed)
    return (
        f"<xml><Encrypt>{_cdata(sealed)}</Encrypt><MsgSignature>{_cdata(signature)}</MsgSignature>"
        f"<TimeStamp>{stamp}</TimeStamp><Nonce>{_cdata(nonce)}</Nonce></xml>"
    )


def _words(root: ElementTree.Element, kind: str) -> str:
    """What was said, as words."""
    if kind == "location":
        at = f"北纬{_text(root, 'Location_X')}，东经{_text(root, 'Location_Y')}"
        label = _text(root, "Label")
        return f"{label}（{at}）" if label else at
    return _text(root, {"text": "Content", "voice": "Recognition", "event": "Event"}.get(kind, "-"))


def _mark(root: ElementTree.Element, sender: str) -> str:
    """MsgId; of an event, which has none, sender and time, as WeChat tells us to do."""
    number = _text(root, "MsgId")
    return number or f"{sender}/{_text(root, 'CreateTime')}/{_text(root, 'Event')}"


def _tree(body: bytes) -> ElementTree.Element:
    if len(body) > LONGEST or b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise BadInput("微信推送的内容过长，或带有不允许的声明")
    try:
        body.decode("utf-8")  # the two words above are found in no other encoding
        return ElementTree.fromstring(body)  # noqa: S314 - no declaration gets this far
    except (UnicodeDecodeError, ElementTree.ParseError, ValueError, LookupError) as problem:
        raise BadInput("微信推送的内容不是完整的 XML") from problem


def _unsealed(key: str, sealed: str) -> tuple[bytes, str]:
    """The message and whom it is for."""
    secret = _secret(key)
    try:
        data = b64decode(sealed, validate=True)
        cipher = Cipher(algorithms.AES(secret), modes.CBC(secret[:16])).decryptor()
        padded = cipher.update(data) + cipher.finalize()
    except (binascii.Error, ValueError) as problem:
        raise BadInput("微信推送的消息解不开") from problem
    last = padded[-1] if padded else 0
    if not 1 <= last <= BLOCK or len(padded) < HEAD + last:
        raise BadInput("微信推送的消息解不开，请核对 EncodingAESKey")
    plain = padded[:-last]
    length = int.from_bytes(plain[16:HEAD], "big")
    if HEAD + length > len(plain):
        raise BadInput("微信推送的消息不完整")
    return plain[HEAD : HEAD + length], plain[HEAD + length :].decode("utf-8", "replace")


def _sealed(door: Door, plain: bytes, filler: bytes) -> str:
    secret = _secret(door.key)
    data = filler + len(plain).to_bytes(4, "big") + plain + door.app_id.encode()
    missing = BLOCK - len(data) % BLOCK
    cipher = Cipher(algorithms.AES(secret), modes.CBC(secret[:16])).encryptor()
    return b64encode(cipher.update(data + bytes([missing]) * missing) + cipher.finalize()).decode()


def _secret(key: str) -> bytes:
    try:
        secret = b64decode(f"{key}=", validate=True) if len(key) == KEY_LENGTH else b""
    except binascii.Error:
        secret = b""
    if len(secret) != BLOCK:
        raise BadInput("EncodingAESKey 应为 43 位字母和数字，请照公众平台“服务器配置”填写")
    return secret


def _signed(*parts: str) -> str:
    return sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324 - as documented


def _same(right: str, told: str) -> bool:
    return hmac.compare_digest(right.encode(), told.encode())


def _cdata(text: str) -> str:
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def _text(root: ElementTree.Element, name: str) -> str:
    return (root.findtext(name) or "").strip()
