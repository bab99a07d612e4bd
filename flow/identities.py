"""Who reported a case, shown to whoever may know and says why; leave for a unit, given and taken back by the office.

Every look is a row that nobody can change. The checks of outgoing texts look in `checks`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from typing import Final

from flow import permits
from flow import rights
from flow.desk import Desk
from flow.typed import tidy
from huanyu.errors import BadInput
from huanyu.errors import NotAllowed
from huanyu.store.audit import SYSTEM
from huanyu.store.nouns import IdentityRead
from huanyu.store.unsealing import Lost
from huanyu.types import Case
from huanyu.types import Grant
from huanyu.types import User

SHORTEST, LONGEST = 4, 500  # characters of a reason
#: Keys of identities that were not typed under a Chinese heading.
NAMES: Final = {"name": "姓名", "phone": "电话", "address": "住址", "author": "网名", "contact": "联系方式"}

#: What is typed for a name where none was told.
NOBODY: Final = frozenset(
    (
        "匿名",
        "不详",
        "保密",
        "未留",
        "未提供",
        "无名",
        "群众",
        "市民",
        "居民",
        "村民",
        "业主",
        "网民",
        "网友",
        "先生",
        "女士",
    )
)


@dataclass(frozen=True, slots=True)
class Told:
    """One fact of a reporter: 姓名, 王某."""

    name: str
    value: str


def may_read(desk: Desk, user: User, case: Case, now: datetime) -> bool:
    """Whether this person may read who reported the case, with a reason: by role, or by leave of the office."""
    if not permits.may_see(user, case):
        return False
    if permits.may_on(user, "read_reporter", case):
        return True
    return any(desk.store.grants.holds(case.id, one, now) for one in rights.selves(user))


def read(desk: Desk, user: User, case_id: int, reason: str, now: datetime) -> tuple[tuple[Told, ...], ...]:
    """Every reporter of a case, and a line in the log of looks; raises NotAllowed or BadInput.

    What cannot be opened is said in its place.
    """
    case = desk.store.cases.get(case_id)
    permits.demand_case(user, case)
    if not may_read(desk, user, case, now):
        raise NotAllowed("查看举报人信息须有权限，或经宣教科授权", user=user.name, case=case.number)
    found = desk.store.people.reporters(case.id, actor=user.name, reason=_reason(reason), now=now)
    return tuple((Told("读不出", one.told),) if isinstance(one, Lost) else facts(one) for one in found)


@dataclass(frozen=True, slots=True)
class Looks:
    """Who looked at the reporter of a case; the program's own, for leaks before a text leaves, are only counted."""

    people: tuple[IdentityRead, ...]
    checks: int


def looks(desk: Desk, case_id: int) -> Looks:
    """Every look at the reporter of a case, oldest first."""
    found = desk.store.people.identity_reads(case_id)
    people = tuple(one for one in found if one.actor != SYSTEM)
    return Looks(people, len(found) - len(people))


def grant(
    desk: Desk, user: User, case_id: int, unit: str, name: str, days: int, reason: str, now: datetime
) -> int:
    """Let a unit that has the case, or one person of it, read who reported it, for some days."""
    case = desk.store.cases.get(case_id)
    permits.demand_on(user, "read_reporter", case)
    longest = desk.bureau.bureau.grant_days
    if not 1 <= days <= longest:
        raise BadInput(f"授权期限为 1 到 {longest} 天")
    if unit not in {case.unit, *case.assisting}:
        raise BadInput("只能授权给正在承办、协办本件的单位")
    person = _colleague(desk, unit, name)
    until = now + timedelta(days=days)
    return desk.store.grants.add(
        case.id, unit, person.id if person else None, _reason(reason), until, actor=user.name, now=now
    )


def revoke(desk: Desk, user: User, case_id: int, grant_id: int, now: datetime) -> None:
    """Take leave back before its time."""
    permits.demand_on(user, "read_reporter", desk.store.cases.get(case_id))
    desk.store.grants.revoke(case_id, grant_id, actor=user.name, now=now)


def standing(desk: Desk, case_id: int, now: datetime) -> list[Grant]:
    """Leave that holds now."""
    return [one for one in desk.store.grants.of_case(case_id) if one.revoked_at is None and one.until > now]


def facts(identity: str) -> tuple[Told, ...]:
    """What a sealed identity says, fact by fact; one that is no JSON object is a fact as it stands."""
    try:
        told = json.loads(identity)
    except ValueError:
        return (Told("举报人", identity),)
    if not isinstance(told, dict):
        return (Told("举报人", str(told)),)
    return tuple(
        Told(NAMES.get(str(name), str(name)), str(value))
        for name, value in told.items()
        if str(value).strip()
    )


def is_name(fact: Told) -> bool:
    """Whether the fact is what somebody is called, and not that nobody said so."""
    called = fact.name in {"姓名", "网名", "举报人"} or fact.name.endswith("人")
    return called and len(fact.value) > 1 and fact.value not in NOBODY


def _reason(text: str) -> str:
    told = tidy("理由", text).strip()
    if not SHORTEST <= len(told) <= LONGEST:
        raise BadInput(f"请写明理由，{SHORTEST} 到 {LONGEST} 字；每次查看都留有记录")
    return told


def _colleague(desk: Desk, unit: str, name: str) -> User | None:
    if not name.strip():
        return None
    found = desk.store.people.user(name.strip().lower())
    if found is None or found[0].unit != unit or not found[0].active:
        raise BadInput("这个单位没有这位人员")
    return found[0]
