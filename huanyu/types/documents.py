"""Official papers of a case (转办单, 督办函 …), and prints that somebody took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One official paper; its number is drawn when it is issued."""

    id: int
    kind: str  #: key in forms.toml
    title: str
    state: str  #: draft | signed | issued | void
    made_at: datetime
    made_by: str
    serial: str = ""  #: 聊环督〔2026〕1号; "" until it is issued
    year: int = 0
    number: int = 0
    case_id: int | None = None
    about_id: int | None = None  #: the one it corrects
    unit: str = ""
    fields: Mapping[str, str] = field(default_factory=dict, hash=False)
    signed_at: datetime | None = None
    signed_by: str = ""
    issued_at: datetime | None = None
    docx: str = ""  #: SHA-256
    pdf: str = ""
    digest: str = ""
    incident_id: int | None = None  #: 初报, 续报, 处理结果报告: the incident it tells of


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """Somebody printed a case, and this code stands on every page of it."""

    id: int
    case_id: int
    form: str  #: full | redacted
    actor: str
    at: datetime
    reason: str
    mark: str
    document_id: int | None = None
