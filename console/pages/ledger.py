"""台账: lines by stage with their cards, one line with all that may be done to it, a new one, the lots."""

from __future__ import annotations

from typing import Annotated
from typing import Any
from typing import Final

from fastapi import APIRouter
from fastapi import Depends
from fastapi import Form
from fastapi import Query
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

import cases.ledger
from console.fields import LARGEST
from console.fields import Key
from console.fields import Number
from console.fields import Text
from console.fields import Version
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.typed_day import day_of
from console.view import page
from flow import cancelling
from flow import ledger
from flow import ledger_areas
from flow import ledger_lists
from flow import permits
from flow.desk import Desk
from flow.ledger import Standing
from huanyu.clock import local
from huanyu.types import LedgerEntry
from huanyu.types import LedgerLine
from huanyu.types import User

router = APIRouter()

AT_WORK: Final = ("pending", "working")
#: Key in the address -> name and states of a tab; a card narrows what its states let through.
TABS: Final = {
    "open": ("未销号", tuple(state for state in cases.ledger.LABEL if state != cases.ledger.END)),
    "red": ("红牌", tuple(state for state in cases.ledger.LABEL if state != cases.ledger.END)),
    "yellow": ("黄牌", AT_WORK),
    "silent": ("未按时报进展", AT_WORK),
    **{state: (name, (state,)) for state, name in cases.ledger.LABEL.items()},
}


def typed_entry(
    title: Text = "",
    origin: Text = "",
    ground: Text = "",
    unit: Text = "",
    person: Text = "",
    due: Text = "",
    goal: Text = "",
    measures: Text = "",
    area: Text = "",
    enterprise: Text = "",
    case: Number = 0,
) -> LedgerEntry:
    """A line as somebody typed it; raises BadInput for a date that is none."""
    return LedgerEntry(
        title=title,
        origin=origin,
        ground=ground,
        unit=unit,
        person=person,
        due=day_of("整改时限", due),
        goal=goal,
        measures=measures,
        area=area,
        enterprise=enterprise,
        case_id=case or None,
    )


TypedEntry = Annotated[LedgerEntry, Depends(typed_entry)]
OfCase = Annotated[int, Query(ge=0, le=LARGEST)]


@router.get("/ledger")
def listing(request: Request, desk: TheDesk, now: Now, user: SignedIn, view: str = "open") -> Response:
    permits.demand(user, "see_ledger")
    chosen = view if view in TABS else "open"
    whole = ledger.listing(desk, user, now)
    counts = {key: sum(fits(key, one) for one in whole) for key in TABS}
    listings = {one.line_id: one for one in desk.store.oversight.listings()}
    everything = permits.may(user, "see_all_lines")
    return page(
        request,
        "ledger.html",
        found=[one for one in whole if fits(chosen, one)],
        tabs={key: (name, counts[key]) for key, (name, _) in TABS.items()},
        chosen=chosen,
        cards=cases.ledger.CARDS,
        labels=cases.ledger.LABEL,
        units=unit_names(desk),
        listings=listings,
        areas=ledger_areas.rows(desk, whole, listings) if everything else [],
        areas_head=ledger_areas.HEAD,
        charges={one.line_id: one for one in desk.store.oversight.charges()},
    )


def fits(view: str, one: Standing) -> bool:
    """Whether a line stands under this tab."""
    if one.line.state not in TABS[view][1]:
        return False
    if view == "silent":
        return one.silent
    return view not in cases.ledger.CARDS or one.card == view


@router.get("/ledger/new")
def new(request: Request, desk: TheDesk, now: Now, user: SignedIn, case: OfCase = 0) -> Response:
    permits.demand(user, "keep_ledger")
    found = desk.store.cases.get(case) if case else None
    if found is not None:
        permits.demand_case(user, found)
    return page(request, "ledger_new.html", case=found, **choices(desk, now))


@router.post("/ledger")
def enter(desk: TheDesk, now: Now, user: SignedIn, entry: TypedEntry) -> Response:
    permits.demand(user, "keep_ledger")
    return to(ledger.enter(desk, user, entry, now))


@router.get("/ledger/draws")
def draws(request: Request, desk: TheDesk, user: SignedIn) -> Response:
    permits.demand(user, "see_all_lines")
    found = [(one, cancelling.recount(one) == one.lots) for one in desk.store.ledger.draws()]
    pool = desk.store.ledger.listing({"reviewed"})
    return page(request, "ledger_draws.html", found=found, pool=pool, rules=desk.bureau.supervision)


@router.post("/ledger/draws")
def draw(
    desk: TheDesk, now: Now, user: SignedIn, seed: Annotated[str, Form(max_length=200)] = ""
) -> Response:
    cancelling.draw(desk, user, now, seed)
    return RedirectResponse("/ledger/draws", status_code=303)


@router.get("/ledger/{line_id}")
def one(request: Request, desk: TheDesk, now: Now, user: SignedIn, line_id: Key) -> Response:
    line = ledger.seen(desk, user, line_id)
    store = desk.store
    case = store.cases.get(line.case_id) if line.case_id is not None else None
    return page(
        request,
        "ledger_line.html",
        line=line,
        standing=ledger.standing(desk, line, now),
        label=cases.ledger.LABEL[line.state],
        cards=cases.ledger.CARDS,
        case=case if case is not None and permits.may_see(user, case) else None,
        steps=store.ledger.steps(line_id)[::-1],
        step_words=cases.ledger.STEPS,
        signatures=store.ledger.signatures(line_id),
        offices=cancelling.offices(desk, line),
        papers=store.ledger.papers(line_id),
        listings=store.oversight.listings(line_id),
        charges=store.oversight.charges(line_id),
        origin_name=ledger_lists.origin_name(desk, line),
        acts=acts(user, line),
        today=local(now).date(),
        **choices(desk, now),
    )


@router.post("/ledger/{line_id}/amend")
def amend(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    line_id: Key,
    version: Version,
    entry: TypedEntry,
    reason: Text = "",
) -> Response:
    return to(ledger.amend(desk, user, line_id, version, entry, reason, now))


def acts(user: User, line: LedgerLine) -> frozenset[str]:
    """What this person is offered in the state the line is in."""
    stages = {
        "work_line": AT_WORK,
        "review_line": tuple(cases.ledger.LOOKED_AT),
        "write_notice": ("sampled",),
        "publish_notice": ("sampled",) if line.notice and line.notice_by != user.name else (),
        "end_notice": ("noticed",),
        "record_signature": ("signing",),
        "cancel_line": ("signing",),
        "keep_ledger": tuple(cases.ledger.LABEL),
        "list_line": tuple(state for state in cases.ledger.LABEL if state != cases.ledger.END),
        "visit_line": tuple(cases.ledger.LABEL),
    }
    return frozenset(act for act, states in stages.items() if line.state in states and permits.may(user, act))


def choices(desk: Desk, now: Now) -> dict[str, Any]:
    """What the lists of the form offer."""
    today, rules = local(now).date(), desk.bureau.supervision
    return {
        "units": unit_names(desk),
        "origins": {row.key: row.name for row in rules.origin if row.valid_on(today)},
        "areas": desk.bureau.areas(),
        "enterprises": {name: name for name in ledger.enterprises(desk)},
        "grades": [row for row in rules.grade if row.valid_on(today)],
    }


def unit_names(desk: Desk) -> dict[str, str]:
    return {row.key: row.short for row in desk.bureau.units}


def to(line: LedgerLine) -> Response:
    return RedirectResponse(f"/ledger/{line.id}", status_code=303)
