"""协办 added and taken out while the case stays with the unit that leads it, and keeps its signature and limits.

Who is offered to assist is the page's business; what an assisting unit says is `supervising.opine`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import cases.forms
from cases.clocks import OPINION
from cases.routing import helped_by
from flow import limits
from flow import permits
from flow.desk import Desk
from flow.life import as_seen
from flow.life import demand_state
from flow.life import unit_of
from flow.routing import AT_WORK
from flow.routing import assist_names
from flow.routing import route_of
from flow.typed import reason_of
from flow.typed import tidy
from huanyu.bureau import UnitRow
from huanyu.errors import BadInput
from huanyu.errors import NotFound
from huanyu.types import Case
from huanyu.types import Clock
from huanyu.types import Draft
from huanyu.types import Route
from huanyu.types import User


def add(desk: Desk, user: User, case_id: int, version: int, unit_key: str, asked: str, now: datetime) -> Case:
    """增加协办: one more unit, told by a slip of its own, with its own day for its opinion."""
    case, unit = _ready(desk, user, case_id, version, "增加协办"), unit_of(desk, unit_key, (), now)
    if case.restricted:
        raise BadInput("限定范围的件不加协办单位")
    permits.demand_given(user, case, unit.key)
    if unit.key in {case.unit, *case.assisting}:
        raise BadInput(f"{unit.short}已在办理本件")
    what = tidy("请协办的内容", asked).strip()
    names = helped_by(case.assist, (unit,))
    fresh = replace(case, clocks=())  # what it owed and did before it was taken out counts no more
    owed = [one for one in limits.of(desk, fresh, now, (unit.key,)) if one.owed_by == unit.key]
    told = f"增加协办：{unit.short}{f'，请其{what}' if what else ''}"
    slip = _slip(desk, replace(case, assist=names), unit, owed, what, now)
    return desk.store.duties.assist(case, names, owed, slip, "assist_added", told, user.name, now)


def take_out(
    desk: Desk, user: User, case_id: int, version: int, unit_key: str, reason: str, now: datetime
) -> Case:
    """撤销协办: the unit is told why, and owes nothing any more; what it has said stays in the history."""
    case, unit = _ready(desk, user, case_id, version, "撤销协办"), desk.bureau.unit(unit_key)
    if unit is None or unit_key not in case.assisting:
        raise NotFound("该单位没有协办本件", case=case.number)
    why = tidy("理由", reason_of(reason))
    names = tuple(name for name in case.assist if name != unit_key)
    bureau, url = desk.bureau.bureau, desk.config.settings.console_url
    word = cases.forms.let_go(case, unit, why, bureau, url, now)
    told = f"撤销协办：{unit.short}；理由：{why}"
    return desk.store.duties.assist(case, names, (), word, "assist_ended", told, user.name, now)


def may_change(user: User, case: Case) -> bool:
    """Whether this person may add or take out who assists, as the case stands."""
    return case.state in AT_WORK and bool(case.unit) and permits.may_on(user, "dispatch", case)


def with_helpers(desk: Desk, case: Case, found: Route) -> Route:
    """What the rules find, with the units that assist already: rules name departments, people name units."""
    helping = [unit for key in case.assist if key in case.assisting and (unit := desk.bureau.unit(key))]
    return replace(
        found, assist=helped_by(found.assist, (unit for unit in helping if unit.key != found.unit))
    )


def _ready(desk: Desk, user: User, case_id: int, version: int, what: str) -> Case:
    case = as_seen(desk, user, case_id, version)
    permits.demand_on(user, "dispatch", case)
    demand_state(case, set(AT_WORK), what)
    return case


def _slip(
    desk: Desk, case: Case, unit: UnitRow, owed: list[Clock], asked: str, now: datetime
) -> Draft | None:
    found = replace(route_of(case), assist=assist_names(desk, case.assist))
    until = next((one for one in owed if one.name == OPINION), None)
    bureau, url = desk.bureau.bureau, desk.config.settings.console_url
    return cases.forms.assist_notice(case, unit, found, bureau, url, now, until, asked)
