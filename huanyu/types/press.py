"""The press office's own records: coverage and activities, contacts, conferences, what may be said, batches of cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityEntry:
    """A line of 报道和活动台账 as a person or a list tells it."""

    kind: str  #: of a row of press.toml
    day: date  #: the first one, where it lasted longer; a period without days is known by its last day
    title: str
    amounts: Mapping[str, str]  #: measure of the kind -> as written, "20余"
    place: str = ""
    tags: tuple[str, ...] = ()  #: 进社区 …
    outlet: str = ""
    slot: str = ""  #: 栏目, 版面
    author: str = ""  #: 作者, 通讯员
    link: str = ""
    evidence: str = ""  #: where the clipping, recording or sheet is kept
    tone: str = ""  #: positive | neutral | negative, by a person; "" = nobody said
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity(ActivityEntry):
    """A line of the log."""

    id: int
    token: str  #: the same thing told twice is one line
    conference_id: int | None
    batch_id: int | None
    struck_at: datetime | None  #: taken out of the figures, kept in the log
    struck_why: str
    made_by: str
    made_at: datetime
    version: int  #: compare-and-set


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactEntry:
    """Somebody of the press, without telephone and mail, which are sealed."""

    name: str
    outlet: str
    kind: str  #: of a row of press.toml: 驻点记者 …
    duty: str = ""  #: what they cover
    valid_from: date | None = None
    valid_to: date | None = None

    def valid_on(self, day: date) -> bool:
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaContact(ContactEntry):
    """A media contact."""

    id: int
    reachable: bool  #: a telephone or a mail address is kept for them
    made_by: str
    made_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConferencePlan:
    """What the plan of a conference says (新闻发布会工作方案)."""

    theme: str
    at: datetime
    place: str
    host: str
    speakers: tuple[str, ...]  #: name and office, one a line
    invited: tuple[str, ...]  #: outlets
    background: str = ""
    agenda: str = ""
    duties: str = ""  #: 分工
    incident_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conference(ConferencePlan):
    """A 新闻发布会."""

    id: int
    number: str  #: 2026-03: the third of the year
    state: str  #: of publisher.conferences
    why: str  #: of a cancellation
    approver: str
    approved_at: datetime | None
    held_at: datetime | None
    made_by: str
    made_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerEntry:
    """What may be said: a line (口径), or the answer to a question."""

    kind: str  #: line | question
    question: str  #: the question, or what the line is about
    answer: str
    unit: str  #: key of the unit that knows; "" = the press office
    valid_until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(AnswerEntry):
    """An entry of the library of answers."""

    id: int
    state: str  #: draft | approved | withdrawn
    author: str
    made_at: datetime
    approver: str
    approved_at: datetime | None
    version: int
    override: str = ""  #: why a leader let it through against a finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """Who was asked to a conference, and who came."""

    id: int
    conference_id: int
    contact_id: int | None
    name: str
    outlet: str
    came: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseBatch:
    """典型案例第×批."""

    id: int
    year: int
    number: int
    title: str
    state: str  #: of publisher.case_batches
    approver: str
    approved_at: datetime | None
    made_by: str
    made_at: datetime
    version: int
    override: str = ""  #: why a leader let it through against a finding


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchCase:
    """A case of a batch, as it will be told."""

    id: int
    batch_id: int
    case_id: int
    place: int
    heading: str
    text: str
    decision: str  #: address or number of the published decision, where an enterprise is named
