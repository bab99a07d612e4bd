"""Which posts are one matter: what waits for a person's word, and that word."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console.fields import Key
from console.fields import Text
from console.held import HeldCase
from console.pages.cases import back
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import matters
from flow import permits
from flow import rights

router = APIRouter()

AT_ONCE = 50  #: suggestions on the page


@router.get("/suggestions")
def suggestions(request: Request, desk: TheDesk, user: SignedIn) -> Response:
    """Posts that may belong to a known case: a person joins them or opens another."""
    permits.demand(user, "join")
    waits = desk.store.cases.suggestions(AT_ONCE, seer=rights.seer(user))
    found = [(one, desk.store.cases.get(one.case_id)) for one in waits]
    waiting = [
        (one, desk.store.posts.get(one.post_id), case)
        for one, case in found
        if permits.may_on(user, "join", case)
    ]
    return page(request, "suggestions.html", waiting=waiting)


@router.post("/suggestions/{suggestion_id}")
def decide(desk: TheDesk, now: Now, user: SignedIn, suggestion_id: Key, join: Text) -> Response:
    matters.decide_suggestion(desk, user, suggestion_id, join == "1", now)
    return RedirectResponse("/suggestions", status_code=303)


@router.post("/cases/{case_id}/posts/{post_id}/apart")
def take_apart(held: HeldCase, now: Now, post_id: Key, reason: Text = "", number: Text = "") -> Response:
    matters.take_apart(*held, post_id, reason, now, number)
    return back(held.id)


@router.post("/cases/{case_id}/join")
def join(held: HeldCase, now: Now, number: Text = "", reason: Text = "") -> Response:
    return back(matters.join(*held, number, reason, now).id)


@router.post("/cases/{case_id}/unjoin")
def unjoin(held: HeldCase, now: Now, reason: Text = "") -> Response:
    matters.unjoin(*held, reason, now)
    return back(held.id)
