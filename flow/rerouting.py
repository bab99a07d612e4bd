"""A case is looked at again when something routing looks at has changed: moved, proposed for another unit, or left.

What nobody has signed for is moved with the reason; what a unit has in hand, or a person gave it, is only proposed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from typing import Any
from typing import Final

import cases.forms
import cases.intake
import cases.level
import cases.lifecycle
from flow import assisting
from flow import permits
from flow.batch import BATCH
from flow.batch import each
from flow.desk import Desk
from flow.life import as_seen
from flow.routing import find_route
from flow.routing import grade_of
from flow.routing import hand_over
from flow.routing import limits_of
from flow.routing import notice
from flow.routing import raise_to
from flow.routing import renew_limits
from flow.typed import reason_of
from flow.typed import tidy
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import NotFound
from huanyu.kinds import KIND_LABEL
from huanyu.redact import mask
from huanyu.types import Case
from huanyu.types import Draft
from huanyu.types import Reroute
from huanyu.types import Route
from huanyu.types import User

BY_HAND: Final = "by_hand"  #: the rule of a case whose unit a person named
UNSIGNED: Final = "assigned"
#: a unit has the case in hand, or has sent it back: a person decides
IN_HAND: Final = frozenset({UNSIGNED, "signed", "onsite", "paused", "returned"})
#: no unit yet, and the first one that a rule names gets it
WAITING: Final = frozenset({"pending", "accepted"})
FACTS: Final[Mapping[str, str]] = {
    "kinds": "类别",
    "area": "辖区",
    "place": "地点",
    "built_up": "建成区",
    "happened_at": "发生时间",
    "campaign": "专项行动",
}
LONGEST_PLACE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """The facts of a case as a person says they are."""

    kinds: tuple[str, ...]
    area: str
    place: str
    built_up: bool | None
    happened_at: datetime | None
    campaign: str = ""


def reroute(desk: Desk, now: datetime) -> int:
    """Look again at every case marked since the last time, and at all of them when the rules have changed."""
    desk.store.rerouting.tables(desk.rules.digest, now)
    return each("reroute", desk.store.rerouting.changed(BATCH), lambda case: look_again(desk, case, now))


def look_again(desk: Desk, case: Case, now: datetime) -> None:
    """Grade and route a case anew, and do what follows from it."""
    grounds = desk.store.cases.grounds(case.id)
    grade = grade_of(desk, case, now, grounds=grounds)
    raised = raise_to(desk, case, grade.level, "；".join(grade.reasons), now)
    raised = renew_limits(desk, raised, now)
    if raised is not case:  # the mark stays the one that the level left: nothing was changed in between
        raised = replace(raised, changed_why=case.changed_why)
    found = assisting.with_helpers(desk, raised, find_route(desk, raised, now, grounds))
    if found.unit == raised.unit:
        _stay(desk, raised, found, now)
    elif not raised.unit and raised.state in WAITING:
        hand_over(desk, raised, replace(found, why=f"{raised.changed_why}，重新派单：{found.why}"), now)
        desk.store.rerouting.settle(raised, now)
    elif found.unit and raised.state == UNSIGNED and raised.rule != BY_HAND:
        _move(desk, raised, found, raised.changed_why, now)
    elif raised.state in IN_HAND and not _refused_before(desk, raised, found):
        desk.store.rerouting.propose(raised, found, now)
    else:
        desk.store.rerouting.settle(raised, now)


def edit_facts(
    desk: Desk, user: User, case_id: int, version: int, said: Edit, reason: str, now: datetime
) -> Case:
    """A person puts kinds, area, place, built-up area, hour or campaign right; the rules look at it once more."""
    case = as_seen(desk, user, case_id, version)
    permits.demand_on(user, "edit_facts", case)
    _refuse_over(case)
    said = _placed(desk, case, replace(said, place=tidy("地点", said.place).strip()))
    _check(desk, said, now)
    values = {name: value for name in FACTS if (value := getattr(said, name)) != getattr(case, name)}
    if not values:
        raise BadInput("没有改动")
    told = "、".join(_told(desk, case, name, value) for name, value in values.items())
    note = f"更正{told}；理由：{reason_of(reason)}"
    title = cases.intake.titled(mask(said.place), said.kinds) if {"place", "kinds"} & set(values) else ""
    return desk.store.rerouting.edit(case, values, note, user.name, now, title=title)


def accept(desk: Desk, user: User, case_id: int, version: int, proposal: int, now: datetime) -> Case:
    """改派: a person agrees to what the rules propose."""
    case = as_seen(desk, user, case_id, version)
    permits.demand_on(user, "dispatch", case)
    wanted = _open(desk, case, proposal)
    if not wanted.unit:
        raise BadInput("没有适用的规则，请在“改派”中指定承办单位")
    cases.lifecycle.check(case.state, "assigned")
    found = Route(
        unit=wanted.unit,
        department=wanted.department,
        assist=wanted.assist,
        rule=wanted.rule,
        why=wanted.why,
    )
    because = f"{wanted.because}，{user.full_name}同意改派建议"
    return _move(desk, case, found, because, now, actor=user.name, proposal=proposal)


def refuse(
    desk: Desk, user: User, case_id: int, version: int, proposal: int, reason: str, now: datetime
) -> None:
    """不改派, with a reason: the same change proposes the same unit no second time."""
    case = as_seen(desk, user, case_id, version)
    permits.demand_on(user, "dispatch", case)
    _open(desk, case, proposal)
    desk.store.rerouting.refuse(case, proposal, reason_of(reason), user.name, now)


def open_proposal(desk: Desk, case_id: int) -> Reroute | None:
    """The proposal that waits for a person."""
    return next((one for one in desk.store.rerouting.proposals(case_id) if one.decided_at is None), None)


def _stay(desk: Desk, case: Case, found: Route, now: datetime) -> None:
    """The unit is right; the rule and those who assist may be others, unless a person named them."""
    if case.unit and case.rule != BY_HAND and (found.rule, found.assist) != (case.rule, case.assist):
        desk.store.rerouting.refine(case, found, now)
    else:
        desk.store.rerouting.settle(case, now)


def _move(
    desk: Desk,
    case: Case,
    found: Route,
    because: str,
    now: datetime,
    actor: str = "系统",
    proposal: int | None = None,
) -> Case:
    limits = limits_of(desk, case, now, found)
    slips = (_taken_away(desk, case, found, because, now), notice(desk, case, found, limits, now))
    return desk.store.rerouting.move(case, found, limits, slips, because, now, actor=actor, proposal=proposal)


def _taken_away(desk: Desk, case: Case, found: Route, because: str, now: datetime) -> Draft | None:
    """The word to the unit that the case is no longer its own; None where it has no mailbox or sent it back."""
    unit, other = desk.bureau.unit(case.unit), desk.bureau.unit(found.unit)
    if unit is None or other is None or case.state == "returned":
        return None
    url = desk.config.settings.console_url
    return cases.forms.taken_away(case, unit, other, because, desk.bureau.bureau, url, now)


def _refused_before(desk: Desk, case: Case, found: Route) -> bool:
    """Whether a person has refused this unit for this very change."""
    return any(
        (one.decision, one.round, one.unit, one.because)
        == ("refused", case.round, found.unit, case.changed_why)
        for one in desk.store.rerouting.proposals(case.id)
    )


def _open(desk: Desk, case: Case, proposal: int) -> Reroute:
    found = open_proposal(desk, case.id)
    if found is None or found.id != proposal:
        raise NotFound("这条改派建议已经处理过，或情况又有变化", case=case.number)
    return found


def _placed(desk: Desk, case: Case, said: Edit) -> Edit:
    """Where only the place is another one, the area is that of the place, if the gazetteer knows it."""
    if said.area != case.area or said.place == case.place or not said.place:
        return said
    found = next((one.unit for one in desk.gazetteer.find(said.place) if one.unit), "")
    return replace(said, area=found or said.area)


def _refuse_over(case: Case) -> None:
    if not cases.lifecycle.is_open(case.state):
        raise BadInput(f"{case.number}{cases.lifecycle.LABEL[case.state]}，不再更正")


def _check(desk: Desk, said: Edit, now: datetime) -> None:
    """Every mistake of the form, told at once."""
    areas, campaigns = desk.bureau.areas(), {row.name for row in desk.bureau.campaigns}
    told = [f"没有这种类别：{kind}" for kind in said.kinds if kind not in KIND_LABEL]
    told += ["没有这个辖区"] if said.area and said.area not in areas else []
    told += [f"地点过长，最多 {LONGEST_PLACE} 字"] if len(said.place) > LONGEST_PLACE else []
    told += ["没有这项专项行动"] if said.campaign and said.campaign not in campaigns else []
    told += ["发生时间晚于现在"] if said.happened_at and said.happened_at > now else []
    if told:
        raise BadInput("；".join(told))


def _told(desk: Desk, case: Case, name: str, value: Any) -> str:
    before, after = (fact_told(desk, name, one) for one in (getattr(case, name), value))
    return f"{FACTS[name]}：{before} → {after}"


def fact_told(desk: Desk, name: str, value: Any) -> str:
    """A fact as it stands in the history."""
    if name == "kinds":
        return "、".join(KIND_LABEL.get(kind, kind) for kind in value) or "未定"
    if name == "area":
        return desk.bureau.area_name(value) or "未定"
    if name == "built_up":
        return {True: "区内", False: "区外", None: "不明"}[value]
    if name == "happened_at":
        return f"{local(value):%Y-%m-%d %H:%M}" if value else "不明"
    return str(value) or "未填"
