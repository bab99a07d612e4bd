"""What the store answers beyond huanyu.types: receipts of its own work, and lists to look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from datetime import datetime
from typing import Any

from huanyu.types import Post
from huanyu.types import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What became of a batch of raw posts."""

    new: tuple[int, ...]  #: ids, oldest first
    seen: int  #: known before
    changed: int  #: of those, how many told another text this time
    first_seen: int = 0  #: posts, new or known, that their source had not shown before


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReject:
    """A kept item that could not be read."""

    id: int
    source: str
    where: str
    reason: str
    payload: bytes
    at: datetime
    callback: str = ""
    meta: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RawKept:
    """What a post was read from, as kept."""

    at: datetime
    media: str
    size: int  #: of what is kept
    sha256: str  #: of all of it, "" for what was kept before hashes were


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectHead:
    """A kept bad item in a list: everything but its payload."""

    id: int
    source: str
    where: str
    reason: str
    at: datetime
    callback: str
    resolved_at: datetime | None
    resolved_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitSum:
    """What several visits to one source brought together."""

    visits: int
    new: int
    changed: int
    rejects: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A post that may belong to a case; a person decides."""

    id: int
    post_id: int
    case_id: int
    score: float
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedFilter:
    """A filter of a list under a name."""

    id: int
    owner: str
    name: str
    page: str  #: posts | cases
    query: str
    shared: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryDraft:
    """A form somebody has begun to fill in."""

    token: str
    form: str  #: key in entries.toml
    typed: Mapping[str, str]  #: every field as it was typed
    begun_at: datetime
    saved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """A sign of life of a page somebody has before them; or, with `gone`, the word that it was closed."""

    page: str
    user_id: int
    name: str  #: as colleagues call them
    editing: bool = False
    opened_at: datetime
    beat_at: datetime
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Somebody else who has the same page before them."""

    user_id: int
    name: str  #: as colleagues call them
    editing: bool
    opened_at: datetime
    beat_at: datetime  #: the page's last sign of life


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A label a person put right; training data."""

    post_id: int
    at: datetime
    actor: str
    type_before: str
    kinds_before: tuple[str, ...]
    type: str
    kinds: tuple[str, ...]
    sentiment_before: str = ""  #: "" where it was not asked
    sentiment: str = ""
    urgent_before: bool | None = None
    urgent: bool | None = None
    origin: str = ""  #: "" a person found it by himself | doubt | sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A post that is called no complaint."""

    post_id: int
    complaint: float
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A post drawn from its band of probabilities."""

    post_id: int
    stratum: str
    population: int  #: posts of that band that day
    drawn: int  #: how many of them were drawn
    complaint: float
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample(Drawn):
    """A drawn post and what a person said of it."""

    id: int
    day: date
    drawn_at: datetime
    judged_at: datetime | None
    actor: str
    type: str  #: "" while nobody has judged it


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a case rests on: its posts, and what is held of the first one."""

    posts: tuple[Post, ...] = ()
    verdict: Verdict | None = None
    corrected: bool = False  #: a person has said what the first post is


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Complaints of a period that no draw was needed for."""

    caught: int  #: called complaints, or doubtful and said to be one
    by_people: tuple[int, ...]  #: called none and found by a person who happened upon them


@dataclass(frozen=True, slots=True, kw_only=True)
class OldVerdict:
    """A verdict of another model than the present one, as it was when looked at."""

    post: Post
    verdict: Verdict
    corrected_at: datetime | None
    planned_at: datetime | None
    plan_action: str
    case_id: int | None
    confirmed: bool  #: drawn for a look, and a person agreed with it

    @property
    def by_person(self) -> bool:
        return self.confirmed or self.corrected_at is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """A verdict to take the place of an old one."""

    old: OldVerdict
    verdict: Verdict
    hold: str = ""  #: why no case is opened by itself; "" = the normal way


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserved:
    """The numbers of one bulletin."""

    id: int
    number: int  #: within the year
    total: int  #: over all years
    issued: bool
    series: str
    day: date  #: the last one of its period
    scope: str  #: what it is about, "" = the period
    at: datetime  #: when the numbers were given out


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinHead:
    """An issued bulletin in a list."""

    id: int
    series: str
    day: date
    year: int
    number: int
    total: int
    title: str
    issued_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One line of the audit trail: who did what to which rows, never what was said."""

    id: int
    at: datetime
    actor: str
    action: str
    noun: str
    ids: tuple[int | str, ...]
    digest: str
    batch: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextVersion:
    """A text an outgoing message has had."""

    version: int
    text: str
    author: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityRead:
    """One look at a reporter's identity."""

    case_id: int
    at: datetime
    actor: str
    reason: str


@dataclass(frozen=True, slots=True)
class JobsWaiting:
    """Jobs of one queue in one state of the engine (todo, doing, failed), and since when the oldest is there."""

    queue: str
    state: str
    many: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class JobLeft:
    """A job of the engine that nobody will do: it failed, or no process takes it."""

    number: int
    queue: str
    task: str
    failed: bool
    at: datetime | None  #: when it failed, or began to wait
