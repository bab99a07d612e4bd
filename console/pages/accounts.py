"""The official accounts: how each is, what waits for it, how far its quotas are used, until when its token lasts."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import accounts
from flow import permits

router = APIRouter()

COLOURS = {"ok": "green", "off": "secondary", "idle": "yellow", "expiring": "yellow", "quota": "yellow"}


@router.get("/accounts")
def listing(request: Request, desk: TheDesk, now: Now, user: SignedIn) -> Response:
    permits.demand(user, "see_outbox")
    found = accounts.standings(desk, now)
    return page(
        request,
        "accounts.html",
        found=found,
        troubled=sum(one.needs_person for one in found),
        colours=COLOURS,
        now=now,
    )


@router.post("/accounts/{key}/lift")
def lift(desk: TheDesk, now: Now, user: SignedIn, key: str) -> Response:
    accounts.lift(desk, user, key, now)
    return RedirectResponse("/accounts", status_code=303)
