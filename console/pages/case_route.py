"""Who handles a case and why, put right by a person: its facts, a proposed unit, its level; and what waits for that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from fastapi import Form
from fastapi import Request
from starlette.responses import Response

from cases.level import LEVELS
from console.fields import LARGEST
from console.fields import Offset
from console.fields import Text
from console.held import HeldCase
from console.pages.cases import back
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import grading
from flow import permits
from flow import rerouting
from flow.desk import Desk
from flow.rerouting import Edit
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput
from huanyu.types import Case

router = APIRouter()

PER_PAGE = 30
BUILT_UP = {"": None, "in": True, "out": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A case with another unit proposed for it."""

    case: Case
    unit: str  #: its short name, "" where no rule fits
    because: str


@router.post("/cases/{case_id}/facts")
def facts(
    held: HeldCase,
    now: Now,
    main: Text = "",
    kinds: Annotated[list[str] | None, Form()] = None,
    area: Text = "",
    place: Text = "",
    built_up: Text = "",
    happened_at: Text = "",
    campaign: Text = "",
    reason: Text = "",
) -> Response:
    said = Edit(
        kinds=ordered(main, kinds or ()),
        area=area,
        place=place,
        built_up=BUILT_UP.get(built_up),
        happened_at=moment_of(happened_at),
        campaign=campaign,
    )
    rerouting.edit_facts(*held, said, reason, now)
    return back(held.id)


@router.post("/cases/{case_id}/reroute")
def reroute(
    held: HeldCase,
    now: Now,
    proposal: Annotated[int, Form(ge=1, le=LARGEST)],
    act: Text = "",
    reason: Text = "",
) -> Response:
    """改派建议: agreed to, or refused with a reason."""
    if act == "accept":
        rerouting.accept(*held, proposal, now)
    else:
        rerouting.refuse(*held, proposal, reason, now)
    return back(held.id)


@router.post("/cases/{case_id}/level")
def level(held: HeldCase, now: Now, level: Text, reason: Text = "") -> Response:
    grading.confirm_level(*held, level, reason, now)
    return back(held.id)


@router.get("/confirm")
def confirm(request: Request, desk: TheDesk, now: Now, user: SignedIn, at: Offset = 0) -> Response:
    """What the program has said and a person has to say, too: other units, and levels."""
    permits.demand(user, "confirm_level")
    seen = [one for one in desk.store.rerouting.proposed() if permits.may_see(user, one)]
    found = grading.waiting(desk, now, PER_PAGE + 1, at)
    return page(
        request,
        "confirm.html",
        proposed=[_waiting(desk, case) for case in seen],
        levels=[one for one in found[:PER_PAGE] if permits.may_see(user, one.case)],
        all_levels=LEVELS,
        lowers=permits.may(user, "lower_level"),
        units={row.key: row for row in desk.bureau.units},
        areas=desk.bureau.area_name,
        more=len(found) > PER_PAGE,
        at=at,
        per_page=PER_PAGE,
    )


def ordered(main: str, others: Sequence[str]) -> tuple[str, ...]:
    """The kinds with the main one first: the first decides who handles the case."""
    return tuple(dict.fromkeys(kind for kind in (main, *others) if kind))


def moment_of(typed: str) -> datetime | None:
    """A field for day and time; raises BadInput where it holds none."""
    if not typed.strip():
        return None
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=SHANGHAI).astimezone(UTC).astimezone(SHANGHAI)
    except (ValueError, OverflowError) as problem:  # the year 1 has no hours in UTC
        raise BadInput("发生时间应为日期和时刻，例如 2026-03-05 22:30") from problem


def _waiting(desk: Desk, case: Case) -> Waiting:
    found = rerouting.open_proposal(desk, case.id)
    unit = desk.bureau.unit(found.unit) if found else None
    return Waiting(case=case, unit=unit.short if unit else "", because=found.because if found else "")
