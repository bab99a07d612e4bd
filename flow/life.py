"""What a person does with a case on its way to a unit and there: each function one permission, one decision, one write.

A POST of the console calls exactly one. What a unit found is `findings`, what comes after it `revisiting`, pauses and
阶段性办结 `resting`, who stays away `recusing`, which posts are one matter `matters`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import cases.clocks
import cases.lifecycle
from flow import limits
from flow import permits
from flow.desk import Desk
from flow.reasons import because
from flow.routing import grade
from flow.routing import hand_over
from flow.routing import route_of
from flow.typed import reason_of
from flow.typed import tidy
from huanyu.bureau import UnitRow
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import IllegalMove
from huanyu.errors import NotFound
from huanyu.types import Case
from huanyu.types import Clock
from huanyu.types import Route
from huanyu.types import User

#: a unit has the case and has not told yet what it found
IN_HAND = frozenset({"assigned", "signed", "onsite"})
UNSATISFIED = (
    "不满意"  #: what a reporter may say when asked; then the case is done again, or closed with a reason
)


def accept(desk: Desk, user: User, case_id: int, version: int, now: datetime) -> Case:
    """受理, before it is known who is to handle the case."""
    permits.demand(user, "accept")
    return move(desk, user, case_id, version, "accepted", "accepted", "已受理", now)


def sign(desk: Desk, user: User, case_id: int, version: int, now: datetime) -> Case:
    """签收: the unit takes the case."""
    demand_for_unit(desk, user, "sign", case_id)
    demand_state(desk.store.cases.get(case_id), {"assigned"}, "签收")
    return move(desk, user, case_id, version, "signed", "signed", "已签收", now)


def arrive(desk: Desk, user: User, case_id: int, version: int, note: str, now: datetime) -> Case:
    """到场: the unit is on the spot; whoever comes before signing has signed."""
    demand_for_unit(desk, user, "arrive", case_id)
    demand_state(desk.store.cases.get(case_id), {"assigned", "signed"}, "记录到场")
    return move(desk, user, case_id, version, "onsite", "arrived", note.strip() or "已到现场", now)


def send_away(
    desk: Desk, user: User, case_id: int, version: int, reason: str, now: datetime, kind: str = ""
) -> Case:
    """退单: not this unit's business, back to the press office with a reason, within the days of the table."""
    demand_for_unit(desk, user, "return", case_id)
    case, why = desk.store.cases.get(case_id), because(desk, "return", kind, reason, now)
    until = returns_until(desk, case)
    if until is not None and now > until.due:
        told = f"退单期限已于 {local(until.due):%m月%d日 %H:%M} 届满（{until.why}）"
        if not permits.may_on(user, "dispatch", case):
            raise IllegalMove(f"{told}，请与{desk.bureau.bureau.office}联系", case=case.number)
        why = f"{why}（{told}，经{desk.bureau.bureau.office}同意）"
    return move(desk, user, case_id, version, "returned", "returned", why, now, kind)


def refuse(
    desk: Desk, user: User, case_id: int, version: int, reason: str, now: datetime, kind: str = ""
) -> Case:
    """不受理, with a reason."""
    permits.demand(user, "refuse")
    why = because(desk, "refuse", kind, reason, now)
    return move(desk, user, case_id, version, "refused", "refused", why, now)


def transfer(
    desk: Desk,
    user: User,
    case_id: int,
    version: int,
    to: str,
    told: str,
    reason: str,
    now: datetime,
    kind: str = "",
) -> Case:
    """移送: another authority's business; who it went to, and how the reporter was told of it."""
    permits.demand(user, "transfer")
    whom, how = to.strip(), told.strip()
    if not whom:
        raise BadInput("请写明移送给哪个单位")
    if not how:
        raise BadInput("移送须告知反映人，请写明怎样告知；无法告知的写明原因")
    why = because(desk, "transfer", kind, reason, now)
    note = f"移送{whom}：{why}；告知反映人：{how}"
    return move(desk, user, case_id, version, "transferred", "transferred", note, now)


def reopen(
    desk: Desk, user: User, case_id: int, version: int, reason: str, now: datetime, kind: str = ""
) -> Case:
    """重启: a person takes a settled matter up again; its limits begin anew, from now."""
    permits.demand(user, "reopen")
    why = because(desk, "reopen", kind, reason, now)
    case = as_seen(desk, user, case_id, version)
    cases.lifecycle.check(case.state, "pending")
    return desk.store.moves.reopen(case, why, user.name, now)


def close(
    desk: Desk, user: User, case_id: int, version: int, note: str, now: datetime, kind: str = ""
) -> Case:
    """办结: nothing is open any more, of its parts neither; one who stays unsatisfied is told why."""
    permits.demand(user, "close")
    demand_closable(desk, desk.store.cases.get(case_id), note)
    why = because(desk, "close", kind, note, now) if kind or note.strip() else "办结"
    return move(desk, user, case_id, version, "closed", "closed", why, now)


