"""How grave a case is, as a person says: the machine's level confirmed, raised or lowered, with a reason.

What the machine raises by itself waits here until somebody has looked at it.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime

import cases.level
import cases.lifecycle
from flow import limits
from flow import permits
from flow.desk import Desk
from flow.life import as_seen
from flow.routing import notice
from flow.routing import route_of
from flow.routing import signs_of
from flow.typed import reason_of
from huanyu.errors import BadInput
from huanyu.types import Case
from huanyu.types import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A case with what speaks for its level."""

    case: Case
    reasons: tuple[str, ...]


def waiting(desk: Desk, now: datetime, limit: int = 50, offset: int = 0) -> list[Proposal]:
    """Levels that only the machine has said, with its reasons, oldest first."""
    return [proposal(desk, case, now) for case in desk.store.rerouting.unconfirmed(limit, offset)]


def proposal(desk: Desk, case: Case, now: datetime) -> Proposal:
    """Every sign of a case, those that a person has weighed too."""
    found = cases.level.grade(signs_of(desk, case), desk.levels(now.date()))
    if cases.level.higher(found.level, case.level) == found.level:
        return Proposal(case=case, reasons=found.reasons)
    return Proposal(case=case, reasons=_said_before(desk, case) or found.reasons)


def _said_before(desk: Desk, case: Case) -> tuple[str, ...]:
    """What the level came from that the signs of today no longer tell: a person's word, or a post taken out since."""
    told = [event.note for event in desk.store.cases.history(case.id) if event.action == "graded"]
    return tuple(told[-1:])


def confirm_level(
    desk: Desk, user: User, case_id: int, version: int, level: str, reason: str, now: datetime
) -> Case:
    """定级: the same level confirms, another one needs a reason; to lower it takes a right of its own."""
    case = as_seen(desk, user, case_id, version)
    permits.demand_on(user, "confirm_level", case)
    if level not in cases.level.LEVELS:
        raise BadInput(f"等级只有{'、'.join(cases.level.LEVELS)}")
    if not cases.lifecycle.is_open(case.state):
        raise BadInput(f"{case.number}{cases.lifecycle.LABEL[case.state]}，不再改级")
    if cases.level.higher(level, case.level) != level:
        permits.demand_on(user, "lower_level", case)
    note = _note(case, level, reason)
    found = cases.level.grade(signs_of(desk, case), desk.levels(now.date()))
    changed = level != case.level and bool(case.unit)
    anew = replace(case, level=level)
    due = limits.of(desk, anew, limits.given_at(desk, case) or now) if changed else ()
    slip = notice(desk, anew, route_of(case), due, now) if changed else None
    return desk.store.rerouting.confirm_level(case, level, found.rules, note, due, slip, user.name, now)


def _note(case: Case, level: str, reason: str) -> str:
    if level == case.level:
        return f"确认等级：{level}" + (f"；{reason.strip()}" if reason.strip() else "")
    way = "升为" if cases.level.higher(level, case.level) == level else "降为"
    return f"等级由{case.level}{way}{level}：{reason_of(reason)}"
