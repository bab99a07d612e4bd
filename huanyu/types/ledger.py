"""Lines of the ledger (整改台账): what is to be put right by whom until when, and how it is taken off (销号)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """What a person writes of a line; the five that must be there are `cases.ledger.MUST`."""

    title: str  #: the problem
    origin: str  #: key of an origin in supervision.toml
    unit: str  #: key in units.toml
    person: str
    due: date
    goal: str
    measures: str
    ground: str = ""  #: which feedback, which batch
    area: str = ""
    enterprise: str = ""  #: name in enterprises.toml
    case_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """A line as it stands; never deleted, only taken off."""

    id: int
    number: str  #: ZG2026-001
    version: int  #: compare-and-set
    state: str  #: a state of cases.ledger
    round: int  #: one more each time it comes back after 销号
    title: str
    origin: str
    ground: str
    case_id: int | None
    enterprise: str
    area: str
    unit: str
    person: str
    goal: str
    measures: str
    due: date
    opened_at: datetime
    opened_by: str
    moved_at: datetime  #: when it came into its state
    told_at: datetime  #: when the unit last told how it goes
    progress: str = ""
    checked_on: date | None = None  #: 自验 of this round
    checked_by: str = ""
    reviewed_by: str = ""
    notice: str = ""  #: what is told in public
    notice_by: str = ""
    notice_from: date | None = None
    notice_to: date | None = None
    serial: str = ""  #: of the 销号表
    cancelled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerStep:
    """One line of the history, with the state after it."""

    at: datetime
    actor: str
    action: str
    state: str
    note: str
    round: int = 1
    facts: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerSignature:
    """Somebody's signature under a 销号, as it stands on the sheet."""

    office: str  #: 党委主要负责人
    name: str
    signed_on: date
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """One 抽查: all that is needed to draw the same lots again."""

    id: int
    at: datetime
    actor: str
    seed: str
    percent: int
    least: int
    pool: tuple[str, ...]  #: numbers
    lots: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """挂牌督办 of a line: by whose grade, until when."""

    id: int
    line_id: int
    grade: str
    serial: str
    reason: str
    from_on: date
    due: date
    actor: str
    document_id: int | None = None
    ended_at: datetime | None = None
    ended_why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """包案: the leader who answers for a line, from when to when."""

    id: int
    line_id: int
    leader: str
    post: str
    from_on: date
    actor: str
    until_on: date | None = None
    visits: tuple[tuple[date, str], ...] = ()
