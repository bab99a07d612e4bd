"""回避: whoever has an interest in a case neither sees nor handles it; asked in one place, `rights.scope`."""

from __future__ import annotations

from datetime import datetime

from flow import permits
from flow.desk import Desk
from flow.reasons import because
from flow.typed import reason_of
from huanyu.errors import NotFound
from huanyu.types import User


def recuse(
    desk: Desk, user: User, case_id: int, whom: str, reason: str, now: datetime, kind: str = ""
) -> None:
    """Keep a person away from a case: oneself, if one writes here at all; anybody else by the office or a leader."""
    case = desk.store.cases.get(case_id)
    permits.demand_case(user, case)
    permits.demand(user, "recuse_self")
    person = _person(desk, whom or user.name)
    if person.id != user.id:
        permits.demand_on(user, "recuse", case)
    why = because(desk, "recuse", kind, reason, now)
    desk.store.duties.recuse(case, person.id, person.full_name, why, user.name, now)


def lift(desk: Desk, user: User, case_id: int, whom: str, reason: str, now: datetime) -> None:
    """Let somebody back to the case; never oneself."""
    case = desk.store.cases.get(case_id)
    permits.demand_on(user, "recuse", case)
    person = _person(desk, whom)
    desk.store.duties.lift_recusal(case, person.id, person.full_name, reason_of(reason), user.name, now)


def _person(desk: Desk, name: str) -> User:
    found = desk.store.people.user(name.strip())
    if found is None:
        raise NotFound("没有这位用户", user=name)
    return found[0]
