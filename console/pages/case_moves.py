"""What a person does with a case from its page: each POST calls exactly one function of the flow."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console.fields import Text
from console.fields import Texts
from console.held import HeldCase
from console.pages.cases import back
from console.sessions import Now
from flow import assisting
from flow import life
from flow import permits
from flow import splitting

router = APIRouter()


@router.post("/cases/{case_id}/accept")
def accept(held: HeldCase, now: Now) -> Response:
    life.accept(*held, now)
    return back(held.id)


@router.post("/cases/{case_id}/sign")
def sign(held: HeldCase, now: Now) -> Response:
    life.sign(*held, now)
    return back(held.id)


@router.post("/cases/{case_id}/arrive")
def arrive(held: HeldCase, now: Now, note: Text = "") -> Response:
    life.arrive(*held, note, now)
    return back(held.id)


@router.post("/cases/{case_id}/return")
def send_away(held: HeldCase, now: Now, reason: Text = "", kind: Text = "") -> Response:
    case = life.send_away(*held, reason, now, kind)
    return back(held.id) if permits.may_see(held.user, case) else RedirectResponse("/cases", status_code=303)


@router.post("/cases/{case_id}/refuse")
def refuse(held: HeldCase, now: Now, reason: Text = "", kind: Text = "") -> Response:
    life.refuse(*held, reason, now, kind)
    return back(held.id)


@router.post("/cases/{case_id}/transfer")
def transfer(
    held: HeldCase, now: Now, office: Text = "", told: Text = "", reason: Text = "", kind: Text = ""
) -> Response:
    life.transfer(*held, office, told, reason, now, kind)
    return back(held.id)


@router.post("/cases/{case_id}/reopen")
def reopen(held: HeldCase, now: Now, reason: Text = "", kind: Text = "") -> Response:
    life.reopen(*held, reason, now, kind)
    return back(held.id)


@router.post("/cases/{case_id}/dispatch")
def dispatch(held: HeldCase, now: Now, unit: Text, assist: Texts = ()) -> Response:
    helping = tuple(key for key in assist if key)
    life.dispatch(*held, unit, now, helping)
    return back(held.id)


@router.post("/cases/{case_id}/hand-down")
def hand_down(held: HeldCase, now: Now, unit: Text, asked: Text = "") -> Response:
    life.hand_down(*held, unit, asked, now)
    return back(held.id)


@router.post("/cases/{case_id}/assist")
def add_assisting(held: HeldCase, now: Now, unit: Text = "", asked: Text = "") -> Response:
    assisting.add(*held, unit, asked, now)
    return back(held.id)


@router.post("/cases/{case_id}/end-assist")
def end_assisting(held: HeldCase, now: Now, unit: Text = "", reason: Text = "") -> Response:
    assisting.take_out(*held, unit, reason, now)
    return back(held.id)


@router.post("/cases/{case_id}/split")
def split(held: HeldCase, now: Now, unit: Texts = (), what: Texts = ()) -> Response:
    splitting.split(*held, list(zip(unit, what, strict=False)), now)
    return back(held.id)


@router.post("/cases/{case_id}/unsplit")
def unsplit(held: HeldCase, now: Now, reason: Text = "") -> Response:
    splitting.undo(*held, reason, now)
    return back(held.id)


@router.post("/cases/{case_id}/close")
def close(held: HeldCase, now: Now, note: Text = "", kind: Text = "") -> Response:
    life.close(*held, note, now, kind)
    return back(held.id)


@router.post("/cases/{case_id}/send-to-unit")
def send_to_unit(held: HeldCase, now: Now, reason: Text = "") -> Response:
    life.send_to_unit(*held, reason, now)
    return back(held.id)
