"""公示: problems that are put right and about to be taken off the ledger, for the days of their notice, and not longer."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi import Request
from starlette.responses import Response

from console.public.view import page
from console.sessions import Now
from console.sessions import TheDesk
from flow import cancelling

router = APIRouter()


@router.get("/notices")
def notices(request: Request, desk: TheDesk, now: Now) -> Response:
    """What stands today, the newest first."""
    found = [(line, cancelling.notice_text(line)) for line in cancelling.public_notices(desk, now)]
    return page(request, "notices.html", found=found)
