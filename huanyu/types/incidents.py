"""突发环境事件: what was declared, and the reports that are due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """An incident, proposed until a person has confirmed it; its cases name it."""

    id: int
    number: str
    title: str
    level: str
    why: str
    known_at: datetime  #: its limits begin here
    actor: str  #: who proposed it
    began_at: datetime | None = None
    confirmed_by: str = ""
    confirmed_at: datetime | None = None
    line: str = ""  #: 口径; "" keeps replies of its cases back
    line_by: str = ""
    line_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentReport:
    """初报, 续报 or 处理结果报告 of an incident."""

    id: int
    incident_id: int
    kind: str
    number: int  #: 1, and one more for each further 续报
    to_whom: str
    due: datetime
    actor: str = ""
    sent_at: datetime | None = None
    text: str = ""  #: as it was sent
    document_id: int | None = None
