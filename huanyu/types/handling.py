"""Who owes what on a case, and what was agreed about it: hand-over, pause, extension, card, word with the reporter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from huanyu.types.cases import Case
from huanyu.types.cases import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A case in the hands of one unit."""

    id: int
    case_id: int
    round: int
    unit: str  #: key in units.toml
    part: str  #: lead | assist
    given_at: datetime
    given_by: str
    why: str = ""
    signed_at: datetime | None = None
    signed_by: str = ""
    arrived_at: datetime | None = None  #: on the spot
    returned_at: datetime | None = None
    return_kind: str = ""  #: key in reasons.toml
    reason: str = ""  #: of the return
    opinion: str = ""  #: of an assisting unit
    answered_at: datetime | None = None  #: reported, or gave its opinion
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A pause: limits that may be paused stand still meanwhile."""

    id: int
    case_id: int
    round: int
    kind: str  #: key in reasons.toml
    reason: str
    from_at: datetime
    until_at: datetime | None = None
    actor: str = ""
    agreed_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """More time for one limit: asked for, decided, told to the reporter."""

    id: int
    case_id: int
    round: int
    clock: str
    asked_by: str
    asked_at: datetime
    reason: str
    amount: int
    unit: str  #: of `amount`
    old_due: datetime
    new_due: datetime
    decided_by: str = ""
    decided_at: datetime | None = None
    decision: str = ""  #: agreed | refused
    told_at: datetime | None = None
    told_how: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One warning of one limit, given at most once."""

    id: int
    clock_id: int
    stage: str  #: yellow red up1 up2 up3
    at: datetime  #: the first moment it may be given
    whom: str = ""
    given_at: datetime | None = None
    dropped_at: datetime | None = None  #: its limit was met, stopped or replaced before
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A limit that runs, with its case."""

    clock: Clock
    case: Case

    @property
    def id(self) -> int:
        return self.clock.id


@dataclass(frozen=True, slots=True, kw_only=True)
class DueCard:
    """A card whose moment has come, with what it is about."""

    card: Card
    clock: Clock
    case: Case

    @property
    def id(self) -> int:
        return self.card.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """The reporter was told something outside the outbox: by telephone, in the group, by letter."""

    id: int
    case_id: int
    round: int
    at: datetime
    actor: str
    way: str
    stage: str  #: what it was about: accepted, forwarded, result …
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """回访: the reporter was asked afterwards."""

    id: int
    case_id: int
    round: int
    at: datetime
    actor: str
    way: str
    satisfied: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recusal:
    """回避: this person stays away from this case."""

    id: int
    case_id: int
    user_id: int
    reason: str
    declared_by: str
    at: datetime
    lifted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reroute:
    """改派建议: another unit for a case that somebody has in hand; a person decides."""

    id: int
    case_id: int
    round: int
    at: datetime
    because: str  #: what has changed
    unit: str  #: key in units.toml; "" where no rule fits any longer
    department: str
    assist: tuple[str, ...]
    rule: str
    why: str
    decided_at: datetime | None = None
    decided_by: str = ""
    decision: str = ""  #: accepted | refused | dropped
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCount:
    """What one unit did in a period, each number beside the whole it is a part of."""

    unit: str  #: key in units.toml
    given: int = 0  #: cases handed over to it as lead
    returned: int = 0  #: of these, sent back (退单)
    sign_due: int = 0  #: limits for signing that were met or ran over in the period
    sign_met: int = 0  #: of these, met in time
    due: int = 0  #: the same of the limits for handling
    met: int = 0
    reported: int = 0  #: hand-overs it first reported on in the period
    days: int = 0  #: median of the days these took
    asked: int = 0  #: 回访 with an answer
    content: int = 0  #: of these, 满意 or 基本满意
