"""What becomes of a message once it is out: Message -> Copy, Remark, Takeover, PublicCorrection; Stray for what is not ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from datetime import datetime
from enum import StrEnum

from huanyu.types.messages import Draft


class CopyState(StrEnum):
    """How a published message stands on its platform."""

    WAITING = "waiting"  #: not seen yet
    LIVE = "live"
    CHANGED = "changed"  #: another text stands there than the one that was sent
    GONE = "gone"  #: it is not there, and we did not take it down
    UNSEEN = "unseen"  #: the platform has no way to look
    CORRECTED = "corrected"  #: a 更正 stands in its place
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A published message as it was last seen."""

    message_id: int
    state: CopyState
    copy: str  #: what the platform showed when it was first seen
    found: str  #: what it showed last, where that differs
    checked_at: datetime | None = None
    next_at: datetime | None = None
    checks: int = 0
    comments: int | None = None
    reposts: int | None = None
    views: int | None = None

    @property
    def id(self) -> int:
        return self.message_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A mail to the press office, written together with what it tells of; its key keeps it from going twice."""

    key: str
    draft: Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What one look at a published message says."""

    state: CopyState
    copy: str
    found: str
    next_at: datetime | None
    note: str = ""  #: Chinese, for the case's history; "" where nothing happened
    comments: int | None = None
    reposts: int | None = None
    views: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray:
    """Something on an official account that the desk did not send."""

    id: int
    account: str
    platform_id: str
    text: str
    url: str
    at: datetime | None
    seen_at: datetime
    settled_by: str = ""
    settled_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What somebody wrote under something of ours, masked; who it was is not kept."""

    id: int
    message_id: int
    case_id: int | None
    post_id: int | None  #: the same words as a spider brought them, where one did
    platform_id: str
    text: str
    mood: str  #: positive | neutral | negative
    at: datetime | None
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Takeover:
    """A case whose people are not content with what the program wrote: a person answers them."""

    case_id: int
    reason: str
    at: datetime
    taken_by: str = ""
    taken_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicCorrection:
    """An entry of the register of 更正 and 撤回."""

    id: int
    serial: str  #: 更正〔2026〕3号
    year: int
    number: int
    kind: str  #: correction | withdrawal
    about: int
    case_id: int | None
    wrong: str
    right: str
    reason: str
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A published message as the statistics need it; nobody's name is in it."""

    id: int
    channel: str
    account: str
    purpose: str
    stage: str
    sent_at: datetime
    platform_id: str
    case_id: int | None
    about: int | None
    learned_at: datetime | None  #: when the desk learned of its case
    views: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Followers:
    """How many followed an account on a day."""

    account: str
    day: date
    followers: int
