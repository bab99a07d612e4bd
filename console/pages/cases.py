"""Cases: the list of one's own unit or of all, and the case page. What a person does there is in pages of its own."""

from __future__ import annotations

from functools import partial
from typing import Any

from fastapi import APIRouter
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

from cases.clocks import next_due
from cases.lifecycle import ALLOWED
from cases.lifecycle import JOINS
from cases.lifecycle import way
from console import beside
from console import case_incident
from console import case_now
from console import filters
from console import limits_form
from console import result_form
from console import reward_form
from console import route_form
from console.case_views import VIEWS
from console.fields import Key
from console.fields import Offset
from console.looks import one_look
from console.pages import case_acts
from console.pages import documents
from console.pages import hand_overs
from console.pages import published
from console.pages import replying
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.tab_counts import TabCounts
from console.tab_counts import Tabs
from console.view import page
from flow import permits
from flow import public_reports
from flow import rights
from flow import rostering
from flow import several
from flow.desk import Desk
from flow.presence import of_case
from flow.routing import assist_names
from flow.several_acts import CASES
from huanyu.types import Evidence
from huanyu.types import User

router = APIRouter()

PER_PAGE = 50
#: A reply that is being written may still speak for a further witness; afterwards nothing is joined.
JOINABLE = frozenset(JOINS) | {"replying", "interim"}


@router.get("/cases")
@one_look
def listing(
    request: Request,
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    view: str = "open",
    unit: str = "",
    text: str = "",
    at: Offset = 0,
) -> Response:
    view, text = view if view in VIEWS else "open", text.strip()
    units = rights.units_of(user)
    many, seer = units is None or len(units) > 1, rights.seer(user)
    wanted = unit or None if many else None
    deep = permits.may(user, "see_posts")
    states = VIEWS[view][1]
    if text:
        found, counts = desk.store.case_lists.searched(text, wanted, states, PER_PAGE + 1, at, deep, seer)
        tabs = Tabs(counts)
    else:
        found = desk.store.case_lists.page(wanted, states, PER_PAGE + 1, at, seer)
        known: TabCounts = request.app.state.tab_counts
        tabs = known.of(desk, now, wanted, seer)
    return page(
        request,
        "cases.html",
        found=found[:PER_PAGE],
        more=len(found) > PER_PAGE,
        view=view,
        channels={row.key: row.name for row in desk.bureau.channels},
        tabs=[(key, name, tabs.told(states)) for key, (name, states) in VIEWS.items()],
        unit=unit,
        all_units=many,
        text=text,
        searched="编号、标题、地点、原文" if deep else "编号、标题、地点",
        at=at,
        per_page=PER_PAGE,
        units={row.key: row for row in desk.bureau.units},
        areas=desk.bureau.areas(),
        next_due=next_due,
        saved=filters.offered(desk, user, "cases"),
        acts=several.offered(user, CASES),
    )


@router.get("/cases/{case_id}")
@one_look
def one(request: Request, desk: TheDesk, now: Now, user: SignedIn, case_id: Key) -> Response:
    case = desk.store.cases.get(case_id)
    permits.demand_case(user, case)
    unit = desk.bureau.unit(case.unit)
    history = desk.store.cases.history(case_id)
    messages = desk.store.outbox.listing(case_id=case_id)
    after = published.of_case(desk, case_id, messages)
    for_unit = unit is not None and not unit.login and permits.may_on(user, "proxy", case)
    response = page(
        request,
        "case.html",
        presence=beside.notice(request, desk, user, of_case(case_id), now),
        status=200,
        case=case,
        acts=case_acts.offer(desk, user, case, now, for_unit),
        by_proxy=for_unit,
        records=case.state != "reported" and (for_unit or permits.may_on(user, "record_result", case)),
        returns=for_unit or permits.may_on(user, "return", case),
        history=history,
        stood_in=rostering.deputies(desk, history[0].at if history else now),
        **said(desk, user, case_id),
        pictures=pictures(desk, user, case_id),
        messages=messages,
        handed=hand_overs.of_case(desk, user, case, messages, now),
        after=after,
        replies=replying.offer(desk, user, case, after.takeover, messages),
        steps=way(case.state, [event.state for event in history]),
        unit=unit,
        units=desk.bureau.units,
        unit_name=lambda key: found.short if (found := desk.bureau.unit(key)) else key,
        area=desk.bureau.area_name(case.area),
        assist_names=assist_names(desk, case.assist),
        arrows=set(ALLOWED[case.state]),
        **case_incident.offer(desk, case),
        **case_now.offer(case, unit.short if unit else "", desk.bureau.bureau.office, messages, history),
        **result_form.offer(desk, user, case, now),
        **documents.offer(desk, user, case, now),
        **route_form.offer(desk, user, case, now),
        **limits_form.offer(desk, user, case, now),
        **reward_form.offer(desk, user, case, now),
        into=desk.store.cases.get(case.joined_into) if case.joined_into else None,
        joins=case.state in JOINABLE,
        visible=partial(permits.may_see, user),
        may=lambda action: permits.may_on(user, action, case),
        took_in=desk.store.cases.joined(case_id),
        **_reads(user),
    )
    return beside.opened(request, response, user, of_case(case_id), now)


def said(desk: Desk, user: User, case_id: int) -> dict[str, Any]:
    """What citizens wrote, and in words what else came with it."""
    posts = desk.store.cases.posts(case_id)
    return {"posts": posts, "came": public_reports.beside(desk, user, [post.id for post in posts])}


def _reads(user: User) -> dict[str, bool]:
    """What of a case this person may open in full."""
    opens = permits.may(user, "see_outbox") or permits.rows_of(user) is not None
    return {"full": permits.may(user, "see_posts"), "opens_messages": opens}


def pictures(desk: Desk, user: User, case_id: int) -> dict[int, list[Evidence]]:
    """The pictures of a case by their post, for those who may look at them."""
    found: dict[int, list[Evidence]] = {}
    for one in desk.store.evidence.of_case(case_id) if permits.may(user, "see_evidence") else ():
        found.setdefault(one.post_id, []).append(one)
    return found


def back(case_id: Key) -> Response:
    return RedirectResponse(f"/cases/{case_id}", status_code=303)
