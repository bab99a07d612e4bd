"""The list of cases as a file for a spreadsheet: what the list shows, masked, and never who reported.

Asks the store, makes the lines; how a cell is made safe is `huanyu.cells`.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import cases.lifecycle
from cases.clocks import next_due
from flow import permits
from flow import rights
from flow.desk import Desk
from huanyu.cells import Cell
from huanyu.cells import sheet
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.kinds import KIND_LABEL
from huanyu.redact import mask
from huanyu.text import without_position
from huanyu.types import Case
from huanyu.types import User

MOST: Final = 10_000  # cases in one file
TICKED: Final = 100  # of those a person ticks one by one
HEAD: Final = (
    "编号",
    "外部编号",
    "事项",
    "问题类型",
    "辖区",
    "地点",
    "等级",
    "紧急",
    "状态",
    "承办单位",
    "协办单位",
    "反映条数",
    "第几轮",
    "知悉时间",
    "立件时间",
    "签收时间",
    "到场时间",
    "答复时间",
    "办结时间",
    "最近时限",
    "到期时间",
    "结论",
    "处理措施",
    "满意度",
)


def case_list(
    desk: Desk,
    user: User,
    states: Collection[str],
    unit: str,
    text: str,
    now: datetime,
) -> bytes:
    """The cases this person's list shows with these filters, newest first, as CSV; the audit trail says which.

    Raises NotAllowed, or BadInput where they are more than one file holds.
    """
    permits.demand(user, "export_cases")
    found = desk.store.cases.listing(
        unit=unit or None,
        states=states,
        text=text,
        limit=MOST + 1,
        deep=permits.may(user, "see_posts"),
        seer=rights.seer(user),
    )
    if len(found) > MOST:
        raise BadInput(f"一次最多导出 {MOST} 件，请按状态、承办单位分批导出")
    return _noted(desk, user, found, [*sorted(states), unit, text], now)


def ticked(desk: Desk, user: User, case_ids: Sequence[int], now: datetime) -> bytes:
    """The cases that were ticked, as CSV: all of them, or where one is not this person's to read, none.

    Raises NotFound, NotAllowed, or BadInput where none was ticked or too many.
    """
    permits.demand(user, "export_cases")
    wanted = list(dict.fromkeys(case_ids))
    if not wanted:
        raise BadInput("请先勾选要导出的案件")
    if len(wanted) > TICKED:
        raise BadInput(f"一次最多导出所勾选的 {TICKED} 件；更多的请按条件导出")
    found = [desk.store.cases.get(one) for one in wanted]
    for case in found:
        permits.demand_case(user, case)
    return _noted(desk, user, found, ["ticked"], now)


def _noted(desk: Desk, user: User, found: Sequence[Case], asked: Sequence[str], now: datetime) -> bytes:
    made = sheet([HEAD, *(line(desk, case) for case in found)])
    desk.store.exports.note([case.id for case in found], asked, user.name, now)
    return made


def line(desk: Desk, case: Case) -> tuple[Cell, ...]:
    """One case as it stands in the file."""
    clock = next_due(case)
    result = case.result
    return (
        case.number,
        case.external_number,
        mask(case.title),
        "、".join(KIND_LABEL.get(kind, kind) for kind in case.kinds),
        desk.bureau.area_name(case.area),
        mask(without_position(case.place)),
        case.level,
        "是" if case.urgent else "",
        cases.lifecycle.LABEL.get(case.state, case.state),
        _unit(desk, case.unit),
        "、".join(_unit(desk, one) for one in case.assist),
        case.posts,
        case.round,
        *(_when(at) for at in (case.learned_at, case.opened_at, case.signed_at, case.arrived_at)),
        *(_when(at) for at in (case.answered_at, case.closed_at)),
        clock.why if clock else "",
        _when(clock.due if clock else None),
        result.finding if result else "",
        mask(result.measure) if result else "",
        mask(case.satisfied),
    )


def _unit(desk: Desk, key: str) -> str:
    unit = desk.bureau.unit(key)
    return unit.short if unit else key


def _when(moment: datetime | None) -> str:
    return f"{local(moment):%Y-%m-%d %H:%M}" if moment else ""
