"""From the bytes of a mail to who wrote what: charsets that lie, HTML, attachments; and mails nobody wrote by hand.

Pure; knows mail (RFC 5322, 2045, 3834), neither mailboxes nor what becomes of a letter.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from email.policy import compat32
from email.utils import parseaddr
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import Final

from lxml import etree

from crawler import charset
from crawler.markup import plain
from crawler.markup import tidy
from huanyu.errors import BadInput

CUT: Final = b"X-Huanyu-Cut: 1\r\n"  #: before the head of a mail of which only the beginning was kept
MOST_PARTS: Final = 200
LONGEST: Final = 10_000  # characters of a letter
WORD_XML: Final = "word/document.xml"
WORD_MOST: Final = 8 * 1024 * 1024  # bytes of a Word file's text unpacked
_WORD: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_IDS: Final = re.compile(r"<[^<>\s]{3,250}>")
_ROBOTS: Final = re.compile(
    r"^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?|newsletter|notifications?)(?:[+\-_@].*)?$",
    re.I,
)
_AWAY: Final = re.compile(
    r"^\s*(?:自动回复|自动答复|自动应答|外出自动|休假自动|Automatic reply|Auto(?:matic)?[- ]?Reply|Out of (?:the )?Office"
    r"|Undeliverable|Undelivered Mail|Delivery Status Notification|Mail delivery failed|退信|系统退信|投递失败)",
    re.I,
)
_QUOTED: Final = re.compile(
    r"^\s*(?:-{2,}\s*(?:原始邮件|转发邮件|Original Message|回复的?邮件)|(?:在|On)\s.{0,120}(?:写道|wrote)\s*[:：]?\s*$|"
    r"发件人\s*[:：]|From\s*:\s|>)",
    re.M | re.I,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail as it was read."""

    message_id: str
    sender: str  #: address, small letters; "" where there is none
    name: str  #: as the sender calls himself
    subject: str
    text: str
    at: datetime | None  #: as its Date says
    refers: tuple[str, ...]  #: Message-IDs it answers
    files: tuple[tuple[str, bytes], ...]  #: name and bytes of what is attached
    aside: str = ""  #: Chinese: why nobody is to answer or handle it; "" for a letter
    cut: bool = False  #: only its beginning was kept


def read(body: bytes, ours: frozenset[str] = frozenset()) -> Letter:
    """The letter in these bytes; `ours` are our own addresses. Raises BadInput where there is nothing to read."""
    try:
        mail = message_from_bytes(body, policy=compat32)
        name, address = parseaddr(_header(mail, "From"))
        text, files = _contents(mail)
        letter = Letter(
            message_id=_id(mail),
            sender=address.strip().lower(),
            name=name.strip(),
            subject=tidy(_header(mail, "Subject"))[:300],
            text=text[:LONGEST],
            at=_moment(mail),
            refers=tuple(_IDS.findall(f"{_raw(mail, 'In-Reply-To')} {_raw(mail, 'References')}")),
            files=tuple(files),
            aside=aside(mail, address.strip().lower(), ours),
            cut=body.startswith(CUT),
        )
    except (LookupError, TypeError, ValueError, AttributeError) as problem:
        raise BadInput(f"邮件的格式读不懂：{type(problem).__name__}") from problem
    if not letter.sender and not letter.message_id:
        raise BadInput("不是一封邮件：没有发件人")
    if not letter.aside and not (letter.text or letter.subject or letter.files):
        raise BadInput("邮件是空的")
    return letter


def aside(mail: Message, sender: str, ours: frozenset[str]) -> str:
    """Why a mail is no letter of somebody: RFC 3834 and what mailing programs do instead; "" for a letter."""
    kind, precedence = mail.get_content_type(), _header(mail, "Precedence").strip().lower()
    automatic = _header(mail, "Auto-Submitted").strip().lower()
    told = (
        ("本台自己发的邮件", sender in ours),
        ("退信", kind in {"multipart/report", "message/delivery-status"}),
        ("退信", _raw(mail, "Return-Path").strip() == "<>" or sender.startswith("mailer-daemon@")),
        ("自动回复", bool(automatic) and not automatic.startswith("no")),
        ("自动回复", any(mail.get(key) for key in ("X-Autoreply", "X-Autorespond", "X-Auto-Reply"))),
        ("自动回复或退信", bool(_AWAY.match(_header(mail, "Subject")))),
        ("群发邮件", precedence in {"bulk", "list", "junk"}),
        ("群发邮件", any(mail.get(key) for key in ("List-Id", "List-Unsubscribe", "List-Post"))),
        ("系统邮件", bool(_ROBOTS.match(sender.partition("@")[0] + "@"))),
        ("没有发件人的邮件", not sender),
    )
    return next((why for why, holds in told if holds), "")


