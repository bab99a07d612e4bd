"""Limits that go on by themselves: reckoned anew after a pause or a holiday notice, their cards planned and given.

How long a limit is, is decided in `cases.limits`; who is told of it and when, in `cases.ladder`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from datetime import timedelta

import cases.clocks
import cases.forms
import cases.ladder
from flow import chatting
from flow import rights
from flow import rostering
from flow.alarms import press_office
from flow.batch import BATCH
from flow.batch import at_once
from flow.batch import each
from flow.desk import Desk
from huanyu.bureau import LadderRow
from huanyu.bureau import UnitRow
from huanyu.clock import local
from huanyu.store.carding import Gift
from huanyu.store.carding import Plan
from huanyu.types import Case
from huanyu.types import Clock
from huanyu.types import Draft
from huanyu.types import DueCard
from huanyu.types import Running

FRESH = timedelta(days=30)  #: an answer older than that was given before anybody was asked afterwards
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

    return each(
        "recalendar",
        desk.store.limits.unreckoned(desk.calendar.digest, BATCH, case_id),
        reckon,
        desk.store.in_line,
    )


def revisits(desk: Desk, now: datetime) -> int:
    """Begin the limit for 回访 of every case that has just been answered."""
    rows = desk.clocks(local(now).date())
    if not any(row.name == cases.clocks.REVISIT for row in rows):
        return 0

    def begin(case: Case) -> None:
        limit = cases.clocks.revisit(case, rows, desk.calendar)
        desk.store.sequels.begin(case, limit or cases.clocks.none_of(cases.clocks.REVISIT, now), now)

    return each("revisits", desk.store.sequels.unbegun(now - FRESH, BATCH), begin)


def plan_cards(desk: Desk, now: datetime) -> int:
    """Make the cards of every limit that has none yet, or whose case changed its level."""
    rows = desk.escalation(local(now).date())

    def plan(one: Running) -> Plan:
        found = cases.ladder.cards(one.clock, one.case.level, rows, desk.calendar, now)
        stages = [(_dated(card.stage, card.at), card.at, card.whom) for card in found]
        daily = [card for card in found if card.stage == cases.ladder.AGAIN]
        instead = {_dated(card.stage, card.at): _next_day(desk, card.at, card.whom) for card in daily}
        return Plan(one, stages, instead)

    def save(plans: Sequence[Plan]) -> int:
        return desk.store.limits.plan_all(plans, now)

    return at_once("plan_cards", desk.store.limits.unplanned(BATCH), plan, save)


def cards(desk: Desk, now: datetime) -> int:
    """Give every card whose moment has come, once, with its mails; at night only those that may be."""
    rows = desk.escalation(local(now).date())

    def give(due: DueCard) -> Gift | None:
        return _gift(desk, due, _step(due, rows), now)

    def save(gifts: Sequence[Gift]) -> int:
        return desk.store.limits.give_all(gifts, now)

    return at_once("cards", desk.store.limits.waiting(now, BATCH), give, save)


def _gift(desk: Desk, due: DueCard, row: LadderRow | None, now: datetime) -> Gift | None:
    """A card to give; None where it waits for the office: who was to do it by night slept, or the table has changed."""
    any_hour = row is not None and row.any_hour
    if not any_hour and not desk.calendar.office_hours(now):
        desk.store.limits.put_off(due.card, desk.calendar.next_office_moment(now), now)
        return None
    told = _addressees(desk, due, now)
    both = [
        one
        for unit, duty in told
        for one in (_letter(desk, due, unit, duty, now), _line(desk, due, unit, duty))
    ]
    notices = [draft for draft in both if draft is not None]
    return Gift(due, _note(due), notices, _following(desk, due, now))


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
    unit = None if due.case.state == "returned" else desk.bureau.unit(due.clock.owed_by or due.case.unit)
    office, units = press_office(desk), desk.units(local(now).date())
    known = {
        "unit": unit,
        "parent": desk.bureau.unit(unit.parent) if unit is not None else None,
        "office": office,
        "leader": _leader(units),
    }
    found: dict[str, tuple[UnitRow, str]] = {}
    for whom in due.card.whom.split(","):
        row, duty = _on_duty(desk, units, now) if whom == "duty" else (known.get(whom), "")
        row = row or office
        if row is not None and (duty or row.key not in found):
            found[row.key] = (row, duty)
    return list(found.values())


def on_watch(desk: Desk, now: datetime) -> list[UnitRow]:
    """The bureau's own unit, and the one that has the duty now."""
    units = desk.units(local(now).date())
    return [row for row in (_leader(units), _on_duty(desk, units, now)[0]) if row is not None]


def _leader(units: Sequence[UnitRow]) -> UnitRow | None:
    return next((row for row in units if row.kind == "bureau" and (row.mail or row.robot)), None)


def _on_duty(desk: Desk, units: Sequence[UnitRow], now: datetime) -> tuple[UnitRow | None, str]:
    """The unit of the bureau that has the duty now, and the names of who has it; None where nobody does."""
    ours = {row.key: row for row in rights.duty_units(units) if row.mail or row.robot}
    for shift in desk.store.rosters.shifts(None, now, now):
        if shift.unit in ours:
            return ours[shift.unit], "、".join(rostering.named_on_duty(desk, shift.unit, now))
    return None, ""


def _letter(desk: Desk, due: DueCard, unit: UnitRow, duty: str, now: datetime) -> Draft | None:
    handled_by = desk.bureau.unit(due.clock.owed_by or due.case.unit)
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


def _line(desk: Desk, due: DueCard, unit: UnitRow, duty: str) -> Draft | None:
    """The same for the work chat, where a duty officer sees it at night."""
    outside = due.case.unit == unit.key and not unit.login
    where = cases.forms.ONE_TIME if outside else cases.forms.link(due.case, desk.config.settings.console_url)
    whom = f"（值班：{duty}）" if duty else ""
    text = f"{unit.short}{whom}：第{due.case.number}号{_note(due)}，请查看：{where}"
    return chatting.line(desk, unit, text, "notice", due.case.id)


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
