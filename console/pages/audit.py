"""The audit log: who wrote what when, and whether the chain is whole."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi import Request
from starlette.responses import Response

from console.fields import Id
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import permits

router = APIRouter()

SHOWN = 200


@router.get("/audit")
def listing(request: Request, desk: TheDesk, user: SignedIn, before: Id | None = None) -> Response:
    """The latest lines, or those older than the line `before`."""
    permits.demand(user, "see_audit")
    rows = desk.store.audit.listing(limit=SHOWN, before=before)
    return page(
        request,
        "audit.html",
        rows=rows,
        older=rows[-1].id if len(rows) == SHOWN else None,
        paged=before is not None,
        head=desk.store.audit.head(),
        problems=desk.store.audit.verify(),
    )
