"""The people who work at the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person who works at the desk."""

    id: int
    name: str  #: log-in name
    full_name: str
    role: str  #: press handler head reviewer leader admin assessor payer
    unit: (
        str  #: key in units.toml; handlers see only this unit's cases, heads those of the units under it too
    )
    active: bool = True
    must_change: bool = False  #: the password was given by somebody else and opens nothing but its own change
    second_factor: bool = False  #: whoever logs in as this person is asked for a code, too
    unread: int = 0  #: news of the account; filled where a session is looked up
    locked: frozenset[str] = (
        frozenset()
    )  #: actions that wait for a second factor; filled by flow.factors.present
    below: tuple[str, ...] = ()  #: units under a head's own; filled by flow.rights.present
    on_duty: bool = False  #: on a shift of the bureau now; filled by flow.rights.present
    stands_for: tuple[
        User, ...
    ] = ()  #: who is absent now and named this person; filled by flow.rights.present


@dataclass(frozen=True, slots=True, kw_only=True)
class Seer:
    """Whose eyes a list of cases is for: the person's, and one of `also` for each duty and each absent colleague."""

    user_id: int
    name: str
    units: frozenset[str] | None = None  #: as lead or assisting; None = every unit's
    unit: str = ""  #: their own
    conduct: bool = False  #: sees what is about an official's conduct, whoever was named
    never: frozenset[str] = frozenset()  #: states of cases that are not for these eyes
    also: tuple[Seer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A turn of duty in the roster."""

    id: int
    unit: str
    user_id: int
    from_at: datetime
    to_at: datetime
    kind: str
    actor: str  #: who entered it


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Somebody is away; the deputy may do what they may, and no more."""

    id: int
    user_id: int
    from_at: datetime
    to_at: datetime
    deputy_id: int
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """The office lets a unit, or one person of it, read who reported a case."""

    id: int
    case_id: int
    unit: str
    reason: str
    actor: str
    at: datetime
    until: datetime
    user_id: int | None = None  #: None = whoever handles it there
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A log-in that lasts; where it came from is told to its owner."""

    handle: str  #: the beginning of the hash of its token: names it, opens nothing
    started_at: datetime
    seen_at: datetime
    expires_at: datetime
    device: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Something about an account that its owner has to know."""

    id: int
    at: datetime
    kind: str  #: see flow.factors.NEWS
    actor: str
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was shown at the second step: the step of a code, or the digest of a recovery code."""

    step: int = 0
    digest: str = ""
