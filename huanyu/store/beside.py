"""What every reader of a case has to know beside it: the units that assist now, and who stays away from it.

Read with the case, so that who may see it is a question about values (`flow.rights.scope`); for lists the same
question is `visible`, a condition.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from dataclasses import field
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter
from sqlalchemy import ColumnElement
from sqlalchemy import CompoundSelect
from sqlalchemy import Connection
from sqlalchemy import and_
from sqlalchemy import bindparam
from sqlalchemy import false
from sqlalchemy import literal
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import true
from sqlalchemy import union_all

from huanyu.store.columns import Id
from huanyu.store.columns import Words
from huanyu.store.rows import chunks
from huanyu.store.tables import assignments
from huanyu.store.tables import case_posts
from huanyu.store.tables import cases
from huanyu.store.tables import posts
from huanyu.store.tables import recusals
from huanyu.types import Seer

SEERS = 500  #: whose conditions are kept put together: they are values, and nothing of a row is in them


@dataclass(frozen=True, slots=True)
class Beside:
    """By the case's id: units that have it as 协办 now, and users in 回避."""

    assisting: defaultdict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    recused: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))


def beside(tx: Connection, case_ids: Collection[int]) -> Beside:
    """What stands beside these cases, one query for each few hundred."""
    found = Beside()
    for ids in chunks(case_ids):
        for row in tx.execute(_BESIDE, {"ids": ids}):
            if row.helps:
                found.assisting[row.case_id].append(row.unit)
            else:
                found.recused[row.case_id].append(row.user_id)
    return found


@lru_cache(maxsize=SEERS)
def visible(seer: Seer) -> ColumnElement[bool]:
    """Cases this person may see: of their units, not restricted, not in 回避."""
    others = (and_(~away(one.user_id), _seen_by(one)) for one in seer.also)
    return and_(~away(seer.user_id), or_(_seen_by(seer), *others))


def of_visible(seer: Seer | None, case_id: ColumnElement[Any]) -> list[ColumnElement[bool]]:
    """For rows that name a case or none in `case_id`: the case is one this person may see. No condition without a person."""
    if seer is None:
        return []
    mine = select(cases.c.id).where(cases.c.id == case_id, visible(seer))
    return [or_(case_id.is_(None), mine.correlate_except(cases, assignments, recusals).exists())]


@lru_cache(maxsize=SEERS)
def hidden_posts(seer: Seer) -> ColumnElement[bool]:
    """Posts of cases that this person may not see, though they may read posts."""
    belongs = select(case_posts.c.post_id).join(cases, cases.c.id == case_posts.c.case_id)
    return belongs.where(case_posts.c.post_id == posts.c.id, ~visible(seer)).correlate(posts).exists()


def about_conduct() -> ColumnElement[bool]:
    """Posts of cases about an official's conduct: they are counted, and shown in no list that is for everybody."""
    belongs = select(case_posts.c.post_id).join(cases, cases.c.id == case_posts.c.case_id)
    return belongs.where(case_posts.c.post_id == posts.c.id, cases.c.restricted).correlate(posts).exists()


def _seen_by(one: Seer) -> ColumnElement[bool]:
    """What these very eyes may see, whatever others the person sees with; 回避 is asked apart."""
    where = [] if one.units is None else [in_hands(one.units)]
    if one.never:
        where.append(cases.c.state.not_in(sorted(one.never)))
    if not one.conduct:
        named = [cases.c.owner == one.name] if one.units is None and one.name else []
        where.append(or_(cases.c.restricted.is_(False), *named))
    mine = [cases.c.unit == one.unit] if one.unit else []
    return or_(and_(true(), *where), *mine)


def away(user_id: int) -> ColumnElement[bool]:
    """Cases somebody stays away from: a list that is read once a query, where a condition would be tried once a case."""
    theirs = select(recusals.c.case_id).where(recusals.c.user_id == user_id, recusals.c.lifted_at.is_(None))
    theirs = theirs.correlate(None)
    return or_(cases.c.id.in_(theirs), and_(cases.c.parent_id.is_not(None), cases.c.parent_id.in_(theirs)))


def anything() -> ColumnElement[bool]:
    """Whether anything stands beside a case: of nearly all of them nothing does."""
    helping = select(assignments.c.id).where(
        assignments.c.case_id == cases.c.id, assignments.c.part == "assist", assignments.c.ended_at.is_(None)
    )
    away = select(recusals.c.id).where(_of_the_whole(), recusals.c.lifted_at.is_(None))
    return or_(helping.correlate(cases).exists(), away.correlate(cases).exists())


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


def _both() -> CompoundSelect[Any]:
    """Who assists with a case, and who stays away from it, as rows of one shape."""
    ids: BindParameter[Any] = bindparam("ids", expanding=True)
    helping = select(
        true().label("helps"),
        assignments.c.id.label("row"),
        assignments.c.case_id.label("case_id"),
        assignments.c.unit.label("unit"),
        literal(0, Id).label("user_id"),
    ).where(assignments.c.case_id.in_(ids), assignments.c.part == "assist", assignments.c.ended_at.is_(None))
    away = (
        select(false(), recusals.c.id, cases.c.id, literal("", Words), recusals.c.user_id)
        .join_from(cases, recusals, _of_the_whole())
        .where(cases.c.id.in_(ids), recusals.c.lifted_at.is_(None))
    )
    return union_all(helping, away).order_by("helps", "row")


_BESIDE = _both()
