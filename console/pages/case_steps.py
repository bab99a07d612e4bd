"""What a person does with a case that is reported, answered or stands still, and around it; each POST one function."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console.fields import Key
from console.fields import Text
from console.held import HeldCase
from console.pages.cases import back
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from flow import permits
from flow import rechecking
from flow import recusing
from flow import reexamining
from flow import resting
from flow import revisiting
from flow import supervising
from huanyu.errors import BadInput

router = APIRouter()


@router.post("/cases/{case_id}/accept-result")
def accept_result(held: HeldCase, now: Now, note: Text = "") -> Response:
    revisiting.accept_result(*held, now, note)
    return back(held.id)


@router.post("/cases/{case_id}/visit")
def visit(held: HeldCase, now: Now, way: Text = "", satisfied: Text = "", note: Text = "") -> Response:
    revisiting.visit(*held, way, satisfied, note, now)
    return back(held.id)


@router.post("/cases/{case_id}/recheck")
def recheck(held: HeldCase, now: Now, done: Text = "", found: Text = "", again_by: Text = "") -> Response:
    if done not in ("yes", "no"):
        raise BadInput("请选择整改是否到位")
    by = _day(again_by) if again_by.strip() and done == "no" else None
    rechecking.recheck(*held, done == "yes", found, now, by)
    return back(held.id)


@router.post("/cases/{case_id}/appeal")
def appeal(held: HeldCase, now: Now, asked_on: Text = "", reason: Text = "") -> Response:
    reexamining.ask(*held, _day(asked_on), reason, now)
    return back(held.id)


@router.post("/cases/{case_id}/decide-appeal")
def decide_appeal(held: HeldCase, now: Now, outcome: Text = "", told: Text = "") -> Response:
    reexamining.decide(*held, outcome, told, now)
    return back(held.id)


@router.post("/cases/{case_id}/redo")
def redo(held: HeldCase, now: Now, reason: Text = "") -> Response:
    revisiting.redo(*held, reason, now)
    return back(held.id)


@router.post("/cases/{case_id}/pause")
def pause(held: HeldCase, now: Now, reason: Text = "", kind: Text = "") -> Response:
    resting.pause(*held, reason, now, kind)
    return back(held.id)


@router.post("/cases/{case_id}/ask-pause")
def ask_pause(held: HeldCase, now: Now, reason: Text = "") -> Response:
    resting.ask_pause(*held, reason, now)
    return back(held.id)


@router.post("/cases/{case_id}/refuse-pause")
def refuse_pause(held: HeldCase, now: Now, reason: Text = "") -> Response:
    resting.refuse_pause(*held, reason, now)
    return back(held.id)


@router.post("/cases/{case_id}/resume")
def resume(held: HeldCase, now: Now, note: Text = "") -> Response:
    resting.resume(*held, note, now)
    return back(held.id)


@router.post("/cases/{case_id}/interim")
def interim(held: HeldCase, now: Now, done: Text = "", check_on: Text = "") -> Response:
    resting.interim(*held, done, _day(check_on), now)
    return back(held.id)


@router.post("/cases/{case_id}/go-on")
def go_on(held: HeldCase, now: Now, reason: Text = "") -> Response:
    resting.go_on(*held, reason, now)
    return back(held.id)


@router.post("/cases/{case_id}/supervise")
def supervise(held: HeldCase, now: Now, reason: Text = "") -> Response:
    supervising.supervise(*held, reason, now)
    return back(held.id)


@router.post("/cases/{case_id}/charge")
def take_charge(held: HeldCase, now: Now, whom: Text = "") -> Response:
    supervising.take_charge(*held, whom, now)
    return back(held.id)


@router.post("/cases/{case_id}/opinion")
def opine(desk: TheDesk, now: Now, user: SignedIn, case_id: Key, opinion: Text = "") -> Response:
    supervising.opine(desk, user, case_id, opinion, now)
    return back(case_id)


@router.post("/cases/{case_id}/tell")
def tell(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    case_id: Key,
    way: Text = "",
    stage: Text = "",
    told: Text = "",
) -> Response:
    supervising.tell(desk, user, case_id, way, stage, told, now)
    return back(case_id)


@router.post("/cases/{case_id}/recuse")
def recuse(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    case_id: Key,
    whom: Text = "",
    reason: Text = "",
    kind: Text = "",
) -> Response:
    recusing.recuse(desk, user, case_id, whom, reason, now, kind)
    case = desk.store.cases.get(case_id)
    return back(case_id) if permits.may_see(user, case) else RedirectResponse("/cases", status_code=303)


@router.post("/cases/{case_id}/lift-recusal")
def lift_recusal(
    desk: TheDesk, now: Now, user: SignedIn, case_id: Key, whom: Text = "", reason: Text = ""
) -> Response:
    recusing.lift(desk, user, case_id, whom, reason, now)
    return back(case_id)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise BadInput("请填写下次核查日期，例如 2026-04-10") from problem
