"""What a person may do with a case now, and what they choose from: for the case page, which offers nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import cases.lifecycle
from console.view import when
from flow import assisting
from flow import life
from flow import permits
from flow import rechecking
from flow import reexamining
from flow import resting
from flow import revisiting
from flow import splitting
from flow import supervising
from flow.desk import Desk
from flow.reasons import reasons
from huanyu.bureau import UnitRow
from huanyu.intake_rows import AskedRow
from huanyu.intake_rows import ReasonRow
from huanyu.types import Assignment
from huanyu.types import Case
from huanyu.types import Clock
from huanyu.types import Contact
from huanyu.types import FollowUp
from huanyu.types import Recusal
from huanyu.types import User

ACTS = ("return", "refuse", "transfer", "pause", "close", "reopen", "recuse")
#: Where an assisting unit may still say something.
OPINING = frozenset({"assigned", "signed", "onsite", "paused", "reported", "handled"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    """What stands around a case besides its own columns."""

    reasons: Mapping[str, Sequence[ReasonRow]]
    units: Sequence[UnitRow]  #: those in force
    people: Sequence[User]
    returns_until: Clock | None
    signs: bool
    arrives: bool
    reviews: bool
    back_to: str  #: the state a paused case returns to
    below: Sequence[UnitRow]  #: whom a head may hand the own unit's case down to
    splits: bool
    unites: bool  #: 拆分 may be undone
    helps: bool  #: who assists may be changed
    opines: bool
    appeals: reexamining.Stage | None  #: 信访 复查 and 复核: what may be asked for, or waits
    rechecks: Clock | None  #: until when somebody looks again at what was to be put right
    supervises: bool
    visits: Sequence[FollowUp]
    contacts: Sequence[Contact]
    recusals: Sequence[Recusal]
    hands: Sequence[Assignment]
    children: Sequence[Case]
    parent: Case | None
    item: Sequence[tuple[str, str]]  #: what was registered: name and value
    channel: str  #: by which an item that was typed in came, "" for one that was found
    stages: Mapping[str, str]
    outcomes: Sequence[str] = reexamining.OUTCOMES
    ways: Sequence[str] = revisiting.WAYS
    answers: Sequence[str] = revisiting.SATISFIED


def _people(desk: Desk, user: User, case: Case, recused: Sequence[Recusal]) -> list[User]:
    """Whoever is active, those of the units at the case first; nobody where this person is shown no names."""
    if not recused and not any(permits.may_on(user, act, case) for act in ("take_charge", "recuse")):
        return []
    at_it = [case.unit, *case.assisting]
    active = [one for one in desk.store.people.users() if one.active]
    return sorted(active, key=lambda one: (one.unit not in at_it, one.unit, one.full_name))


def offer(desk: Desk, user: User, case: Case, now: datetime, by_proxy: bool) -> Acts:
    """What this person is offered on this case."""
    own, units, within = desk.store.duties, desk.units(now.date()), permits.given_to(user, case)
    given = [row for row in units if within is None or row.key in within]
    children, recused = desk.store.splits.children(case.id), own.recusals(case.id)
    working = cases.lifecycle.is_open(case.state) and bool(case.unit)
    return Acts(
        reasons={act: reasons(desk, act, now) for act in ACTS},
        units=given,
        below=_below(user, case, given),
        people=_people(desk, user, case, recused),
        returns_until=life.returns_until(desk, case),
        signs=case.state == "assigned" and (by_proxy or permits.may_on(user, "sign", case)),
        arrives=case.state in {"assigned", "signed"} and (by_proxy or permits.may_on(user, "arrive", case)),
        reviews=case.state == "reported" and permits.may_on(user, "check_result", case),
        back_to=resting.before_pause(desk, case.id) if case.state == resting.PAUSED else "",
        splits=case.parent_id is None
        and case.state in splitting.WHOLE
        and permits.may_on(user, "split", case),
        unites=case.parent_id is None
        and bool(children)
        and permits.may_on(user, "split", case)
        and bool(splitting.undoable(desk, case)),
        helps=assisting.may_change(user, case) and not case.restricted,
        opines=case.state in OPINING
        and user.unit in case.assisting
        and permits.may_on(user, "opinion", case),
        appeals=reexamining.stage(desk, case, now),
        rechecks=rechecking.waiting(case) if by_proxy or permits.may_on(user, "recheck", case) else None,
        supervises=working and permits.may_on(user, "supervise", case),
        visits=own.follow_ups(case.id),
        contacts=own.contacts(case.id),
        recusals=recused,
        hands=own.of_case(case.id),
        children=children,
        parent=desk.store.cases.get(case.parent_id) if case.parent_id else None,
        stages=supervising.STAGES,
        item=_item(desk, case),
        channel=next((row.name for row in desk.bureau.channels if row.key == case.channel), ""),
    )


def _below(user: User, case: Case, given: Sequence[UnitRow]) -> list[UnitRow]:
    """Squads and townships under the head's unit, while it has the case in hand."""
    if case.state not in life.IN_HAND or case.restricted or not permits.may_on(user, "hand_down", case):
        return []
    below = [row for row in given if row.key not in {case.unit, user.unit}]
    return sorted(below, key=lambda row: row.kind != "squad")


def _item(desk: Desk, case: Case) -> list[tuple[str, str]]:
    """What of an item that was typed in stands nowhere else; nothing of one that was found."""
    channel = next((row for row in desk.bureau.channels if row.key == case.channel), None)
    if channel is None:
        return []
    kind = next((row for row in desk.bureau.item_types if row.key == case.type), None)
    asked = (*(kind.fields if kind else ()), *_taken_down(desk))
    told = [
        ("类型", kind.name if kind else case.type),
        ("渠道", channel.name),
        ("编号", case.external_number),
        ("发生", when(case.happened_at) if case.happened_at else ""),
        ("快办", "当日到场" if case.lane else ""),
        *((row.name, _said(row, case.fields.get(row.key, ""))) for row in asked),
    ]
    return [(name, value) for name, value in dict.fromkeys(told) if value]


def _taken_down(desk: Desk) -> list[AskedRow]:
    """What the forms of 快速登记 ask besides."""
    return [asked for row in desk.bureau.entries.form for asked in row.fields]


def _said(row: AskedRow, value: str) -> str:
    """As a person reads it: the T of a moment is for machines."""
    return value.replace("T", " ") if row.kind == "moment" else value
