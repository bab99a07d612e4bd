"""Rankings and what follows from them: imported tables, boards as they were told, 约谈, 问责."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingSheet:
    """A table of figures that was handed in for a ranking; the last one of a period counts."""

    id: int
    ranking: str  #: key of rankings.toml
    first: date
    last: date
    name: str  #: of the file
    rows: Mapping[str, Mapping[str, str]]  #: code of the place -> key of the column -> the number as written
    left: int  #: rows that were kept out
    taken_by: str
    taken_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """A ranking as it was put up; what it says never changes, whatever becomes of the cases."""

    id: int
    ranking: str
    span: str
    first: date
    last: date
    state: str  #: proposed | issued | void
    title: str
    content: Mapping[
        str, Any
    ]  #: the board as `cases.boards` writes it, the cases behind each figure, the words beside it; empty in a list
    open_to_all: bool  #: units may read all of it, not only their own line
    corrects_id: int | None
    why: str  #: of a correction, or why it was taken back
    as_of: datetime
    made_by: str
    made_at: datetime
    signed_by: str
    issued_at: datetime | None
    document_id: int | None
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewEntry:
    """约谈: who is asked to come, why, when and where."""

    ranking_id: int | None
    line_id: int | None
    area: str  #: whose; "" = no district's
    subject: str  #: the authority or enterprise that is talked to
    asked: str  #: offices that are to come, not names
    people: int  #: how many are asked
    reason: str
    at: datetime
    venue: str
    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Interview(InterviewEntry):
    """A 约谈 in the register."""

    id: int
    state: str  #: proposed | issued | held | cancelled
    serial: str  #: "" until it is issued
    document_id: int | None
    signed_by: str
    issued_at: datetime | None
    held_on: date | None
    came: int  #: how many came
    minutes: str  #: 纪要
    why: str  #: why it was called off
    made_by: str
    made_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SanctionEntry:
    """问责: how many people of an authority were held to account, how and on what ground; no names."""

    ranking_id: int | None
    line_id: int | None
    decided_on: date
    area: str
    subject: str
    measure: str  #: 诫勉, 警告 …
    people: int
    ground: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sanction(SanctionEntry):
    """A 问责 in the register; one that was wrong is struck out, not deleted."""

    id: int
    struck: str  #: why it no longer counts; "" = it counts
    made_by: str
    made_at: datetime
