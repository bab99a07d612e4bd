"""Prints of a case, and whose print a code on a paper is."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi import Request
from starlette.responses import Response

from console.fields import Key
from console.fields import Text
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import permits
from flow import printing

router = APIRouter()

TILES = 24  # watermarks on a page


@router.post("/cases/{case_id}/print")
def take(
    request: Request,
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    case_id: Key,
    form: Text = "redacted",
    reason: Text = "",
) -> Response:
    """The print itself; opening it once more is a print of its own, with its own code."""
    sheet = printing.take(desk, user, case_id, form, reason, now)
    unit = desk.bureau.unit(sheet.case.unit)
    return page(
        request,
        "print.html",
        sheet=sheet,
        case=sheet.case,
        unit=unit,
        area=desk.bureau.area_name(sheet.case.area),
        form_name=printing.FORMS[form],
        tiles=TILES,
    )


@router.get("/prints")
def find(request: Request, desk: TheDesk, user: SignedIn, mark: str = "") -> Response:
    """Whose print this is: for whoever found a paper."""
    permits.demand(user, "see_audit")
    found = desk.store.prints.by_mark(mark.strip().upper()) if mark.strip() else None
    case = desk.store.cases.get(found.case_id) if found else None
    return page(
        request, "prints.html", mark=mark.strip().upper(), found=found, case=case, forms=printing.FORMS
    )
