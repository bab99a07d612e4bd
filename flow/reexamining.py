"""信访 复查 and 复核: asked for by who was told a result, each once and within its days, decided within thirty more.

How long a limit is, and for which channels there is one, are rows of clocks.toml (信访工作条例 35, 36).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import time
from typing import Final

import cases.clocks
from cases.clocks import REEXAMINE
from cases.clocks import REVERIFY
from flow import permits
from flow.desk import Desk
from flow.life import as_seen
from flow.typed import reason_of
from flow.typed import tidy
from huanyu.clock import SHANGHAI
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import IllegalMove
from huanyu.types import Case
from huanyu.types import Clock
from huanyu.types import User

LABEL: Final = {REEXAMINE: "复查", REVERIFY: "复核"}
OUTCOMES: Final = ("维持原处理意见", "撤销原处理意见，责令重新处理", "变更处理意见")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where a petition stands between its answer and its end."""

    name: str  #: reexamine | reverify; "" once both are done
    waits: Clock | None  #: asked for and not decided
    until: Clock | None  #: until when it may be asked for

    @property
    def label(self) -> str:
        """复查 or 复核."""
        return LABEL.get(self.name, "")


def stage(desk: Desk, case: Case, now: datetime) -> Stage | None:
    """What may be asked for or waits for a decision; None for what is no petition, or not answered yet."""
    since = case.answered_at or (case.closed_at if case.state == "closed" else None)
    if since is None or case.parent_id is not None or case.state == "joined":
        return None
    rows = desk.clocks(local(now).date())
    known = {one.name: one for one in case.clocks if one.name in LABEL}
    for name in LABEL:
        one = known.get(name)
        if one is None:
            until = cases.clocks.appeal(case, since, rows, desk.calendar)
            return Stage(name=name, waits=None, until=until) if until else None
        if one.met_at is None:
            return Stage(name=name, waits=one, until=None)
        since = one.met_at
    return Stage(name="", waits=None, until=None)


def ask(
    desk: Desk, user: User, case_id: int, version: int, asked_on: date, reason: str, now: datetime
) -> Case:
    """登记请求: the day the applicant asked, from which the limit runs."""
    permits.demand(user, "follow_up")
    case = as_seen(desk, user, case_id, version)
    here = stage(desk, case, now)
    if here is None or here.until is None or here.until.from_at is None:
        raise IllegalMove("本件现在不能登记复查、复核请求", case=case.number)
    first, last = local(here.until.from_at).date(), local(here.until.due).date()
    if not first <= asked_on <= local(now).date():
        raise BadInput(f"请求日期应在{first.isoformat()}（告知结果之日）和今天之间")
    if asked_on > last:
        raise BadInput(f"请求{here.label}的期限是{last.isoformat()}（{here.until.why}），逾期不再受理")
    begun = datetime.combine(asked_on, time(9), SHANGHAI)
    limit = cases.clocks.asked_again(here.name, case, begun, desk.clocks(asked_on), desk.calendar)
    if limit is None:
        raise IllegalMove(f"时限表里没有{here.label}的时限", case=case.number)
    note = f"{asked_on.isoformat()} 反映人请求{here.label}：{tidy('请求', reason_of(reason))}"
    return desk.store.sequels.appeal(case, limit, note, user.name, now)


def decide(
    desk: Desk, user: User, case_id: int, version: int, outcome: str, told: str, now: datetime
) -> Case:
    """登记复查、复核意见, and how the applicant was told of it."""
    permits.demand(user, "follow_up")
    case = as_seen(desk, user, case_id, version)
    here = stage(desk, case, now)
    if here is None or here.waits is None:
        raise IllegalMove("本件没有等待复查、复核的请求", case=case.number)
    if outcome not in OUTCOMES:
        raise BadInput("请选择复查、复核的意见")
    note = f"{here.label}意见：{outcome}；{tidy('说明', reason_of(told))}"
    return desk.store.sequels.decide_appeal(case, here.name, note, user.name, now)
