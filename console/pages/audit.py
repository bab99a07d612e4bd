"""The audit log: who wrote what when, and whether the chain is whole."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi import Request
from starlette.responses import Response

from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import permits

router = APIRouter()

SHOWN = 200


@router.get("/audit")
def listing(request: Request, desk: TheDesk, user: SignedIn) -> Response:
    permits.demand(user, "see_audit")
    return page(
        request,
        "audit.html",
        rows=desk.store.audit.listing(limit=SHOWN),
        head=desk.store.audit.head(),
        problems=desk.store.audit.verify(),
    )
