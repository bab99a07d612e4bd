"""What a person does with a case from its page: each POST calls exactly one function of the flow."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console.fields import Key
from console.fields import Text
from console.fields import Texts
from console.fields import Version
from console.pages.cases import back
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from flow import assisting
from flow import life
from flow import permits
from flow import splitting

router = APIRouter()


@router.post("/cases/{case_id}/accept")
def accept(desk: TheDesk, now: Now, user: SignedIn, case_id: Key, version: Version) -> Response:
    life.accept(desk, user, case_id, version, now)
    return back(case_id)


@router.post("/cases/{case_id}/sign")
def sign(desk: TheDesk, now: Now, user: SignedIn, case_id: Key, version: Version) -> Response:
    life.sign(desk, user, case_id, version, now)
    return back(case_id)


@router.post("/cases/{case_id}/arrive")
def arrive(
    desk: TheDesk, now: Now, user: SignedIn, case_id: Key, version: Version, note: Text = ""
) -> Response:
    life.arrive(desk, user, case_id, version, note, now)
    return back(case_id)


@router.post("/cases/{case_id}/return")
def send_away(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    case_id: Key,
    version: Version,
    reason: Text = "",
    kind: Text = "",
) -> Response:
    case = life.send_away(desk, user, case_id, version, reason, now, kind)
    return back(case_id) if permits.may_see(user, case) else RedirectResponse("/cases", status_code=303)


@router.post("/cases/{case_id}/refuse")
def refuse(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    case_id: Key,
    version: Version,
    reason: Text = "",
    kind: Text = "",
) -> Response:
    life.refuse(desk, user, case_id, version, reason, now, kind)
    return back(case_id)


@router.post("/cases/{case_id}/transfer")
def transfer(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    case_id: Key,
    version: Version,
    office: Text = "",
    told: Text = "",
    reason: Text = "",
    kind: Text = "",
) -> Response:
    life.transfer(desk, user, case_id, version, office, told, reason, now, kind)
    return back(case_id)


@router.post("/cases/{case_id}/reopen")
def reopen(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    case_id: Key,
    version: Version,
    reason: Text = "",
    kind: Text = "",
) -> Response:
    life.reopen(desk, user, case_id, version, reason, now, kind)
    return back(case_id)


@router.post("/cases/{case_id}/dispatch")
def dispatch(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    case_id: Key,
    version: Version,
    unit: Text,
    assist: Texts = (),
) -> Response:
    helping = tuple(key for key in assist if key)
    life.dispatch(desk, user, case_id, version, unit, now, helping)
    return back(case_id)


@router.post("/cases/{case_id}/hand-down")
def hand_down(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    case_id: Key,
    version: Version,
    unit: Text,
    asked: Text = "",
) -> Response:
    life.hand_down(desk, user, case_id, version, unit, asked, now)
    return back(case_id)


@router.post("/cases/{case_id}/assist")
def add_assisting(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    case_id: Key,
    version: Version,
    unit: Text = "",
    asked: Text = "",
) -> Response:
    assisting.add(desk, user, case_id, version, unit, asked, now)
    return back(case_id)


@router.post("/cases/{case_id}/end-assist")
def end_assisting(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    case_id: Key,
    version: Version,
    unit: Text = "",
    reason: Text = "",
) -> Response:
    assisting.take_out(desk, user, case_id, version, unit, reason, now)
    return back(case_id)


@router.post("/cases/{case_id}/split")
def split(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    case_id: Key,
    version: Version,
    unit: Texts = (),
    what: Texts = (),
) -> Response:
    splitting.split(desk, user, case_id, version, list(zip(unit, what, strict=False)), now)
    return back(case_id)


@router.post("/cases/{case_id}/unsplit")
def unsplit(
    desk: TheDesk, now: Now, user: SignedIn, case_id: Key, version: Version, reason: Text = ""
) -> Response:
    splitting.undo(desk, user, case_id, version, reason, now)
    return back(case_id)


@router.post("/cases/{case_id}/close")
def close(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    case_id: Key,
    version: Version,
    note: Text = "",
    kind: Text = "",
) -> Response:
    life.close(desk, user, case_id, version, note, now, kind)
    return back(case_id)


@router.post("/cases/{case_id}/send-to-unit")
def send_to_unit(
    desk: TheDesk, now: Now, user: SignedIn, case_id: Key, version: Version, reason: Text = ""
) -> Response:
    life.send_to_unit(desk, user, case_id, version, reason, now)
    return back(case_id)
