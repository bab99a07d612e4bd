"""What goes out: Draft -> Message -> Receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A text proposed for one channel."""

    channel: str  #: site | weibo | telegram | wechat | mail
    account: str  #: key in accounts.toml
    purpose: str  #: reply | notice | bulletin
    text: str
    title: str = ""
    case_id: int | None = None
    reply_to: str = ""  #: the platform's id of the post answered
    recipient: str = ""  #: mail address, chat id
    link: str = ""  #: the page on our own domain
    after: str = ""  #: channel of the same case that must be sent first (site before weibo)


class MessageState(StrEnum):
    """States of the outbox; the arrows are in publisher.outbox."""

    DRAFT = "draft"  #: waits for review
    RETURNED = "returned"  #: sent back by the reviewer
    APPROVED = "approved"  #: goes out at `due_at`
    SENDING = "sending"  #: written before the call leaves
    SENT = "sent"
    REHEARSED = "rehearsed"  #: dry run: everything but the call
    REFUSED = "refused"  #: never again by itself
    UNKNOWN = "unknown"  #: may be out: read back or a person looks, never a blind retry
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes along with a mail."""

    name: str
    media: str  #: application/pdf …
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """An outbox row."""

    id: int
    key: str  #: unique idempotency key, e.g. reply:12:weibo:1
    state: MessageState
    channel: str
    account: str
    purpose: str
    title: str
    text: str
    case_id: int | None
    reply_to: str
    recipient: str
    link: str
    after: str
    author: str
    created_at: datetime
    due_at: datetime
    attempts: int
    version: int  #: of the text; pinned at approval
    reviewer: str = ""
    approved_version: int | None = None
    note: str = ""  #: last reason, Chinese
    platform_id: str = ""
    platform_url: str = ""
    sent_at: datetime | None = None
    attachments: tuple[Attachment, ...] = ()  #: put in when it leaves; no row carries them


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The platform's word that a message is out."""

    platform_id: str
    url: str = ""
    at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One reason why a text may not go out as it is."""

    kind: str  #: kinds of `huanyu check`
    start: int
    end: int
    text: str
    reason: str  #: Chinese
    suggestion: str = ""
