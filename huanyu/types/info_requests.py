"""政府信息公开申请: what is asked and how it stands, without a word of who asks; that is sealed apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from datetime import datetime
from typing import Final

SHORT_PAPER: Final = 5  # characters of a number that may stand for something else
SHORT_ADDRESS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class InfoEntry:
    """A request as it came in."""

    received_on: date  #: as article 31 reckons it, for each way of its own
    way: str  #: key of info_requests.toml
    applicant_kind: str  #: key of info_requests.toml
    asked: str  #: what is asked for, personal data starred out
    form: str  #: how the applicant wants it: 纸质, 电子邮件 …; "" = not said


@dataclass(frozen=True, slots=True, kw_only=True)
class InfoRequest(InfoEntry):
    """A request in the register."""

    id: int
    number: str  #: GK2026-0001
    state: str  #: of cases.info_requests
    amend_on: date | None  #: 补正 was asked for on this day
    amend_until: date | None
    amended_on: date | None  #: what was put right came in; the limit begins anew
    extend_days: int  #: asked for, 0 = never
    extend_asked_by: str
    extension: str  #: "" | asked | agreed | refused
    extension_told_on: date | None  #: the applicant knows of it
    outcome: str  #: key of info_requests.toml, "" before the answer
    answered_on: date | None
    serial: str  #: 文号 of the answer
    made_by: str
    made_at: datetime
    ended_at: datetime | None  #: answered or void
    version: int  #: compare-and-set

    @property
    def begins_on(self) -> date:
        """The day from which the limit is counted."""
        return self.amended_on or self.received_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Consultation:
    """征求意见 of a third party or another authority; its time does not count."""

    id: int
    request_id: int
    whom: str  #: in words, no names of people
    asked_on: date
    due_on: date
    ended_on: date | None
    view: str  #: "" while it is waited for


@dataclass(frozen=True, slots=True, kw_only=True)
class InfoDispute:
    """A 复议 or 诉讼 about a request."""

    id: int
    request_id: int
    kind: str  #: key of info_requests.toml
    began_on: date  #: 受理, 立案
    ended_on: date | None
    ruling: str  #: key of info_requests.toml, "" while it is not decided


@dataclass(frozen=True, slots=True, kw_only=True)
class InfoStep:
    """One line of a request's append-only history."""

    id: int
    request_id: int
    at: datetime
    actor: str
    action: str
    note: str  #: Chinese; nothing of the applicant


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """Who asks, as they said it; it never leaves the sealed table but for whoever gives a reason."""

    name: str
    identity: str  #: number of the paper, or 统一社会信用代码; "" where none was kept
    phone: str
    mail: str
    address: str
    words: str  #: the request in the applicant's own words

    @property
    def known_as(self) -> tuple[str, ...]:
        """What tells of the applicant as it stands here: to be hidden in what everybody reads.

        No address without a number: a town alone tells of nobody, and stands in what is asked for.
        """
        at_home = any(char.isdigit() for char in self.address) and len(self.address) > SHORT_ADDRESS
        papers = (self.identity,) if len(self.identity) > SHORT_PAPER else ()
        return (self.name, *papers, *((self.address,) if at_home else ()))
