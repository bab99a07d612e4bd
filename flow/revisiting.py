"""What follows a report: a person reviews it, the reporter is asked, the case is closed or done again.

Which results need a review is decided by `findings`; the arrows by `cases.lifecycle`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import cases.clocks
import cases.lifecycle
from flow import permits
from flow.desk import Desk
from flow.life import UNSATISFIED
from flow.life import as_seen
from flow.life import demand_state
from flow.reasons import because
from flow.routing import notice
from flow.routing import route_of
from flow.typed import tidy
from huanyu.errors import BadInput
from huanyu.errors import IllegalMove
from huanyu.types import Case
from huanyu.types import User

SATISFIED = ("满意", "基本满意", UNSATISFIED, "未联系上", "不愿评价")
WAYS = ("电话", "群内", "短信", "来信", "当面")


def accept_result(desk: Desk, user: User, case_id: int, version: int, now: datetime, note: str = "") -> Case:
    """审核通过: what the unit reported carries an answer; by somebody else than who wrote it down."""
    case = as_seen(desk, user, case_id, version)
    permits.demand_on(user, "check_result", case)
    demand_state(case, {"reported"}, "审核")
    if case.result is not None and case.result.recorded_by == user.name:
        raise IllegalMove("本人填报或代录的反馈，由其他人审核", case=case.number)
    said = tidy("审核意见", note).strip()
    told = f"审核通过：{said}" if said else "审核通过"
    return desk.store.duties.review(case, "handled", "accepted", told, user.name, now)


def visit(
    desk: Desk, user: User, case_id: int, version: int, way: str, satisfied: str, note: str, now: datetime
) -> Case:
    """回访: what the reporter says of the answer."""
    case = as_seen(desk, user, case_id, version)
    permits.demand_on(user, "follow_up", case)
    cases.lifecycle.check(case.state, "visited")
    if satisfied not in SATISFIED or way not in WAYS:
        raise BadInput("请选择回访方式和结果")
    said = tidy("回访记录", note).strip()
    if satisfied == UNSATISFIED and not said:
        raise BadInput("不满意的，请写明不满意在哪里")
    return desk.store.duties.visit(case, way, satisfied, said, user.name, now)


def redo(desk: Desk, user: User, case_id: int, version: int, demand: str, now: datetime) -> Case:
    """重办: the same unit does it again in a new round, with limits that begin now."""
    case = as_seen(desk, user, case_id, version)
    permits.demand_on(user, "dispatch", case)
    demand_state(case, {"visited"}, "重办")
    unit = desk.bureau.unit(case.unit)
    if unit is None or not unit.valid_on(now.date()):
        raise IllegalMove("原承办单位已撤销或改名，请重启后另行派单", case=case.number)
    why = f"回访{case.satisfied or '后'}，重办：{because(desk, 'redo', '', demand, now)}"
    found = replace(route_of(case), why=why)
    again = replace(case, learned_at=now, state="assigned", accepted_at=None, answered_at=None, clocks=())
    helping = [key for key in case.assist if key != case.unit and desk.bureau.unit(key)]
    rows = desk.clocks(now.date())
    limits = cases.clocks.due(again, rows, desk.calendar, assigned_at=now, assist=helping)
    slip = notice(desk, again, found, limits, now)
    return desk.store.moves.assign(
        case, found, clocks=limits, notice=slip, actor=user.name, now=now, learned_at=now
    )
