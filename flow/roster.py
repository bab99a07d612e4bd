"""The roster and the deputies, as a person writes them: who has duty from when to when, who is away, who stands in.

What duty and standing in let somebody do is `permits`; who has duty now is `rostering`.
"""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta

from flow import permits
from flow import rights
from flow.desk import Desk
from huanyu.errors import BadInput
from huanyu.errors import NotAllowed
from huanyu.errors import NotFound
from huanyu.types import User

LONGEST_SHIFT = timedelta(days=15)  # a longer one is a slip of the keyboard
LONGEST_ABSENCE = timedelta(days=366)
APART = frozenset({"admin", "assessor"})  # nobody of another role stands in for them, nor they for others


def add_shift(
    desk: Desk,
    user: User,
    unit_key: str,
    name: str,
    from_at: datetime,
    to_at: datetime,
    kind: str,
    now: datetime,
) -> int:
    """Put a person on the roster of a unit; raises BadInput or NotAllowed."""
    permits.demand(user, "edit_roster")
    if unit_key not in {row.key for row in desk.units(now.date())}:
        raise NotFound("没有这个单位")
    if kind not in desk.bureau.bureau.shift_kinds:
        raise BadInput(f"班次种类只能是{'、'.join(desk.bureau.bureau.shift_kinds)}")
    _check_span(from_at, to_at, LONGEST_SHIFT, now)
    person = _person(desk, name)
    _demand(user, unit_key)
    return desk.store.rosters.add_shift(unit_key, person.id, from_at, to_at, kind, actor=user.name, now=now)


def end_shift(desk: Desk, user: User, shift_id: int, now: datetime) -> str:
    """Take a person off the roster, from now on; returns the unit whose roster it was."""
    permits.demand(user, "edit_roster")
    unit = desk.store.rosters.shift(shift_id).unit
    _demand(user, unit)
    desk.store.rosters.end_shift(shift_id, actor=user.name, now=now)
    return unit


def add_absence(
    desk: Desk, user: User, name: str, from_at: datetime, to_at: datetime, deputy: str, now: datetime
) -> int:
    """Somebody is away; the deputy may do what they may, and no more. One's own absence may be told by oneself."""
    person, stand_in = _person(desk, name), _person(desk, deputy)
    _demand_absence(user, person)
    _check_span(from_at, to_at, LONGEST_ABSENCE, now)
    if person.id == stand_in.id:
        raise BadInput("代理人不能是本人")
    if person.unit != stand_in.unit or not stands_for(stand_in.role, person.role):
        raise BadInput("代理人要与本人同一单位；管理员、第三方评估人员只能互相代理")
    return desk.store.rosters.add_absence(person.id, from_at, to_at, stand_in.id, actor=user.name, now=now)


def stands_for(role: str, away: str) -> bool:
    """Whether a person of one role may stand in for one of another: who watches over the others stays apart."""
    return role == away or not APART & {role, away}


def end_absence(desk: Desk, user: User, absence_id: int, now: datetime) -> None:
    """The person is back; their deputy stops standing in at once."""
    away = desk.store.rosters.absence(absence_id).user_id
    _demand_absence(user, next(one for one in desk.store.people.users() if one.id == away))
    desk.store.rosters.end_absence(absence_id, actor=user.name, now=now)


def may_edit(user: User, unit_key: str) -> bool:
    """Whether this person keeps the roster of this unit: a head only those of the own unit and below."""
    return user.active and any(
        one.role in permits.PERMITS["edit_roster"]
        and (one.role != "head" or unit_key in {one.unit, *one.below})
        for one in rights.selves(user)
    )


def _demand(user: User, unit_key: str) -> None:
    permits.demand(user, "edit_roster")
    if not may_edit(user, unit_key):
        raise NotAllowed("只能排本单位和下属单位的班", user=user.name)


def _demand_absence(user: User, person: User) -> None:
    """One's own, or of somebody whose roster one keeps; a deputy of a leader is named by the leader or an admin."""
    if user.id == person.id:
        return
    _demand(user, person.unit)
    if person.role in {"leader", "admin", "reviewer"} and user.role != "admin":
        raise NotAllowed("局领导、审核和管理员的代理由本人或管理员登记", user=user.name)


def _check_span(from_at: datetime, to_at: datetime, longest: timedelta, now: datetime) -> None:
    if to_at <= from_at:
        raise BadInput("结束时间要晚于开始时间")
    if to_at <= now:
        raise BadInput("结束时间已经过去")
    if to_at - from_at > longest:
        raise BadInput(f"一次最长 {longest.days} 天")


def _person(desk: Desk, name: str) -> User:
    found = desk.store.people.user(name.strip().lower())
    if found is None or not found[0].active:
        raise BadInput(f"没有用户 {name.strip() or '（空）'}，或者已停用")
    return found[0]
