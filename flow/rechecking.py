"""整改复查: somebody looks again at what was to be put right by a day, also of a case that is closed by then.

Until when is a row of clocks.toml; the limit begins when the result is recorded (`findings`).
"""

from __future__ import annotations

from datetime import date
from datetime import datetime

import cases.clocks
from flow.desk import Desk
from flow.life import as_seen
from flow.life import demand_for_unit
from flow.resting import FARTHEST
from flow.typed import reason_of
from flow.typed import tidy
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import IllegalMove
from huanyu.types import Case
from huanyu.types import Clock
from huanyu.types import User


def waiting(case: Case) -> Clock | None:
    """The limit until which somebody has to look again; None where nobody has to."""
    found = (clock for clock in case.clocks if clock.name == cases.clocks.RECTIFY)
    return next((clock for clock in found if cases.clocks.runs(clock, case)), None)


def recheck(
    desk: Desk,
    user: User,
    case_id: int,
    version: int,
    done: bool,
    found: str,
    now: datetime,
    again_by: date | None = None,
) -> Case:
    """复查: what was found on the spot; what is not put right is looked at again after a new day."""
    demand_for_unit(desk, user, "recheck", case_id)
    case = as_seen(desk, user, case_id, version)
    if waiting(case) is None:
        raise IllegalMove("本件没有等待复查的整改", case=case.number)
    said = tidy("复查情况", reason_of(found))
    if done:
        return desk.store.sequels.recheck(case, f"整改复查：已整改到位；{said}", None, user.name, now)
    today = local(now).date()
    if again_by is None or again_by <= today:
        raise BadInput("没有整改到位的，请填写新的整改期限（今天之后）")
    if again_by > today + FARTHEST:
        raise BadInput("新的整改期限在三年以后，请核对年份")
    anew = cases.clocks.recheck(case, again_by, desk.clocks(today), desk.calendar)
    note = f"整改复查：没有整改到位；{said}；整改期限改为 {again_by.isoformat()}"
    return desk.store.sequels.recheck(case, note, anew, user.name, now)
