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
from sqlalchemy import true

from huanyu.store.rows import chunks
from huanyu.store.tables import assignments
from huanyu.store.tables import case_posts
from huanyu.store.tables import cases
from huanyu.store.tables import posts
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
        away = (
            select(cases.c.id, recusals.c.user_id)
            .join(recusals, _of_the_whole())
            .where(cases.c.id.in_(ids), recusals.c.lifted_at.is_(None))
        )
        for case_id, user_id in tx.execute(away.order_by(recusals.c.id)):
            found.recused[case_id].append(user_id)
    return found


def visible(seer: Seer) -> ColumnElement[bool]:
    """Cases this person may see: of their units, not restricted, not in 回避."""
    return and_(~_away(seer), or_(*(_seen_by(one) for one in (seer, *seer.also))))


def hidden_posts(seer: Seer) -> ColumnElement[bool]:
    """Posts of cases that this person may not see, though they may read posts."""
    belongs = select(case_posts.c.post_id).join(cases, cases.c.id == case_posts.c.case_id)
    return belongs.where(case_posts.c.post_id == posts.c.id, ~visible(seer)).correlate(posts).exists()


def about_conduct() -> ColumnElement[bool]:
    """Posts of cases about an official's conduct: they are counted, and shown in no list that is for everybody."""
    belongs = select(case_posts.c.post_id).join(cases, cases.c.id == case_posts.c.case_id)
    return belongs.where(case_posts.c.post_id == posts.c.id, cases.c.restricted).correlate(posts).exists()


def _seen_by(one: Seer) -> ColumnElement[bool]:
    """What these very eyes may see, whatever others the person sees with."""
    where = [] if one.units is None else [in_hands(one.units)]
    if one.never:
        where.append(cases.c.state.not_in(sorted(one.never)))
    if not one.conduct:
        named = [cases.c.owner == one.name] if one.units is None and one.name else []
        where.append(or_(cases.c.restricted.is_(False), *named))
    mine = [cases.c.unit == one.unit] if one.unit else []
    return and_(~_away(one), or_(and_(true(), *where), *mine))


def _away(one: Seer) -> ColumnElement[bool]:
    mine = (recusals.c.user_id == one.user_id, recusals.c.lifted_at.is_(None))
    return select(recusals.c.id).where(_of_the_whole(), *mine).correlate(cases).exists()


def _of_the_whole() -> ColumnElement[bool]:
    """Whoever stays away from a case stays away from its parts: they tell of the same."""
    return or_(recusals.c.case_id == cases.c.id, recusals.c.case_id == cases.c.parent_id)


def in_hands(units: Collection[str]) -> ColumnElement[bool]:
    """Cases one of these units handles, or assists with now."""
    mine = sorted(units)
    helping = select(assignments.c.case_id).where(
        assignments.c.unit.in_(mine), assignments.c.part == "assist", assignments.c.ended_at.is_(None)
    )
    return or_(cases.c.unit.in_(mine), cases.c.id.in_(helping))
