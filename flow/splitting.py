"""拆分: one case for several units at once, each with a part of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import cases.clocks
import cases.forms
import cases.lifecycle
from flow import permits
from flow.desk import Desk
from flow.life import as_seen
from flow.routing import notice
from flow.typed import reason_of
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
    with desk.store.in_line():
        return desk.store.splits.split(case, given, papers, user.name, now)


def undo(desk: Desk, user: User, case_id: int, version: int, reason: str, now: datetime) -> Case:
    """撤销拆分: the parts end, what they found stays readable there, the whole is one matter again."""
    case = as_seen(desk, user, case_id, version)
    permits.demand_on(user, "split", case)
    why = tidy("理由", reason_of(reason))
    parts = undoable(desk, case)
    if not parts:
        raise IllegalMove("本件没有还能撤销的子件", case=case.number)
    told = [(part, _word(desk, part, case, now)) for part in parts]
    with desk.store.in_line():
        return desk.store.splits.unite(case, told, why, user.name, now)


def undoable(desk: Desk, case: Case) -> list[Case]:
    """The parts that an undone 拆分 would end: all that are not ended, and none where one of them is past that."""
    parts = [part for part in desk.store.splits.children(case.id) if part.state != "joined"]
    if case.state not in WHOLE or not all("joined" in cases.lifecycle.ALLOWED[part.state] for part in parts):
        return []
    return parts


def _word(desk: Desk, part: Case, whole: Case, now: datetime) -> Draft | None:
    """The word to the unit of a part that it goes on in the whole."""
    unit, by = desk.bureau.unit(part.unit), desk.bureau.unit(whole.unit) if whole.unit else None
    if unit is None:
        return None
    return cases.forms.joined(
        part, unit, whole, by, desk.bureau.bureau, desk.config.settings.console_url, now
    )


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
