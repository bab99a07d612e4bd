"""What people say to the desk on a chat platform, before it is an item; and the chats of colleagues."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """One message to one of our accounts."""

    platform: str  #: wechat | telegram
    account: str  #: key in accounts.toml
    sender: str  #: the platform's name of the person; leaves memory only sealed
    mark: str  #: by which the platform's repetitions are known
    once: str = ""  #: timestamp and nonce of the request: no other message may bring them
    kind: str = "text"  #: text picture sound place; lookup event for what becomes no item
    text: str = ""
    media_id: str = ""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """What one person said within some minutes: one item to be, then the item it became."""

    id: int
    platform: str
    account: str
    begun_at: datetime
    last_at: datetime
    look_at: datetime | None  #: when it is taken up; None once it is
    tries: int
    case_id: int | None = None
    post_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A message of a talk, opened for whoever makes the item of it."""

    kind: str
    text: str
    media_id: str
    sender: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A colleague's private chat with our bot."""

    id: int
    user_id: int
    account: str
    chat_id: str
    wants: tuple[str, ...]
    bound_at: datetime
    asked: str = ""  #: what the bot waits to be told: act:case:version:reason
