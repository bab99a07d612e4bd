"""什么时候前要回什么: every running limit in the order it is due; and what a person does about one of a case."""

from __future__ import annotations

import re
from datetime import datetime

from fastapi import APIRouter
from fastapi import Request
from starlette.responses import Response

import cases.info_requests
from cases.clocks import UNIT_LABEL
from console.fields import LARGEST
from console.fields import Key
from console.fields import Text
from console.fields import Version
from console.pages.cases import back
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import CLOCKS
from console.view import page
from flow import info_requests
from flow import limits
from flow import permits
from flow import resting
from flow import rights
from huanyu.errors import BadInput

router = APIRouter()

PER_PAGE = 50
LEVELS = ("一般", "较大", "重大", "特别重大")
SEEN = re.compile(r"(\S+)_(\d{1,10})", re.ASCII)


@router.get("/deadlines")
def listing(
    request: Request,
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    unit: str = "",
    level: str = "",
    clock: str = "",
    after: str = "",
) -> Response:
    seer = rights.seer(user)
    units = rights.units_of(user)
    several = units is None or len(units) > 1
    wanted = unit if several else ""
    seen = _seen(after)
    found = desk.store.limits.running(
        PER_PAGE + 1,
        unit=wanted or None,
        level=level if level in LEVELS else "",
        names=[clock] if clock in CLOCKS else (),
        after=seen,
        seer=seer,
    )
    last = found[PER_PAGE - 1].clock if len(found) > PER_PAGE else None
    return page(
        request,
        "deadlines.html",
        found=found[:PER_PAGE],
        next_after=f"{last.due.isoformat()}_{last.id}" if last else "",
        after=after,
        overdue=desk.store.limits.overdue(now, unit=wanted or None, seer=seer),
        several=several,
        units={row.key: row.short for row in desk.bureau.units},
        clocks=CLOCKS,
        levels=LEVELS,
        clock_units=UNIT_LABEL,
        unit=wanted,
        level=level,
        clock=clock,
        pauses=resting.pauses_asked(desk, user) if permits.may(user, "decide_pause") and seen is None else [],
        info=info_requests.going(desk, user, now)
        if permits.may(user, "see_info_requests") and seen is None
        else [],
        info_labels=cases.info_requests.LABEL,
        info_cards=cases.info_requests.CARDS,
        info_ways={row.key: row.name for row in desk.bureau.info_requests.way},
        asked=limits.undecided(desk, user, PER_PAGE) if seen is None else [],
    )


@router.post("/cases/{case_id}/extensions")
def ask(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    case_id: Key,
    version: Version,
    clock: Text = "",
    amount: Text = "",
    kind: Text = "",
    reason: Text = "",
) -> Response:
    if not amount.strip().isdecimal():
        raise BadInput("延期多少，请填整数")
    limits.ask(desk, user, case_id, version, clock, int(amount.strip()[:6]), reason, now, kind)
    return back(case_id)


@router.post("/cases/{case_id}/extensions/{extension_id}/decide")
def decide(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    case_id: Key,
    extension_id: Key,
    act: Text = "",
    note: Text = "",
) -> Response:
    limits.decide(desk, user, extension_id, act == "agree", note, now)
    return back(case_id)


@router.post("/cases/{case_id}/extensions/{extension_id}/told")
def told(
    desk: TheDesk, now: Now, user: SignedIn, case_id: Key, extension_id: Key, how: Text = ""
) -> Response:
    limits.tell(desk, user, extension_id, how, now)
    return back(case_id)


@router.post("/cases/{case_id}/press-held")
def press_held(desk: TheDesk, now: Now, user: SignedIn, case_id: Key, note: Text = "") -> Response:
    limits.held_press(desk, user, case_id, note, now)
    return back(case_id)


def _seen(after: str) -> tuple[datetime, int] | None:
    """Where the page before this one ended; an address that somebody wrote by hand begins at the beginning."""
    found = SEEN.fullmatch(after.replace(" ", "+"))  # a plus sign in an address is a blank
    if found is None or int(found[2]) > LARGEST:
        return None
    try:
        due = datetime.fromisoformat(found[1])
    except ValueError:
        return None
    return (due, int(found[2])) if due.tzinfo is not None else None
