"""督察信访件: batches with how their letters stand, what is said of a letter put right, and the day's disclosure.

A letter is a case like any other: its state, unit, findings and limits are the case's. What is here is only what the
list of the batch says beside it. Taking a list in is `flow.inspection_import`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import timedelta

import cases.inspections
from cases.inspections import Disclosure
from cases.inspections import Fact
from cases.inspections import Tally
from cases.inspections import Told
from flow import permits
from flow.desk import Desk
from flow.ledger import public_text
from flow.typed import reason_of
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.store.inspections import GONE
from huanyu.supervision_rows import InspectionRow
from huanyu.types import Case
from huanyu.types import InspectionBatch
from huanyu.types import InspectionItem
from huanyu.types import User

SEVERAL = re.compile(r"[、，,;；/\s]+")
#: Before anybody has it: the letter is not handed on yet.
UNGIVEN = frozenset({"pending", "accepted", "returned"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A letter beside the case it is."""

    item: InspectionItem
    case: Case  #: the one that goes on with it, where it was joined to another
    fact: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A batch in a line."""

    batch: InspectionBatch
    tally: Tally
    overdue: int  #: open after the batch's own day


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A batch with all that is known of it."""

    batch: InspectionBatch
    letters: tuple[Standing, ...]
    tally: Tally
    disclosure: Disclosure


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """What a person puts right of a letter, as typed."""

    focus: bool
    areas: tuple[str, ...]
    matters: tuple[str, ...]
    units: str
    problem: str
    accountable: str


def campaigns(desk: Desk, now: datetime) -> tuple[InspectionRow, ...]:
    """Campaigns and levels whose letters come today, in the order of the table."""
    today = local(now).date()
    return tuple(row for row in desk.bureau.supervision.inspection if row.valid_on(today))


def due_of(desk: Desk, row: InspectionRow, received: date) -> date:
    """The last day of a batch received then: the day itself does not count."""
    if row.unit == "working_days":
        return desk.calendar.add_workdays(received, row.days)
    return received + timedelta(days=row.days)


def areas(desk: Desk) -> dict[str, str]:
    """Districts and zones in the order of disclosures, the city's own units last: key -> printed name."""
    rules, known = desk.bureau.supervision, desk.bureau.areas()
    order = [*(key for key in rules.area_order if key in known), *known]
    return {key: known[key] for key in order} | {rules.city_units: rules.city_units}


def matters(desk: Desk, now: datetime) -> tuple[str, ...]:
    """污染类型 as inspections count them, in order."""
    today = local(now).date()
    return tuple(row.name for row in desk.bureau.supervision.matter if row.valid_on(today))


def listing(desk: Desk, user: User, now: datetime) -> list[Overview]:
    """Every batch, the newest first, counted."""
    permits.demand(user, "see_inspections")
    batches = desk.store.inspections.batches()
    found = _standing(desk, batches)
    today = local(now).date()
    return [
        Overview(
            batch=one,
            tally=_tally(desk, found[one.id], now),
            overdue=sum(each.fact.standing == "open" for each in found[one.id]) if today > one.due else 0,
        )
        for one in batches
    ]


def whole(desk: Desk, user: User, batch_id: int, now: datetime) -> Whole:
    """One batch with its letters, counts and words; raises NotFound."""
    permits.demand(user, "see_inspections")
    batch = desk.store.inspections.get(batch_id)
    so_far = [
        one
        for one in desk.store.inspections.batches()
        if (one.campaign, one.level) == (batch.campaign, batch.level)
        and (one.received_on, one.number) <= (batch.received_on, batch.number)
    ]
    found = _standing(desk, so_far)
    mine = found[batch.id]
    counted = _tally(desk, mine, now)
    told = Told(
        team=batch.team,
        number=batch.number,
        received_on=batch.received_on,
        told_items=batch.told_items,
        told_focus=batch.told_focus,
        batches=sum(bool(found[one.id]) for one in so_far),
        as_of=local(now),
    )
    everything = _tally(desk, [one for letters in found.values() for one in letters], now)
    return Whole(
        batch=batch,
        letters=tuple(mine),
        tally=counted,
        disclosure=cases.inspections.disclosure(counted, everything, told),
    )


def amend(
    desk: Desk,
    user: User,
    batch_id: int,
    item_id: int,
    version: int,
    said: Amendment,
    reason: str,
    now: datetime,
) -> InspectionItem:
    """Put right what the list says of a letter, and 责任人被处理情况, with a reason; before and after are on record."""
    permits.demand(user, "keep_inspections")
    item = desk.store.inspections.item(batch_id, item_id)
    if item.version != version:
        raise Conflict(GONE, number=item.number)
    values = {
        "focus": said.focus,
        "areas": _known("行政区域", said.areas, areas(desk)),
        "matters": _known("污染类型", said.matters, matters(desk, now)),
        "units": parts(said.units),
        "problem": public_text("交办问题基本情况", said.problem),
        "accountable": public_text("责任人被处理情况", said.accountable),
    }
    if not values["problem"]:
        raise BadInput("请填写交办问题基本情况")
    changed = {name: value for name, value in values.items() if value != getattr(item, name)}
    if not changed:
        raise BadInput("没有任何改动")
    return desk.store.inspections.change(item, changed, reason_of(reason), user.name, now)


def parts(written: str) -> tuple[str, ...]:
    """Several names in one cell, each once, in their order."""
    return tuple(dict.fromkeys(one for one in SEVERAL.split(written.strip()) if one))


def printed_areas(desk: Desk, keys: Iterable[str]) -> tuple[str, ...]:
    """Their names, in the order of disclosures."""
    names, wanted = areas(desk), set(keys)
    return (*(name for key, name in names.items() if key in wanted), *sorted(wanted - set(names)))


def _known(what: str, chosen: Sequence[str], offered: Iterable[str]) -> tuple[str, ...]:
    order = list(offered)
    if not chosen:
        raise BadInput(f"请选择{what}")
    if strange := [one for one in chosen if one not in order]:
        raise BadInput(f"没有这个{what}：{'、'.join(strange)}")
    return tuple(one for one in order if one in chosen)


def _standing(desk: Desk, batches: Sequence[InspectionBatch]) -> dict[int, list[Standing]]:
    items = desk.store.inspections.items([one.id for one in batches])
    found = _goes_on(desk, {one.case_id for one in items})
    told: dict[int, list[Standing]] = {one.id: [] for one in batches}
    for one in items:
        case = found[one.case_id]
        told[one.batch_id].append(Standing(item=one, case=case, fact=_fact(desk, one, case)))
    return told


def _goes_on(desk: Desk, case_ids: Iterable[int]) -> Mapping[int, Case]:
    """Each case, or the one it was joined to in the end."""
    found = dict(desk.store.cases.of_ids(case_ids))
    while away := {key: case.joined_into for key, case in found.items() if case.joined_into is not None}:
        targets = desk.store.cases.of_ids({target for target in away.values() if target is not None})
        found |= {key: targets[target] for key, target in away.items() if target is not None}
    return found


def _fact(desk: Desk, item: InspectionItem, case: Case) -> Fact:
    return Fact(
        number=item.number,
        focus=item.focus,
        areas=printed_areas(desk, item.areas),
        matters=item.matters,
        standing=cases.inspections.standing(case.state),
        finding=case.result.finding if case.result else "",
        handed_on=bool(case.unit) and case.state not in UNGIVEN,
    )


def _tally(desk: Desk, letters: Sequence[Standing], now: datetime) -> Tally:
    names = tuple(areas(desk).values())
    return cases.inspections.tally([one.fact for one in letters], names, matters(desk, now))
