"""Limits of a case as people deal with them: more time asked for and decided, a press conference held.

How long a limit is stands in clocks.toml; the steps that go on by themselves are `reminding`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import cases.clocks
from flow import permits
from flow import rights
from flow.desk import Desk
from flow.reasons import because
from flow.typed import reason_of
from flow.typed import tidy
from huanyu.bureau import ClockRow
from huanyu.clock import local
from huanyu.clock_rows import ExtendRow
from huanyu.errors import BadInput
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.errors import NotFound
from huanyu.types import Case
from huanyu.types import Clock
from huanyu.types import Extension
from huanyu.types import User

HELD = "press_held"
REFUSED = "refused"


def of(desk: Desk, case: Case, given: datetime, assist: Sequence[str] | None = None) -> tuple[Clock, ...]:
    """The limits of a case that its unit has since `given`, with what was stopped and granted in this round.

    `assist`: who is to assist, where that changes; plain names of departments owe nothing by a day.
    """
    stops, extensions = desk.store.limits.agreed(case)
    rows = desk.clocks(local(case.learned_at).date())
    named = case.assisting if assist is None else assist
    helping = [key for key in dict.fromkeys(named) if desk.bureau.unit(key) is not None]
    return cases.clocks.due(case, rows, desk.calendar, given, stops, extensions, helping)


def given_at(desk: Desk, case: Case) -> datetime | None:
    """Since when the unit that leads has the case; None while no unit has it."""
    held = (one for one in desk.store.duties.of_case(case.id) if one.part == "lead" and one.ended_at is None)
    return next((one.given_at for one in held), None)


def row_of(desk: Desk, case: Case, clock: Clock) -> ClockRow | None:
    """The row of clocks.toml that a limit is by."""
    named = (row for row in desk.bureau.clocks if clock.rule and row.id == clock.rule)
    fitting = (
        row
        for row in desk.clocks(local(case.learned_at).date())
        if row.name == clock.name and cases.clocks.fits(row, case)
    )
    return next(named, None) or next(fitting, None)


def may_extend(desk: Desk, case: Case, clock: Clock, now: datetime) -> ExtendRow | None:
    """How much more time this limit may be given; None where there is no more to ask for."""
    row = row_of(desk, case, clock)
    if row is None or row.extend is None or now > clock.due or not cases.clocks.runs(clock, case):
        return None
    _, known = desk.store.limits.agreed(case)
    spent = [one for one in known if one.clock == clock.name and one.decision != REFUSED]
    return row.extend if len(spent) < row.extend.times else None


def ask(
    desk: Desk,
    user: User,
    case_id: int,
    version: int,
    name: str,
    amount: int,
    reason: str,
    now: datetime,
    kind: str = "",
) -> int:
    """延期申请: before the limit is over, within what its row of clocks.toml allows."""
    case = replace(desk.store.cases.get(case_id), version=version)
    if not _by_proxy(desk, user, case):
        permits.demand_on(user, "ask_extension", case)
    clock = _named(case, name)
    allowed = may_extend(desk, case, clock, now)
    if allowed is None:
        raise IllegalMove("这项时限不能（再）延期，或者已经到期、停止", case=case.number, clock=name)
    if not 0 < amount <= allowed.amount:
        unit = cases.clocks.UNIT_LABEL[allowed.unit]
        raise BadInput(f"延期最多 {allowed.amount} {unit}，填的是 {amount}")
    why = because(desk, "extend", kind, reason, now)
    asked = Extension(
        id=0,
        case_id=case.id,
        round=case.round,
        clock=name,
        asked_by=user.name,
        asked_at=now,
        reason=why,
        amount=amount,
        unit=allowed.unit,
        old_due=clock.due,
        new_due=clock.due,
    )
    asked = replace(asked, new_due=_with(desk, case, clock, asked).due)
    told = f"申请延期 {amount} {cases.clocks.UNIT_LABEL[allowed.unit]}：{why}"
    return desk.store.extensions.ask(case, asked, told, now)


def decides(desk: Desk, user: User, case: Case, asked: Extension) -> bool:
    """Whether this person is one of those whom the row of the limit names, and not who asked."""
    roles = _deciders(desk, case, asked)
    return user.name != asked.asked_by and any(one.role in roles for one in rights.selves(user))


def undecided(desk: Desk, user: User, limit: int) -> list[tuple[Extension, Case]]:
    """Extensions that wait for this person's decision, with their cases, the oldest first."""
    return [
        (one, case)
        for one, case in desk.store.extensions.undecided(limit)
        if permits.may_on(user, "decide_extension", case) and decides(desk, user, case, one)
    ]


