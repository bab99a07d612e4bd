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
    content_class: str = ""  #: which reviews it needs: petition | press | incident; "" goes to colleagues
    stage: str = ""  #: accepted | forwarded | progress | result | not_ours | correction | withdrawal
    serial: str = ""  #: its own number, where it has one: 更正〔2026〕3号
    about: int | None = None  #: the message that this one corrects or withdraws
    rule_id: int | None = None  #: the standing rule that let it out
    generated: bool = False  #: the text, or a part of it, was written by a machine: it must say so


class MessageState(StrEnum):
    """States of the outbox; the arrows are in publisher.outbox."""

    DRAFT = "draft"  #: waits for review
    RETURNED = "returned"  #: sent back by the reviewer
    APPROVED = "approved"  #: goes out at `due_at`
    SENDING = "sending"  #: written before the call leaves
    HANDED = "handed"  #: copy-ready before a person, who posts it and tells the address
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
class Picture:
    """A picture that goes along with a public message."""

    digest: str  #: of the blob in the store
    name: str  #: the file's name, as a platform would show it
    media: str  #: image/jpeg …
    caption: str = ""
    credit: str = ""  #: 岳明 摄
    body: bytes = b""


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
    claimed_at: datetime | None = None
    claimed_by: str = ""  #: the worker whose call is in flight
    looks: int = 0  #: how often an unknown message was looked for
    look_at: datetime | None = None  #: the next look for it; None when a person has to look
    doubted_at: datetime | None = None  #: held after a restore: the desk before may have sent it
    content_class: str = ""
    stage: str = ""
    serial: str = ""
    about: int | None = None
    rule_id: int | None = None
    generated: bool = False
    pictures: tuple[Picture, ...] = ()  #: put in when it leaves or is checked; rows of their own
    attachments: tuple[Attachment, ...] = ()  #: put in when it leaves; no row carries them


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The platform's word that a message is out."""

    platform_id: str
    url: str = ""
    at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """What a person posts by hand where no program may: the text to copy and the page to open."""

    text: str
    url: str
    note: str = ""  #: Chinese: what to do


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Something of ours as it stands on a platform now."""

    platform_id: str
    text: str
    url: str = ""
    at: datetime | None = None
    comments: int | None = None
    reposts: int | None = None
    views: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What somebody wrote under something of ours; who it was is not kept."""

    platform_id: str
    text: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How an account is, as far as its platform tells."""

    state: (
        str  #: ok | expiring | revoked | quota | failing | unsafe (answers people with what nobody approved)
    )
    note: str = ""  #: Chinese
    token_expires_at: datetime | None = None
    followers: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One reason why a text may not go out as it is."""

    kind: str  #: kinds of `huanyu check`
    start: int
    end: int
    text: str
    reason: str  #: Chinese
    suggestion: str = ""
