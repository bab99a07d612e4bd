"""What the office and assisting units add to a case without moving it: 督办, 包案, 协办意见, word with the reporter."""

from __future__ import annotations

from datetime import datetime

import cases.lifecycle
from flow import permits
from flow.desk import Desk
from flow.life import as_seen
from flow.revisiting import WAYS
from flow.typed import reason_of
from flow.typed import tidy
from huanyu.errors import BadInput
from huanyu.errors import IllegalMove
from huanyu.errors import NotFound
from huanyu.types import Case
from huanyu.types import User

STAGES = {"accepted": "已受理", "forwarded": "已转办", "result": "办理结果", "transferred": "已移送"}


def supervise(desk: Desk, user: User, case_id: int, version: int, demand: str, now: datetime) -> Case:
    """督办: what is demanded of the unit now, told to it in its history."""
    case = as_seen(desk, user, case_id, version)
    permits.demand_on(user, "supervise", case)
    if not case.unit or not cases.lifecycle.is_open(case.state):
        raise IllegalMove("没有单位在办，不能督办", case=case.number)
    return desk.store.duties.act(case, "supervised", f"督办：{reason_of(demand)}", user.name, now)


def take_charge(desk: Desk, user: User, case_id: int, version: int, whom: str, now: datetime) -> Case:
    """包案: the person who answers for the case to its end; nobody ("") lifts it."""
    case = as_seen(desk, user, case_id, version)
    permits.demand_on(user, "take_charge", case)
    found = desk.store.people.user(whom.strip()) if whom.strip() else None
    if whom.strip() and found is None:
        raise NotFound("没有这位用户", user=whom)
    told = f"由{found[0].full_name}包案" if found else "不再包案"
    owner = found[0].name if found else ""
    return desk.store.duties.act(case, "owned", told, user.name, now, values={"owner": owner})


def opine(desk: Desk, user: User, case_id: int, opinion: str, now: datetime) -> Case:
    """协办意见: of the person's own unit, which assists; the unit that leads stays."""
    case = desk.store.cases.get(case_id)
    permits.demand_on(user, "opinion", case)
    unit = user.unit if user.unit in case.assisting else next(iter(case.assisting), "")
    said = tidy("协办意见", opinion).strip()
    if not said:
        raise BadInput("请填写协办意见")
    return desk.store.duties.opine(case, unit, said, user.name, now)


def tell(desk: Desk, user: User, case_id: int, way: str, stage: str, told: str, now: datetime) -> None:
    """沟通: the reporter was told something by telephone, in the group, by letter."""
    case = desk.store.cases.get(case_id)
    permits.demand_on(user, "follow_up", case)
    if way not in WAYS or stage not in STAGES:
        raise BadInput("请选择告知方式和内容")
    meets = desk.bureau.met_by().get("contact", frozenset())
    desk.store.duties.tell(case, way, stage, reason_of(told), user.name, now, meets)