def decide(desk: Desk, user: User, extension_id: int, agree: bool, note: str, now: datetime) -> Case:
    """批准, or not: by a role that the limit's row names, never by who asked."""
    permits.demand(user, "decide_extension")
    asked = desk.store.extensions.get(extension_id)
    case = desk.store.cases.get(asked.case_id)
    permits.demand_on(user, "decide_extension", case)
    if asked.decided_at is not None:
        raise IllegalMove("这份延期申请已有人批过", case=case.number)
    if case.round != asked.round:
        raise IllegalMove("这份延期申请属于上一轮办理", case=case.number)
    clock = _named(case, asked.clock)
    _demand_role(desk, user, case, asked)
    running = cases.clocks.runs(clock, case)
    if not agree:
        told = f"不批准延期：{reason_of(note)}"
        desk.store.extensions.decide(asked, REFUSED, None, told, user.name, now)
        return desk.store.cases.get(case.id)
    if now > clock.due and running:
        raise IllegalMove("时限已过，不能再批准延期", case=case.number)
    anew = _with(desk, case, clock, asked)
    told = f"批准延期，时限改为{local(anew.due):%Y年%m月%d日 %H:%M}" + (
        f"：{note.strip()}" if note.strip() else ""
    )
    moved = anew if running else None  # what stands still is reckoned with it when it goes on
    desk.store.extensions.decide(asked, cases.clocks.AGREED, moved, told, user.name, now)
    return desk.store.cases.get(case.id)


def tell(desk: Desk, user: User, extension_id: int, how: str, now: datetime) -> None:
    """已告知反映人: the reporter knows that it takes longer, and how they were told."""
    permits.demand(user, "decide_extension")
    asked = desk.store.extensions.get(extension_id)
    permits.demand_on(user, "decide_extension", desk.store.cases.get(asked.case_id))
    if asked.decision != cases.clocks.AGREED:
        raise IllegalMove("没有批准的延期不用告知", extension=extension_id)
    way = tidy("告知方式", reason_of(how))
    desk.store.extensions.tell(asked, way, f"延期已告知反映人：{way}", user.name, now)


def held_press(desk: Desk, user: User, case_id: int, note: str, now: datetime) -> list[str]:
    """已举行新闻发布会: meets the limits whose rows say so."""
    case = desk.store.cases.get(case_id)
    permits.demand_on(user, "write_press", case)
    rules = desk.bureau.met_by().get(HELD, frozenset())
    told = f"已举行新闻发布会：{tidy('说明', reason_of(note))}"
    met = desk.store.limits.meet(case, rules, HELD, told, now, user.name)
    if not met:
        raise IllegalMove("本件没有等待新闻发布会的时限", case=case.number)
    return met


def _named(case: Case, name: str) -> Clock:
    found = next((clock for clock in case.clocks if clock.name == name), None)
    if found is None:
        raise NotFound("本件没有这项时限", clock=name)
    return found


def _by_proxy(desk: Desk, user: User, case: Case) -> bool:
    unit = desk.bureau.unit(case.unit)
    return unit is not None and not unit.login and permits.may_on(user, "proxy", case)


def _demand_role(desk: Desk, user: User, case: Case, asked: Extension) -> None:
    roles = _deciders(desk, case, asked)
    if not decides(desk, user, case, asked):
        names = "、".join(permits.ROLES.get(role, role) for role in roles) or "无人"
        raise NotAllowed(f"这项时限的延期由{names}批准，不能由申请人自己批", case=case.number, user=user.name)


def _deciders(desk: Desk, case: Case, asked: Extension) -> tuple[str, ...]:
    row = row_of(desk, case, _named(case, asked.clock))
    return row.extend.by if row is not None and row.extend is not None else ()


def _with(desk: Desk, case: Case, clock: Clock, asked: Extension) -> Clock:
    """The limit as it is once `asked` is granted."""
    granted = replace(asked, decision=cases.clocks.AGREED)
    stops, known = desk.store.limits.agreed(case)
    others = [one for one in known if one.id != granted.id]
    return cases.clocks.reckoned(clock, desk.calendar, stops, [*others, granted])
