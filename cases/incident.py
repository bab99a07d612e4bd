"""突发环境事件: whether a matter looks like one, and by when it must be reported. Proposed here, declared by a person.

Pure: values in, values out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta

from cases.words import first
from huanyu.incident_rows import LEVELS
from huanyu.incident_rows import GradeRow
from huanyu.incident_rows import IncidentTable
from huanyu.incident_rows import SignRow
from huanyu.text import fold


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What speaks for an incident."""

    level: str
    reasons: tuple[str, ...]


def suspect(text: str, level: str, table: IncidentTable, now: datetime) -> Suspicion | None:
    """Whether what was said, or the level of the case, points to an incident; the gravest sign gives the level."""
    folded = fold(text)
    signs = [row for row in table.sign if row.valid_on(now.date())]
    found = [(row.level, f"{row.name}（“{word}”）") for row in signs if (word := _word(row, folded))]
    if level in table.levels:
        found.append((level, f"案件等级为{level}"))
    if not found:
        return None
    gravest = max((one for one, _ in found), key=LEVELS.index)
    return Suspicion(level=gravest, reasons=tuple(why for _, why in found))


def grade_of(level: str, rows: Iterable[GradeRow], now: datetime) -> GradeRow | None:
    """The row in force for this level."""
    return next((row for row in rows if row.level == level and row.valid_on(now.date())), None)


def due(level: str, known_at: datetime, rows: Iterable[GradeRow], now: datetime) -> datetime | None:
    """By when the first report must be out: hours of the clock, nights and holidays included."""
    row = grade_of(level, rows, now)
    return known_at + timedelta(hours=row.hours) if row else None


def _word(row: SignRow, folded: str) -> str | None:
    if first(row.not_words, folded) is not None:
        return None
    if row.and_words and first(row.and_words, folded) is None:
        return None
    return first(row.words, folded)
