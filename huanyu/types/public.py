"""What citizens hand in by the public pages: a report with its number, its files, and what they say of the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFile:
    """A photo or recording that came with a report."""

    id: int
    report_id: int
    name: str
    media: str
    kind: str  #: picture | sound
    sha256: str  #: as it came; only the office sees it
    clean_sha256: str  #: without place, time and camera; "" of a recording
    taken_at: datetime | None = None
    exif: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicReport:
    """A report by 随手拍, known by a number of its own before it is a case."""

    id: int
    number: str  #: SP2026-000123
    post_id: int
    at: datetime
    kind: str = ""  #: as the citizen ticked it, "" = none
    place: str = ""
    latitude: float | None = None  #: of the device, where the citizen pressed the button
    longitude: float | None = None
    accuracy: float | None = None  #: metres
    contact: bool = False  #: whether a name or telephone was left
    rated_at: datetime | None = None
    rated_round: int = 0  #: round of the case that was rated last
    satisfied: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """What a citizen says of the answer."""

    satisfied: str
    note: str
    reopens: bool
