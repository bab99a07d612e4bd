"""Once a day the desk lets go of what it may keep no longer (retention.toml), and can say what that would be.

What is removed, and the proof of it, is the business of `huanyu.store.retaining`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from typing import Final

import structlog

from flow.desk import Desk
from huanyu.clock import local
from huanyu.retention_rows import RetentionRow
from huanyu.store.audit import SYSTEM

log = structlog.get_logger()

DAY: Final = "retention/day"  #: setting: the last day that was gone through
RANGE: Final = 2000  # rows a transaction


@dataclass(frozen=True, slots=True)
class Due:
    """One rule, and how many records it is about now."""

    row: RetentionRow
    count: int


def rules(desk: Desk, now: datetime) -> tuple[RetentionRow, ...]:
    """The rules in force today."""
    return tuple(row for row in desk.bureau.retention if row.valid_on(local(now).date()))


def due(desk: Desk, now: datetime) -> list[Due]:
    """What would go now, rule by rule; nothing is changed."""
    return [Due(row, desk.store.retaining.due(row.what, _before(row, now))) for row in rules(desk, now)]


def tend(desk: Desk, now: datetime) -> int:
    """Let go once a day; returns how many records. A day that was cut off begins anew and finds the rest."""
    today = local(now).date().isoformat()
    if desk.store.settings.get(DAY) == today:
        return 0
    gone = sum(one.count for one in remove(desk, now))
    desk.store.settings.put(DAY, today, now)
    return gone


def remove(desk: Desk, now: datetime, actor: str = SYSTEM) -> Iterator[Due]:
    """Let go of all that is due, and tell it rule by rule; what people must appraise stays."""
    for row in rules(desk, now):
        if not row.appraise:
            count = _remove(desk, row, now, actor)
            if count:
                log.info("retention_removed", what=row.what, days=row.days, count=count)
            yield Due(row, count)


def _remove(desk: Desk, row: RetentionRow, now: datetime, actor: str) -> int:
    total, done = 0, RANGE
    while done == RANGE:
        done = desk.store.retaining.remove(row.what, row.days, _before(row, now), RANGE, now, actor)
        total += done
    return total


def _before(row: RetentionRow, now: datetime) -> datetime:
    return now - timedelta(days=row.days)