def dispatch(
    desk: Desk,
    user: User,
    case_id: int,
    version: int,
    unit_key: str,
    now: datetime,
    assist: tuple[str, ...] = (),
) -> Case:
    """A person names the unit of a case that no rule placed, or that came back; and those that assist it."""
    case = as_seen(desk, user, case_id, version)
    permits.demand_on(user, "dispatch", case)
    demand_dispatchable(case)
    unit = unit_of(desk, unit_key, assist, now)
    for key in (unit.key, *assist):
        permits.demand_given(user, case, key)
    found = Route(
        unit=unit.key,
        department=unit.department,
        assist=tuple(key for key in assist if key != unit.key) or case.assist,
        rule="by_hand",
        why=f"由{user.full_name}指定",
    )
    graded = case if case.unit else grade(desk, case, now)  # nobody has weighed yet what nothing has placed
    return hand_over(desk, graded, found, now, actor=user.name)


def hand_down(
    desk: Desk, user: User, case_id: int, version: int, unit_key: str, asked: str, now: datetime
) -> Case:
    """交下级单位办理: a head gives the own unit's case to a squad or township below; the matter's limits go on."""
    case = as_seen(desk, user, case_id, version)
    permits.demand_on(user, "hand_down", case)
    unit = unit_of(desk, unit_key, (), now)
    demand_state(case, set(IN_HAND), "交下级单位办理")
    permits.demand_given(user, case, unit.key)
    if case.restricted:
        raise BadInput("限定范围的件不交下级单位")
    what = tidy("请其办理的内容", asked).strip()
    why = f"由{user.full_name}交下级单位办理{f'：{what}' if what else ''}"
    helping = tuple(key for key in case.assist if key != unit.key)
    found = replace(
        route_of(case), unit=unit.key, department=unit.department, assist=helping, rule="by_hand", why=why
    )
    return hand_over(desk, case, found, now, actor=user.name)


def send_to_unit(desk: Desk, user: User, case_id: int, version: int, reason: str, now: datetime) -> Case:
    """退回补充: the facts do not carry a reply; its drafts are void, the unit looks again."""
    permits.demand(user, "send_to_unit")
    case, why = as_seen(desk, user, case_id, version), reason_of(reason)
    demand_state(case, {"reported", "handled", "replying"}, "退回补充")
    cases.lifecycle.check(case.state, "signed")
    return desk.store.duties.review(case, "signed", "sent_to_unit", why, user.name, now)


def demand_closable(desk: Desk, case: Case, note: str) -> None:
    """Raise IllegalMove or BadInput where something of the case is still open, or a reason is owed."""
    parts = desk.store.splits.children(case.id)
    if waiting := [one.number for one in parts if cases.lifecycle.is_open(one.state)]:
        raise IllegalMove(f"子件 {'、'.join(waiting)} 尚未办结", case=case.number)
    if case.state == "visited" and case.satisfied == UNSATISFIED and not note.strip():
        raise BadInput("回访不满意而不重办的，请写明理由")


def demand_dispatchable(case: Case) -> None:
    """Raise IllegalMove where nobody names a unit for a case in this state."""
    if case.state == "visited":
        raise IllegalMove("回访不满意的，由原单位重办", case=case.number)
    cases.lifecycle.check(case.state, "assigned")


def unit_of(desk: Desk, unit_key: str, assist: tuple[str, ...], now: datetime) -> UnitRow:
    """The unit of that key; raises NotFound, or BadInput where it or one that assists is no longer there."""
    unit = desk.bureau.unit(unit_key)
    valid = {row.key for row in desk.units(now.date())}
    if unit is None or not set(assist) <= {row.key for row in desk.bureau.units}:
        raise NotFound("没有这个单位", unit=unit_key)
    if gone := next((key for key in (unit_key, *assist) if key not in valid), None):
        raise BadInput(f"{(desk.bureau.unit(gone) or unit).name}已撤销或改名，请选现在的单位")
    return unit


def returns_until(desk: Desk, case: Case) -> Clock | None:
    """Until when the unit that has the case may send it back; None where the table sets no limit."""
    since = limits.given_at(desk, case)
    if since is None:
        return None
    return cases.clocks.objection(case, desk.clocks(local(since).date()), desk.calendar, since)


def as_seen(desk: Desk, user: User, case_id: int, version: int) -> Case:
    """The case at the version the person saw; raises NotAllowed where it is not theirs to see."""
    case = desk.store.cases.get(case_id)
    permits.demand_case(user, case)
    return replace(case, version=version)


def demand_for_unit(desk: Desk, user: User, action: str, case_id: int) -> None:
    """The unit's own people; for a unit without log-in the press office records what it tells."""
    case = desk.store.cases.get(case_id)
    unit = desk.bureau.unit(case.unit)
    if unit is not None and not unit.login and permits.may_on(user, "proxy", case):
        return
    permits.demand_on(user, action, case)


def demand_state(case: Case, states: set[str], what: str) -> None:
    """Raise IllegalMove where this step belongs to other states than the case's."""
    if case.state not in states:
        raise IllegalMove(f"办件处于“{cases.lifecycle.LABEL[case.state]}”，不能{what}", case=case.number)


def move(
    desk: Desk,
    user: User,
    case_id: int,
    version: int,
    to: str,
    action: str,
    note: str,
    now: datetime,
    kind: str = "",
) -> Case:
    """The case in its next state, if the table knows the arrow."""
    case = as_seen(desk, user, case_id, version)
    cases.lifecycle.check(case.state, to)
    return desk.store.moves.move(case, to, action=action, note=note, actor=user.name, now=now, kind=kind)
