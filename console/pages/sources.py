"""Sources: what is read, how each fares, and the items that could not be read."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console.fields import Key
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import actions
from flow import permits

router = APIRouter()

SHOWN = 100


@router.get("/sources")
def listing(request: Request, desk: TheDesk, user: SignedIn) -> Response:
    permits.demand(user, "see_sources")
    return page(
        request,
        "sources.html",
        rows=desk.bureau.sources,
        states={state.source: state for state in desk.store.sources.states()},
        rejects=desk.store.posts.rejects(limit=SHOWN),
    )


@router.post("/rejects/{reject_id}/resolve")
def resolve(desk: TheDesk, now: Now, user: SignedIn, reject_id: Key) -> Response:
    actions.resolve_reject(desk, user, reject_id, now)
    return RedirectResponse("/sources", status_code=303)
