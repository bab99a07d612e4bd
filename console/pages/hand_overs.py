"""Hand-overs: which reached their unit, one-time links, who read the reporter, prints; a list and a part of the case page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console.fields import Key
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import handing_over
from flow import identities
from flow import link_making
from flow import permits
from flow import rights
from flow.desk import Desk
from flow.handing_over import Tried
from flow.identities import Looks
from flow.printing import FORMS
from huanyu.types import Case
from huanyu.types import Grant
from huanyu.types import Link
from huanyu.types import Message
from huanyu.types import Print
from huanyu.types import User

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOvers:
    """What the case page shows of its hand-overs, to this person."""

    tried: list[Tried]
    links: dict[int, list[Link]]  #: open ones, by hand-over
    links_made: bool
    links_closed: bool
    reads_reporter: bool
    grants_leave: bool
    has_reporter: bool
    looks: Looks | None
    grants: list[Grant]
    prints: list[Print]
    forms: dict[str, str]


@router.get("/hand-overs")
def listing(request: Request, desk: TheDesk, now: Now, user: SignedIn) -> Response:
    permits.demand(user, "make_link")
    found = handing_over.waiting(desk, now, rights.seer(user))
    return page(request, "hand_overs.html", found=found, lost=sum(one.is_lost for one in found))


@router.post("/cases/{case_id}/hand-overs/{assignment_id}/link")
def make_link(
    request: Request, desk: TheDesk, now: Now, user: SignedIn, case_id: Key, assignment_id: Key
) -> Response:
    """Show the address of a new link, this once."""
    address = link_making.make(desk, user, case_id, assignment_id, now)
    given = desk.store.hand_overs.get(assignment_id)
    unit = desk.bureau.unit(given.unit)
    case = desk.store.cases.get(case_id)
    return page(request, "link_made.html", address=address, unit=unit, case=case)


@router.post("/cases/{case_id}/hand-overs/{assignment_id}/revoke")
def revoke_links(desk: TheDesk, now: Now, user: SignedIn, case_id: Key, assignment_id: Key) -> Response:
    link_making.revoke(desk, user, case_id, assignment_id, now)
    return RedirectResponse(f"/cases/{case_id}#hand-overs", status_code=303)


def of_case(desk: Desk, user: User, case: Case, messages: list[Message], now: datetime) -> HandOvers:
    """What the case page shows of its hand-overs."""
    office = permits.may_on(user, "see_outbox", case)
    links: dict[int, list[Link]] = {}
    for link in desk.store.links.of_case(case.id) if office else ():
        if link.revoked_at is None and link.expires_at > now:
            links.setdefault(link.assignment_id, []).append(link)
    return HandOvers(
        tried=handing_over.of_case(desk, case, messages, now),
        links=links,
        links_made=permits.may_on(user, "make_link", case),
        links_closed=permits.may_on(user, "revoke_link", case),
        reads_reporter=identities.may_read(desk, user, case, now),
        grants_leave=permits.may_on(user, "read_reporter", case),
        has_reporter=desk.store.people.has_reporter(case.id),
        looks=identities.looks(desk, case.id) if office else None,
        grants=identities.standing(desk, case.id, now) if office else [],
        prints=desk.store.prints.of_case(case.id) if office else [],
        forms={form: name for form, name in FORMS.items() if permits.may_on(user, f"print_{form}", case)},
    )
