"""A case that stands still for a while: paused for a reason, or done as far as it can be (阶段性办结)."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from datetime import timedelta

import cases.lifecycle
from flow import permits
from flow import reminding
from flow.desk import Desk
from flow.life import as_seen
from flow.life import move
from flow.reasons import because
from flow.typed import reason_of
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import IllegalMove
from huanyu.types import Case
from huanyu.types import Clock
from huanyu.types import Event
from huanyu.types import User

PAUSED = "paused"
CHECK = "check"  #: the limit that runs after 阶段性办结
MOST_ASKED = 200  #: pauses that wait, on one page
FARTHEST = timedelta(days=3 * 366)  #: from here on a day is a slip of the pen


def pause(
    desk: Desk, user: User, case_id: int, version: int, reason: str, now: datetime, kind: str = ""
) -> Case:
    """暂停: the limits that may stand still do so until the reason is gone."""
    permits.demand_on(user, "decide_pause", as_seen(desk, user, case_id, version))
    why = because(desk, "pause", kind, reason, now)
    return move(desk, user, case_id, version, PAUSED, "paused", why, now, kind)


def ask_pause(desk: Desk, user: User, case_id: int, version: int, reason: str, now: datetime) -> Case:
    """申请暂停: the unit asks the office, which decides."""
    case = as_seen(desk, user, case_id, version)
    permits.demand_on(user, "ask_pause", case)
    cases.lifecycle.check(case.state, PAUSED)
    return desk.store.duties.act(case, "pause_asked", f"申请暂停：{reason_of(reason)}", user.name, now)


def refuse_pause(desk: Desk, user: User, case_id: int, version: int, reason: str, now: datetime) -> Case:
    """不同意暂停, with a reason; the limits run on."""
    case = as_seen(desk, user, case_id, version)
    permits.demand_on(user, "decide_pause", case)
    if not any(one.id == case.id for _, one in pauses_asked(desk, user)):
        raise IllegalMove("没有等待答复的暂停申请", case=case.number)
    return desk.store.duties.act(case, "pause_refused", f"不同意暂停：{reason_of(reason)}", user.name, now)


def pauses_asked(desk: Desk, user: User) -> list[tuple[Event, Case]]:
    """Pauses that wait for this person's word."""
    states = [state for state, to in cases.lifecycle.ALLOWED.items() if PAUSED in to]
    found = desk.store.extensions.pauses_asked(states, MOST_ASKED)
    return [(asked, case) for asked, case in found if permits.may_on(user, "decide_pause", case)]


def resume(desk: Desk, user: User, case_id: int, version: int, note: str, now: datetime) -> Case:
    """恢复: the case is again where it was before it was paused."""
    permits.demand_on(user, "decide_pause", as_seen(desk, user, case_id, version))
    to = before_pause(desk, case_id)
    move(desk, user, case_id, version, to, "resumed", note.strip() or "原因消除，恢复办理", now)
    reminding.recalendar(desk, now, case_id)  # the step does it too, a few seconds later
    return desk.store.cases.get(case_id)


def before_pause(desk: Desk, case_id: int) -> str:
    """The state a paused case returns to."""
    states = [event.state for event in desk.store.cases.history(case_id)]
    back = next((state for state in reversed(states) if state != PAUSED), "assigned")
    return back if back in cases.lifecycle.ALLOWED[PAUSED] else "assigned"


def interim(
    desk: Desk, user: User, case_id: int, version: int, done: str, check_on: date, now: datetime
) -> Case:
    """阶段性办结: what is done, and the day on which somebody looks again."""
    permits.demand_on(user, "interim", as_seen(desk, user, case_id, version))
    if check_on <= local(now).date():
        raise BadInput("下次核查日期应在今天之后")
    if check_on > local(now).date() + FARTHEST:
        raise BadInput("下次核查日期在三年以后，请核对年份")
    note = f"{reason_of(done)}；下次核查：{check_on.isoformat()}"
    case = as_seen(desk, user, case_id, version)
    cases.lifecycle.check(case.state, "interim")
    limit = Clock(
        name=CHECK,
        due=desk.calendar.closing(check_on),
        why=f"阶段性办结，{check_on:%Y年%m月%d日}核查（由{user.full_name}定）",
        calendar=desk.calendar.digest,
    )
    return desk.store.duties.rest(case, "interim", note, limit, user.name, now)


def go_on(desk: Desk, user: User, case_id: int, version: int, reason: str, now: datetime) -> Case:
    """继续办理: at the check something was left to do; the unit goes on."""
    permits.demand_on(user, "interim", as_seen(desk, user, case_id, version))
    move(desk, user, case_id, version, "signed", "resumed", reason_of(reason), now)
    reminding.recalendar(desk, now, case_id)
    return desk.store.cases.get(case_id)
