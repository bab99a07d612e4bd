"""Cards for limits that near their end or are over.

Which card is due, and whether a limit still runs, is decided in `cases.clocks`.
"""

from __future__ import annotations

from datetime import datetime

import cases.clocks
import cases.forms
from flow.batch import each
from flow.desk import Desk
from huanyu.types import Case
from huanyu.types import Clock


def remind(desk: Desk, now: datetime) -> int:
    """Yellow and red cards, and a daily word about what nobody signed for; each goes out once, in office hours."""
    given = 0

    def remind_one(case: Case) -> None:
        nonlocal given
        given += sum(_remind(desk, case, clock, told, now) for clock in case.clocks)

    told = desk.store.limits.reminded()  # asked once: the same cards are due again every minute
    running = desk.store.limits.with_clocks(now=now)
    each("remind", [one for one in running if cases.clocks.may_remind(one, now, desk.calendar)], remind_one)
    return given


def _remind(desk: Desk, case: Case, clock: Clock, told: set[tuple[int, str, str]], now: datetime) -> bool:
    stage = cases.clocks.stage(clock, now, desk.calendar)
    if stage is None or not cases.clocks.runs(clock, case):
        return False
    once = f"{stage}:{now:%Y-%m-%d}" if clock.name == "sign" else stage
    if (case.id, clock.name, once) in told:
        return False
    # A case that was sent back is the press office's: its unit gets no more letters.
    unit = None if case.state == "returned" else desk.bureau.unit(case.unit)
    card = cases.forms.reminder(
        case,
        unit,
        clock,
        stage,
        desk.bureau.bureau,
        desk.config.settings.console_url,
        now,
    )
    return desk.store.limits.remind(case, clock.name, once, card.note, notice=card.draft, now=now)
