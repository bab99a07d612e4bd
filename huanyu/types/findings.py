"""What a unit brought back from the spot: values measured, pictures and papers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One value of a report, beside the limit it is held to."""

    item: str
    value: str  #: as written: "<0.05" is a value
    unit: str = ""
    limit_value: str = ""
    limit_source: str = ""  #: the standard that sets it
    at: datetime | None = None
    point: str = ""
    report_no: str = ""
    exceeded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """A file of a case; only its cleaned copy may leave the desk."""

    id: int
    case_id: int
    sha256: str  #: of the original
    name: str
    media: str
    kind: str
    actor: str
    at: datetime
    result_id: int | None = None
    clean_sha256: str = ""  #: of the copy without metadata, "" while there is none
    caption: str = ""
    credit: str = ""
    taken_at: datetime | None = None
    exif: Mapping[str, str] = field(default_factory=dict, hash=False)  #: stays inside
    public: bool = False
    transcript: str = ""  #: what is said in a recording, as a person wrote it down
    transcribed_by: str = ""
    transcribed_at: datetime | None = None
