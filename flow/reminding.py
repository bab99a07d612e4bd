"""Limits that go on by themselves: reckoned anew after a pause or a holiday notice, their cards planned and given.

How long a limit is, is decided in `cases.limits`; who is told of it and when, in `cases.ladder`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import cases.clocks
import cases.forms
import cases.ladder
from flow import rights
from flow import rostering
from flow.alarms import press_office
from flow.batch import BATCH
from flow.batch import each
from flow.desk import Desk
from huanyu.bureau import LadderRow
from huanyu.bureau import UnitRow
from huanyu.clock import local
from huanyu.types import Clock
from huanyu.types import Draft
from huanyu.types import DueCard
from huanyu.types import Running

RESUMED = "恢复计时"
PUBLISHED = "放假通知已公布"


def recalendar(desk: Desk, now: datetime, case_id: int | None = None) -> int:
    """Set the limits anew that stood still or waited for a holiday notice; of one case, where it is named."""

    def reckon(one: Running) -> None:
        stops, extensions = desk.store.limits.agreed(one.case)
        anew = cases.clocks.reckoned(one.clock, desk.calendar, stops, extensions)
        why = PUBLISHED if one.clock.calendar else RESUMED
        note = f"{why}，{about(one.clock)}时限改为{local(anew.due):%Y年%m月%d日 %H:%M}"
        desk.store.limits.reckon(one, anew, note, now)

    return each("recalendar", desk.store.limits.unreckoned(desk.calendar.digest, BATCH, case_id), reckon)


def plan_cards(desk: Desk, now: datetime) -> int:
    """Make the cards of every limit that has none yet, or whose case changed its level."""
    rows = desk.escalation(local(now).date())

    def plan(one: Running) -> None:
        found = cases.ladder.cards(one.clock, one.case.level, rows, desk.calendar, now)
        stages = [(_dated(card.stage, card.at), card.at, card.whom) for card in found]
        daily = [card for card in found if card.stage == cases.ladder.AGAIN]
        instead = {_dated(card.stage, card.at): _next_day(desk, card.at, card.whom) for card in daily}
        desk.store.limits.plan(one, stages, now, instead)

    return each("plan_cards", desk.store.limits.unplanned(BATCH), plan)


def cards(desk: Desk, now: datetime) -> int:
    """Give every card whose moment has come, once, with its mails; at night only those that may be."""
    rows = desk.escalation(local(now).date())
    given = 0

    def give(due: DueCard) -> None:
        nonlocal given
        given += _give(desk, due, _step(due, rows), now)

    each("cards", desk.store.limits.waiting(now, BATCH), give)
    return given


def _give(desk: Desk, due: DueCard, row: LadderRow | None, now: datetime) -> bool:
    """Give a card, or let it wait for the office: whoever was to do it by night slept, or the table has changed."""
    any_hour = row is not None and row.any_hour
    if not any_hour and not desk.calendar.office_hours(now):
        desk.store.limits.put_off(due.card, desk.calendar.next_office_moment(now), now)
        return False
    notices = [
        draft for unit, to in _addressees(desk, due, now) if (draft := _letter(desk, due, unit, to, now))
    ]
    return desk.store.limits.give(due, _note(due), notices, now, _following(desk, due, now))


def _following(desk: Desk, due: DueCard, now: datetime) -> tuple[str, datetime, str] | None:
    """What is said every working day is planned for the next one when it has been said."""
    if _stage(due) != cases.ladder.AGAIN:
        return None
    return _next_day(desk, now, due.card.whom)


def _next_day(desk: Desk, said: datetime, whom: str) -> tuple[str, datetime, str]:
    at = cases.ladder.following(said, desk.calendar)
    return _dated(cases.ladder.AGAIN, at), at, whom


def _addressees(desk: Desk, due: DueCard, now: datetime) -> list[tuple[UnitRow, str]]:
    """The units a card goes to, each once, with who is on duty there; for what is missing the press office stands in."""
    unit = None if due.case.state == "returned" else desk.bureau.unit(due.case.unit)
    office, units = press_office(desk), desk.units(local(now).date())
    known = {
        "unit": unit,
        "parent": desk.bureau.unit(unit.parent) if unit is not None else None,
        "office": office,
        "leader": next((row for row in units if row.kind == "bureau" and row.mail), None),
    }
    found: dict[str, tuple[UnitRow, str]] = {}
    for whom in due.card.whom.split(","):
        row, duty = _on_duty(desk, units, now) if whom == "duty" else (known.get(whom), "")
        row = row or office
        if row is not None and (duty or row.key not in found):
            found[row.key] = (row, duty)
    return list(found.values())


def _on_duty(desk: Desk, units: Sequence[UnitRow], now: datetime) -> tuple[UnitRow | None, str]:
    """The unit of the bureau that has the duty now, and the names of who has it; None where nobody does."""
    ours = {row.key: row for row in units if row.kind in rights.DUTY_UNITS and row.mail}
    for shift in desk.store.rosters.shifts(None, now, now):
        if shift.unit in ours:
            people = rostering.on_duty(desk, shift.unit, now)
            return ours[shift.unit], "、".join(person.full_name for person in people)
    return None, ""


def _letter(desk: Desk, due: DueCard, unit: UnitRow, duty: str, now: datetime) -> Draft | None:
    handled_by = desk.bureau.unit(due.case.unit)
    card = cases.forms.reminder(
        due.case,
        unit,
        due.clock,
        _stage(due),
        desk.bureau.bureau,
        desk.config.settings.console_url,
        now,
        handled_by=handled_by if handled_by is not None and handled_by.key != unit.key else None,
        duty=duty,
    )
    return card.draft


def _note(due: DueCard) -> str:
    return cases.forms.card_note(due.clock, _stage(due))


def _step(due: DueCard, rows: tuple[LadderRow, ...]) -> LadderRow | None:
    return cases.ladder.steps(due.clock, due.case.level, rows).get(_stage(due))


def _stage(due: DueCard) -> str:
    return due.card.stage.partition(":")[0]


def _dated(stage: str, at: datetime) -> str:
    """The daily word is one card for each day."""
    return f"{stage}:{local(at):%Y-%m-%d}" if stage == cases.ladder.AGAIN else stage


def about(clock: Clock) -> str:
    """What the limit asks for, in plain words."""
    return cases.forms.CLOCK_LABEL.get(clock.name, clock.name)
