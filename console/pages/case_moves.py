"""What a person does with a case from its page: each POST calls exactly one function of the flow."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console.fields import Key
from console.fields import Text
from console.fields import Version
from console.pages.cases import back
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from flow import life

router = APIRouter()


@router.post("/cases/{case_id}/sign")
def sign(desk: TheDesk, now: Now, user: SignedIn, case_id: Key, version: Version) -> Response:
    life.sign(desk, user, case_id, version, now)
    return back(case_id)


@router.post("/cases/{case_id}/return")
def send_away(
    desk: TheDesk, now: Now, user: SignedIn, case_id: Key, version: Version, reason: Text = ""
) -> Response:
    life.send_away(desk, user, case_id, version, reason, now)
    return RedirectResponse("/cases", status_code=303)


@router.post("/cases/{case_id}/refuse")
def refuse(
    desk: TheDesk, now: Now, user: SignedIn, case_id: Key, version: Version, reason: Text = ""
) -> Response:
    life.refuse(desk, user, case_id, version, reason, now)
    return back(case_id)


@router.post("/cases/{case_id}/dispatch")
def dispatch(desk: TheDesk, now: Now, user: SignedIn, case_id: Key, version: Version, unit: Text) -> Response:
    life.dispatch(desk, user, case_id, version, unit, now)
    return back(case_id)


@router.post("/cases/{case_id}/close")
def close(
    desk: TheDesk, now: Now, user: SignedIn, case_id: Key, version: Version, note: Text = ""
) -> Response:
    life.close(desk, user, case_id, version, note, now)
    return back(case_id)


@router.post("/cases/{case_id}/send-to-unit")
def send_to_unit(
    desk: TheDesk, now: Now, user: SignedIn, case_id: Key, version: Version, reason: Text = ""
) -> Response:
    life.send_to_unit(desk, user, case_id, version, reason, now)
    return back(case_id)