def own_words(text: str) -> str:
    """A reply without what it quotes; the whole where nothing else is in it."""
    hit = _QUOTED.search(text)
    said = text[: hit.start()].strip() if hit else text
    return said or text


def word_text(body: bytes) -> str:
    """The paragraphs of a Word file (docx); raises BadInput for any other bytes."""
    try:
        with zipfile.ZipFile(BytesIO(body)) as packed, packed.open(WORD_XML) as file:
            told = file.read(WORD_MOST + 1)
        if len(told) > WORD_MOST:
            raise BadInput("Word 文件太大")
        root = etree.fromstring(
            told, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        )
    except (zipfile.BadZipFile, KeyError, RuntimeError, OSError, NotImplementedError, EOFError) as problem:
        raise BadInput("不是能读的 Word 文件") from problem
    except etree.XMLSyntaxError as problem:
        raise BadInput("Word 文件已损坏") from problem
    lines = ("".join(run.text or "" for run in one.iter(f"{_WORD}t")) for one in root.iter(f"{_WORD}p"))
    return tidy("\n".join(lines))[:LONGEST]


def _contents(mail: Message) -> tuple[str, list[tuple[str, bytes]]]:
    """The text, of HTML where there is no other, and what is attached."""
    plains: list[str] = []
    pages: list[str] = []
    files: list[tuple[str, bytes]] = []
    for part in _leaves(mail):
        name, kind = _file_name(part), part.get_content_type()
        payload = part.get_payload(decode=True)
        body = payload if isinstance(payload, bytes) else b""
        if (
            not name
            and kind in {"text/plain", "text/html"}
            and part.get_content_disposition() != "attachment"
        ):
            text = charset.decode(body, configured=part.get_content_charset() or "").text
            (plains if kind == "text/plain" else pages).append(text)
        elif body and not kind.startswith("text/calendar"):
            files.append((name or "附件", body))
    told = tidy("\n".join(plains)) or tidy("\n".join(plain(one) for one in pages))
    return told, files


def _leaves(mail: Message) -> Iterator[Message]:
    for number, part in enumerate(mail.walk()):
        if number > MOST_PARTS:
            raise BadInput(f"邮件的部分超过 {MOST_PARTS} 个")
        if not part.is_multipart():
            yield part


def _file_name(part: Message) -> str:
    name = part.get_filename() or ""
    return tidy(_decoded(name)).replace("\n", " ")[:120]


def _raw(mail: Message, name: str) -> str:
    return re.sub(r"[\r\n]+", " ", str(mail.get(name) or ""))


def _header(mail: Message, name: str) -> str:
    found = mail.get(name)
    return "" if found is None else _decoded(re.sub(r"[\r\n]+[ \t]*", " ", str(_kept(found))))


def _kept(found: object) -> str:
    """A header as its bytes were: compat32 wraps bytes that are no ASCII."""
    chunks = getattr(found, "_chunks", None)
    return "".join(str(text) for text, _ in chunks) if chunks else str(found)


def _decoded(told: str) -> str:
    """Encoded words and bare bytes of any charset as text."""
    try:
        pieces = decode_header(told)
    except (ValueError, LookupError):
        return told
    return "".join(
        _bytes(piece, name) if isinstance(piece, bytes) else _bytes(_octets(piece), name)
        for piece, name in pieces
    )


def _octets(piece: str) -> bytes:
    return piece.encode("utf-8", "surrogateescape")


def _bytes(piece: bytes, name: str | None) -> str:
    known = "" if name in {None, "unknown-8bit"} else str(name)
    return charset.decode(piece, configured=known).text


def _id(mail: Message) -> str:
    found = _IDS.search(_raw(mail, "Message-ID"))
    return found[0] if found else _raw(mail, "Message-ID").strip()[:250]


def _moment(mail: Message) -> datetime | None:
    try:
        found = parsedate_to_datetime(_raw(mail, "Date"))
    except (ValueError, TypeError, IndexError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
