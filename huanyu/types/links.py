"""One-time links of units that do not log in, and what of an unsigned hand-over is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from huanyu.types.handling import Assignment
from huanyu.types.messages import MessageState


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Lets whoever holds its token see and answer one hand-over; the token itself is kept nowhere."""

    id: int
    assignment_id: int
    made_at: datetime
    made_by: str
    expires_at: datetime
    used_at: datetime | None = None  #: the last time something was done with it
    revoked_at: datetime | None = None
    failed: int = 0  #: how often it was tried when it opened nothing any more


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverSlip:
    """What of a slip says whether it has reached its unit; of hundreds, nobody needs the texts."""

    id: int
    case_id: int
    channel: str
    account: str
    recipient: str
    state: MessageState
    note: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsigned:
    """A hand-over that nobody has signed for, with the slips that left for it."""

    assignment: Assignment
    number: str  #: of the case
    title: str
    slips: tuple[HandOverSlip, ...]  #: of the case, since it was handed over; also those to other units
    restricted: bool = False  #: about an official's conduct: the title is for few
    told: bool = False  #: the office knows that nobody was reached

    @property
    def id(self) -> int:
        """Of the hand-over."""
        return self.assignment.id
