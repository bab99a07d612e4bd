"""What every reader of a case has to know beside it: the units that assist now, and who stays away from it.

Read with the case, so that who may see it is a question about values (`flow.rights.scope`); for lists the same
question is `visible`, a condition.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from dataclasses import field

from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import and_
from sqlalchemy import or_
from sqlalchemy import select

from huanyu.store.rows import chunks
from huanyu.store.tables import assignments
from huanyu.store.tables import cases
from huanyu.store.tables import recusals
from huanyu.types import Seer


@dataclass(frozen=True, slots=True)
class Beside:
    """By the case's id: units that have it as 协办 now, and users in 回避."""

    assisting: defaultdict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    recused: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))


def beside(tx: Connection, case_ids: Collection[int]) -> Beside:
    """What stands beside these cases, two queries for each few hundred."""
    found = Beside()
    for ids in chunks(case_ids):
        helping = select(assignments.c.case_id, assignments.c.unit).where(
            assignments.c.case_id.in_(ids), assignments.c.part == "assist", assignments.c.ended_at.is_(None)
        )
        for case_id, unit in tx.execute(helping.order_by(assignments.c.id)):
            found.assisting[case_id].append(unit)
        away = select(recusals.c.case_id, recusals.c.user_id).where(
            recusals.c.case_id.in_(ids), recusals.c.lifted_at.is_(None)
        )
        for case_id, user_id in tx.execute(away.order_by(recusals.c.id)):
            found.recused[case_id].append(user_id)
    return found


def visible(seer: Seer) -> ColumnElement[bool]:
    """Cases this person may see: of their units, not restricted, not in 回避."""
    away = select(recusals.c.id).where(
        recusals.c.case_id == cases.c.id, recusals.c.user_id == seer.user_id, recusals.c.lifted_at.is_(None)
    )
    where = [~away.exists()]
    if seer.units is not None:
        where.append(in_hands(seer.units))
    if not seer.conduct:
        named = [cases.c.owner == seer.name]
        if seer.unit:
            named.append(cases.c.unit == seer.unit)
        where.append(or_(cases.c.restricted.is_(False), *named))
    return and_(*where)


def in_hands(units: Collection[str]) -> ColumnElement[bool]:
    """Cases one of these units handles, or assists with now."""
    mine = sorted(units)
    helping = select(assignments.c.case_id).where(
        assignments.c.unit.in_(mine), assignments.c.part == "assist", assignments.c.ended_at.is_(None)
    )
    return or_(cases.c.unit.in_(mine), cases.c.id.in_(helping))
