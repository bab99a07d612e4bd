"""拆分: one case for several units at once, each with a part of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import cases.clocks
import cases.lifecycle
from flow import permits
from flow.desk import Desk
from flow.life import as_seen
from flow.routing import notice
from flow.typed import tidy
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import IllegalMove
from huanyu.types import Case
from huanyu.types import Clock
from huanyu.types import Draft
from huanyu.types import Route
from huanyu.types import User

#: states of a whole that can still be split
WHOLE = frozenset({"pending", "accepted", "assigned", "signed", "onsite", "returned"})
MOST = 9


def split(
    desk: Desk,
    user: User,
    case_id: int,
    version: int,
    parts: Sequence[tuple[str, str]],
    now: datetime,
) -> list[Case]:
    """Open a part for each (unit, what it is to do) and hand it over; the whole waits for all of them."""
    case = as_seen(desk, user, case_id, version)
    permits.demand_on(user, "split", case)
    if case.parent_id is not None or case.state not in WHOLE:
        raise IllegalMove(f"{case.number}{cases.lifecycle.LABEL[case.state]}，不能拆分", case=case.number)
    wanted = [
        (unit.strip(), tidy("子件内容", what).strip()) for unit, what in parts if unit.strip() or what.strip()
    ]
    _check(desk, wanted, now)

    def papers(part: Case, found: Route) -> tuple[tuple[Clock, ...], Draft | None]:
        rows = desk.clocks(local(part.learned_at).date())
        limits = cases.clocks.due(part, rows, desk.calendar, now)
        return limits, notice(desk, part, found, limits, now)

    given = [(what, _route(desk, user, unit)) for unit, what in wanted]
    return desk.store.splits.split(case, given, papers, user.name, now)


def _check(desk: Desk, wanted: Sequence[tuple[str, str]], now: datetime) -> None:
    valid = {row.key for row in desk.units(now.date())}
    if not wanted:
        raise BadInput("请至少填写一个子件")
    if len(wanted) > MOST:
        raise BadInput(f"一次最多拆成 {MOST} 个子件")
    for number, (unit, what) in enumerate(wanted, start=1):
        if unit not in valid:
            raise BadInput(f"第 {number} 个子件：请选择承办单位")
        if not 2 <= len(what) <= 60:
            raise BadInput(f"第 {number} 个子件：请写明办理内容（2 至 60 字）")


def _route(desk: Desk, user: User, key: str) -> Route:
    unit = desk.bureau.unit(key)
    department = unit.department if unit else ""
    return Route(
        unit=key, department=department, assist=(), rule="by_hand", why=f"由{user.full_name}拆分指定"
    )
