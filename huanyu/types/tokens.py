"""Other systems at the desk: their tokens, monitoring stations with a key each, and what these reported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """Lets a system of one unit use the interface; the token itself is kept nowhere."""

    id: int
    name: str
    unit: str  #: key in units.toml: whose cases it reads, for whom it reports
    scopes: tuple[str, ...]  #: items:write | alarms:write | cases:read
    channels: tuple[str, ...]  #: keys in channels.toml it may hand items in by
    hint: str  #: its first characters, by which its owner knows it again
    made_at: datetime
    made_by: str
    expires_at: datetime
    used_at: datetime | None = None  #: to within a few minutes
    revoked_at: datetime | None = None
    revoked_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """A place that is monitored and signs what it reports; its key stays sealed in the store."""

    id: int
    code: str  #: as it calls itself
    name: str
    place: str
    area: str  #: county code or zone name, "" = read from the place
    kind: str  #: of pollution it watches, "" = read from what it reports
    unit: str  #: whose tokens may speak for it
    made_at: datetime
    made_by: str
    heard_at: datetime | None = None  #: the last alarm
    revoked_at: datetime | None = None
    revoked_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One alarm of a station: what was measured where, and beyond which limit."""

    number: str  #: the station's own, or made of the values below
    point: str
    substance: str
    value: str
    limit: str
    unit: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardReading:
    """An alarm that is known already, and the case it belongs to."""

    id: int
    reading: Reading
    case_id: int
