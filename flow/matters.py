"""What a person says about which posts are one matter: taken out of a case, two cases joined, either one undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import cases.clocks
import cases.forms
import cases.intake
import cases.lifecycle
from classify.similar import likeness
from flow import permits
from flow import steps
from flow.desk import Desk
from flow.routing import AT_WORK
from flow.routing import notice
from flow.routing import raise_to
from flow.routing import route_of
from huanyu.errors import BadInput
from huanyu.errors import IllegalMove
from huanyu.errors import NotFound
from huanyu.types import Case
from huanyu.types import CaseAction
from huanyu.types import CasePlan
from huanyu.types import Draft
from huanyu.types import User

MANY = 10_000  #: suggestions looked through for one of them
LONGEST = 500  #: characters of a reason
TOLD = frozenset({"answered", "visited"}) | cases.lifecycle.ENDS  #: nothing more is joined into these
#: Drafts and answers of these speak to the first post's author: it stays.
ANSWERING = TOLD | {"replying", "interim"}


def take_apart(
    desk: Desk,
    user: User,
    case_id: int,
    version: int,
    post_id: int,
    reason: str,
    now: datetime,
    number: str = "",
) -> int | None:
    """拆分: the post gets a case of its own, or goes to the case `number`; returns where it is now."""
    case = replace(desk.store.cases.get(case_id), version=version)
    permits.demand_on(user, "join", case)
    why = reason_of(reason)
    _refuse_joined(case)
    if case.state in ANSWERING and desk.store.cases.posts(case_id)[0].id == post_id:
        raise IllegalMove("该件的答复是写给首条反映的，首条不能移出；可将其余反映移出", case=case.number)
    plan = (
        _plan_for(desk, post_id, now) if not number.strip() else _plan_into(desk, user, case, post_id, number)
    )
    with desk.store.in_line():
        to = desk.store.cases.take_apart(case, post_id, plan, why, actor=user.name, now=now)
        if to is not None and plan.action is CaseAction.APPEND:
            steps.tighten(desk, to, desk.store.posts.get(post_id), now)
    return to


def join(desk: Desk, user: User, case_id: int, version: int, number: str, reason: str, now: datetime) -> Case:
    """并案: of the two the later one ends and its posts become witnesses of the earlier one, which is returned.

    That one is as grave as the graver of the two; the unit of the other is told.
    """
    case = replace(desk.store.cases.get(case_id), version=version)
    later, earlier = pair(desk, user, case, number)
    opening = desk.store.cases.posts(later.id)[0]
    told = _told_of_join(desk, later, earlier, now)
    with desk.store.in_line():
        merged = desk.store.cases.join(later, earlier, reason_of(reason), told, actor=user.name, now=now)
        raised = raise_to(desk, merged, later.level, f"并入的{later.number}为{later.level}", now)
        steps.tighten(desk, raised.id, opening, now)  # more voices now, and it may not have been graded
        return desk.store.cases.get(raised.id)


def pair(desk: Desk, user: User, case: Case, number: str) -> tuple[Case, Case]:
    """The two that would be joined, the later one first; raises where this person, or their states, forbid it."""
    permits.demand_on(user, "join", case)
    other = by_number(desk, number)
    permits.demand_on(user, "join", other)
    if other.id == case.id:
        raise BadInput("不能并入自己，请填写另一件的编号", case=case.number)
    later, earlier = sorted((case, other), key=lambda one: one.id, reverse=True)
    for one in (later, earlier):
        _refuse_joined(one)
    cases.lifecycle.check(later.state, "joined")
    if earlier.state in TOLD:
        raise IllegalMove(
            f"{earlier.number}{cases.lifecycle.LABEL[earlier.state]}，不能再并入新的反映；同一问题又发生的，按复发另行办理",
            case=earlier.number,
        )
    return later, earlier


def unjoin(desk: Desk, user: User, case_id: int, version: int, reason: str, now: datetime) -> Case:
    """撤销并案: the case gets its posts back and stands where it stood."""
    case = replace(desk.store.cases.get(case_id), version=version)
    permits.demand_on(user, "join", case)
    if case.joined_into is None:
        raise IllegalMove("该件没有并入其他办件", case=case.number)
    into = desk.store.cases.get(case.joined_into)
    permits.demand_on(user, "join", into)
    if into.joined_into is not None:
        raise IllegalMove(f"{into.number}已并入另一件，请先撤销那一次并案", case=into.number)
    with desk.store.in_line():
        return desk.store.cases.unjoin(
            case, reason_of(reason), lambda again: _told_again(desk, again, now), actor=user.name, now=now
        )


def decide_suggestion(desk: Desk, user: User, suggestion_id: int, join: bool, now: datetime) -> int | None:
    """并件 or 另立: a person says whether a post belongs to the case it resembles."""
    permits.demand(user, "join")
    found = next((one for one in desk.store.cases.suggestions(MANY) if one.id == suggestion_id), None)
    if found is None:
        raise NotFound("这条建议已经处理过", suggestion=suggestion_id)
    permits.demand_on(user, "join", desk.store.cases.get(found.case_id))
    post, verdict = desk.store.posts.get(found.post_id), desk.store.posts.verdict(found.post_id)
    if verdict is None:
        raise NotFound("这条帖文还没有研判", post=found.post_id)
    apart = cases.intake.plan(post, verdict, (), likeness, now)
    joined = replace(
        apart, action=CaseAction.APPEND, case_id=found.case_id, score=found.score, reason="人工并入"
    )
    with desk.store.in_line():
        case_id = desk.store.cases.decide(found, joined if join else apart, actor=user.name, now=now)
        if join and case_id is not None:
            steps.tighten(desk, case_id, post, now)
    return case_id


def _told_of_join(desk: Desk, later: Case, earlier: Case, now: datetime) -> Draft | None:
    """The word to the unit that has the later case in hand."""
    unit = desk.bureau.unit(later.unit) if later.state in AT_WORK else None
    if unit is None:
        return None
    by = desk.bureau.unit(earlier.unit) if earlier.unit else None
    return cases.forms.joined(
        later, unit, earlier, by, desk.bureau.bureau, desk.config.settings.console_url, now
    )


def _told_again(desk: Desk, case: Case, now: datetime) -> Draft | None:
    """The slip for the unit whose case is its own again."""
    if case.state not in AT_WORK:
        return None
    found = route_of(case)
    limits = tuple(clock for clock in case.clocks if cases.clocks.runs(clock, case))
    return notice(desk, case, replace(found, why=f"撤销并案，恢复办理；{found.why}"), limits, now)


def _plan_for(desk: Desk, post_id: int, now: datetime) -> CasePlan:
    """A case of its own, as intake would open one if it knew no other."""
    verdict = desk.store.posts.verdict(post_id)
    if verdict is None:
        raise NotFound("这条帖文还没有研判", post=post_id)
    return cases.intake.plan(desk.store.posts.get(post_id), verdict, (), likeness, now)


def _plan_into(desk: Desk, user: User, case: Case, post_id: int, number: str) -> CasePlan:
    """A further witness of a case a person names."""
    other = open_case(desk, user, number)
    if other.id == case.id:
        raise BadInput("这条反映本来就在该件中", case=case.number)
    reason = f"由{case.number}移入"
    return CasePlan(post_id=post_id, action=CaseAction.APPEND, case_id=other.id, score=1.0, reason=reason)


def open_case(desk: Desk, user: User, number: str) -> Case:
    """The case of that number, where a post may go: open, joined into none, and one this person may join to."""
    case = by_number(desk, number)
    permits.demand_on(user, "join", case)
    _refuse_joined(case)
    if not cases.lifecycle.is_open(case.state):
        raise IllegalMove(
            f"{case.number}{cases.lifecycle.LABEL[case.state]}，不能移入；同一问题又发生的，请另立一件或重启该件",
            case=case.number,
        )
    return case


def by_number(desk: Desk, number: str) -> Case:
    """The case of that number as a person typed it; raises BadInput where none is typed, NotFound."""
    if not number.strip():
        raise BadInput("请填写另一件的编号，例如 HY2026-000123")
    return desk.store.cases.by_number(number.strip().upper())


def _refuse_joined(case: Case) -> None:
    if case.joined_into is not None:
        raise IllegalMove(f"{case.number}已并入其他办件", case=case.number)


def reason_of(text: str) -> str:
    """The reason given for joining or parting; raises BadInput where none is, or too long a one."""
    if not text.strip():
        raise BadInput("请填写理由")
    if len(text) > LONGEST:
        raise BadInput(f"理由过长，最多 {LONGEST} 字")
    return text.strip()
