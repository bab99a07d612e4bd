"""What becomes of an issued bulletin: who signed it, who was sent it, who opened it, what was put right later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from datetime import datetime

from huanyu.types.messages import MessageState

SIGNED, WITHDRAWN = "signed", "withdrawn"
CORRECTION, CORRECTION_NAME = "correction", "更正"  # a series of its own


def correction_scope(bulletin_id: int, number: int) -> str:
    """What a correction's paper is about."""
    return f"{CORRECTION}:{bulletin_id}:{number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A person's word about an issued bulletin; it can be said once and never taken back."""

    kind: str  #: signed | withdrawn
    at: datetime
    actor: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperCorrection:
    """更正: a printed figure that was wrong, put right by a person; numbered within its bulletin."""

    number: int
    at: datetime
    actor: str
    figure: str  #: key of the Figure
    label: str
    unit: str
    printed: int
    correct: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Somebody a bulletin is to be sent to, as the table of recipients had it at that moment."""

    key: str
    name: str
    channel: str  #: mail | console | telegram | chat
    address: str
    form: str  #: pdf | docx | link


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One bulletin, or one correction of it, on its way to one recipient."""

    id: int
    bulletin_id: int
    correction: int  #: 0 = the bulletin itself
    recipient: str
    name: str
    channel: str
    address: str
    form: str
    at: datetime
    message_id: int | None  #: in the outbox; None where nothing is sent
    state: MessageState | None = None  #: of that message
    note: str = ""
    attempts: int = 0
    due_at: datetime | None = None
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Somebody's first look at a bulletin."""

    reader: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """All that was said and done about one issued bulletin since."""

    digest: str  #: SHA-256 over everything that was issued
    whole: bool  #: whether what is stored still has that digest
    chained: bool = True  #: whether the printed head of the audit trail is in the trail
    signed: Mark | None = None
    withdrawn: Mark | None = None
    corrections: tuple[PaperCorrection, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    opened: tuple[Opened, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveRow:
    """An issued bulletin in the archive, and the words around what was searched for."""

    id: int
    series: str
    series_name: str
    day: date
    year: int
    number: int
    total: int
    title: str
    issued_at: datetime
    signed: bool
    withdrawn: bool
    corrections: int
    snippet: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LateChange:
    """A label that a person put right after a bulletin had counted the post."""

    post_id: int
    at: datetime  #: of the last correction
    actor: str
    source: str
    source_kind: str
    area: str
    was_complaint: bool
    is_complaint: bool
    kinds_before: tuple[str, ...]
    kinds: tuple[str, ...]
    sentiment_before: str
    sentiment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class YearCount:
    """One line of the yearly statistics."""

    key: str
    value: int
    previous: int
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthCount:
    """One anonymous count of a month."""

    group: str  #: total | source | kind | area | state
    key: str
    value: int
    unit: str
