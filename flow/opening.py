"""A person makes a post a case, or a further witness of one, where the program left it without: the reader errs, too.

The post is the first witness; what it is about is taken from its verdict, the person says why.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import cases.intake
from classify.similar import likeness
from flow import entries
from flow import matters
from flow import permits
from flow import reading
from flow import steps
from flow.desk import Desk
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.intake_rows import ItemTypeRow
from huanyu.types import Case
from huanyu.types import CaseAction
from huanyu.types import CasePlan
from huanyu.types import User


def types(desk: Desk, now: datetime) -> tuple[ItemTypeRow, ...]:
    """The types of item a post may become: those that ask for nothing a post does not tell."""
    rows = entries.types(desk, now)
    return tuple(row for row in rows if not any(asked.needed for asked in row.fields))


def open_case(desk: Desk, user: User, post_id: int, type_: str, reason: str, now: datetime) -> Case:
    """人工立案: the post becomes the first witness of a new case; once, whoever clicks twice."""
    why = matters.reason_of(reason)
    own = plan(desk, user, post_id, now)
    kind = next((row for row in types(desk, now) if row.key == type_), None)
    if kind is None:
        raise BadInput("请选择事项类型")
    facts = {"type": kind.key, "restricted": kind.restricted}
    new = replace(own, reason=f"人工立案：{why}")
    return desk.store.cases.place(new, facts, user.name, now)


def append(desk: Desk, user: User, post_id: int, number: str, reason: str, now: datetime) -> Case:
    """并入已有案件: the post becomes a further witness of an open case."""
    why = matters.reason_of(reason)
    own = plan(desk, user, post_id, now)
    into = matters.open_case(desk, user, number)
    joined = replace(
        own, action=CaseAction.APPEND, case_id=into.id, score=1.0, reason=f"人工并入：{why}", urgent=False
    )
    with desk.store.together():
        case = desk.store.cases.place(joined, {}, user.name, now)
        steps.tighten(desk, case.id, desk.store.posts.get(post_id), now)
        return desk.store.cases.get(case.id)


def plan(desk: Desk, user: User, post_id: int, now: datetime) -> CasePlan:
    """A case of its own for the post, whatever the reader held of it; raises where none may come of it."""
    permits.demand(user, "register")
    post = reading.post(desk, user, post_id)
    if desk.store.posts.case_of(post_id) is not None:
        raise Conflict("这条帖文已经在办件中，请刷新后再看", post=post_id)
    verdict = desk.store.posts.verdict(post_id)
    if verdict is None:
        raise NotFound("这条帖文还没有研判，下一轮处理后再立案", post=post_id)
    ours = replace(verdict, is_complaint=True, out_of_town=False)
    return cases.intake.plan(post, ours, (), likeness, now)
