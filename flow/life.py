"""What a person does with a case: each function is one permission, one decision, one write.

A POST of the console calls exactly one; what a unit found is `findings`, which posts are one matter `matters`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import cases.lifecycle
from flow import permits
from flow.desk import Desk
from flow.routing import hand_over
from flow.typed import reason_of
from huanyu.errors import NotFound
from huanyu.types import Case
from huanyu.types import Route
from huanyu.types import User


def sign(desk: Desk, user: User, case_id: int, version: int, now: datetime) -> Case:
    """签收: the unit takes the case."""
    demand_for_unit(desk, user, "sign", case_id)
    return _move(desk, user, case_id, version, "signed", "signed", "已签收", now)


def send_away(desk: Desk, user: User, case_id: int, version: int, reason: str, now: datetime) -> Case:
    """退单: not this unit's business, back to the press office with a reason."""
    demand_for_unit(desk, user, "return", case_id)
    return _move(desk, user, case_id, version, "returned", "returned", reason_of(reason), now)


def refuse(desk: Desk, user: User, case_id: int, version: int, reason: str, now: datetime) -> Case:
    """不受理, with a reason."""
    permits.demand(user, "refuse")
    return _move(desk, user, case_id, version, "refused", "refused", reason_of(reason), now)


def close(desk: Desk, user: User, case_id: int, version: int, note: str, now: datetime) -> Case:
    """办结."""
    permits.demand(user, "close")
    return _move(desk, user, case_id, version, "closed", "closed", note or "办结", now)


def dispatch(desk: Desk, user: User, case_id: int, version: int, unit_key: str, now: datetime) -> Case:
    """A person names the unit of a case that no rule placed, or that came back."""
    permits.demand(user, "dispatch")
    case = as_seen(desk, user, case_id, version)
    unit = desk.bureau.unit(unit_key)
    if unit is None:
        raise NotFound("没有这个单位", unit=unit_key)
    cases.lifecycle.check(case.state, "assigned")
    found = Route(
        unit=unit.key,
        department=unit.department,
        assist=case.assist,
        rule="by_hand",
        why=f"由{user.full_name}指定",
    )
    return hand_over(desk, case, found, now, actor=user.name)


def send_to_unit(desk: Desk, user: User, case_id: int, version: int, reason: str, now: datetime) -> Case:
    """退回补充: the facts do not carry a reply; its drafts are void, the unit looks again."""
    permits.demand(user, "send_to_unit")
    return _move(desk, user, case_id, version, "signed", "sent_to_unit", reason_of(reason), now)


def as_seen(desk: Desk, user: User, case_id: int, version: int) -> Case:
    """The case at the version the person saw; raises NotAllowed where it is not theirs to see."""
    case = desk.store.cases.get(case_id)
    permits.demand_case(user, case)
    return replace(case, version=version)


def demand_for_unit(desk: Desk, user: User, action: str, case_id: int) -> None:
    """The unit's own people; for a unit without log-in the press office records what it tells."""
    unit = desk.bureau.unit(desk.store.cases.get(case_id).unit)
    if unit is not None and not unit.login and permits.may(user, "proxy"):
        return
    permits.demand(user, action)


def _move(
    desk: Desk, user: User, case_id: int, version: int, to: str, action: str, note: str, now: datetime
) -> Case:
    case = as_seen(desk, user, case_id, version)
    cases.lifecycle.check(case.state, to)
    return desk.store.moves.move(case, to, action=action, note=note, actor=user.name, now=now)
