"""What a person does with a case that is reported, answered or stands still, and around it; each POST one function."""

from __future__ import annotations

from datetime import date

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
def accept_result(
    desk: TheDesk, now: Now, user: SignedIn, case_id: Key, version: Version, note: Text = ""
) -> Response:
    revisiting.accept_result(desk, user, case_id, version, now, note)
    return back(case_id)


@router.post("/cases/{case_id}/visit")
def visit(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    case_id: Key,
    version: Version,
    way: Text = "",
    satisfied: Text = "",
    note: Text = "",
) -> Response:
    revisiting.visit(desk, user, case_id, version, way, satisfied, note, now)
    return back(case_id)


@router.post("/cases/{case_id}/recheck")
def recheck(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    case_id: Key,
    version: Version,
    done: Text = "",
    found: Text = "",
    again_by: Text = "",
) -> Response:
    if done not in ("yes", "no"):
        raise BadInput("请选择整改是否到位")
    by = _day(again_by) if again_by.strip() and done == "no" else None
    rechecking.recheck(desk, user, case_id, version, done == "yes", found, now, by)
    return back(case_id)


@router.post("/cases/{case_id}/appeal")
def appeal(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    case_id: Key,
    version: Version,
    asked_on: Text = "",
    reason: Text = "",
) -> Response:
    reexamining.ask(desk, user, case_id, version, _day(asked_on), reason, now)
    return back(case_id)


@router.post("/cases/{case_id}/decide-appeal")
def decide_appeal(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    case_id: Key,
    version: Version,
    outcome: Text = "",
    told: Text = "",
) -> Response:
    reexamining.decide(desk, user, case_id, version, outcome, told, now)
    return back(case_id)


@router.post("/cases/{case_id}/redo")
def redo(
    desk: TheDesk, now: Now, user: SignedIn, case_id: Key, version: Version, reason: Text = ""
) -> Response:
    revisiting.redo(desk, user, case_id, version, reason, now)
    return back(case_id)


@router.post("/cases/{case_id}/pause")
def pause(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    case_id: Key,
    version: Version,
    reason: Text = "",
    kind: Text = "",
) -> Response:
    resting.pause(desk, user, case_id, version, reason, now, kind)
    return back(case_id)


@router.post("/cases/{case_id}/ask-pause")
def ask_pause(
    desk: TheDesk, now: Now, user: SignedIn, case_id: Key, version: Version, reason: Text = ""
) -> Response:
    resting.ask_pause(desk, user, case_id, version, reason, now)
    return back(case_id)


@router.post("/cases/{case_id}/refuse-pause")
def refuse_pause(
    desk: TheDesk, now: Now, user: SignedIn, case_id: Key, version: Version, reason: Text = ""
) -> Response:
    resting.refuse_pause(desk, user, case_id, version, reason, now)
    return back(case_id)


@router.post("/cases/{case_id}/resume")
def resume(
    desk: TheDesk, now: Now, user: SignedIn, case_id: Key, version: Version, note: Text = ""
) -> Response:
    resting.resume(desk, user, case_id, version, note, now)
    return back(case_id)


@router.post("/cases/{case_id}/interim")
def interim(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    case_id: Key,
    version: Version,
    done: Text = "",
    check_on: Text = "",
) -> Response:
    resting.interim(desk, user, case_id, version, done, _day(check_on), now)
    return back(case_id)


@router.post("/cases/{case_id}/go-on")
def go_on(
    desk: TheDesk, now: Now, user: SignedIn, case_id: Key, version: Version, reason: Text = ""
) -> Response:
    resting.go_on(desk, user, case_id, version, reason, now)
    return back(case_id)


@router.post("/cases/{case_id}/supervise")
def supervise(
    desk: TheDesk, now: Now, user: SignedIn, case_id: Key, version: Version, reason: Text = ""
) -> Response:
    supervising.supervise(desk, user, case_id, version, reason, now)
    return back(case_id)


@router.post("/cases/{case_id}/charge")
def take_charge(
    desk: TheDesk, now: Now, user: SignedIn, case_id: Key, version: Version, whom: Text = ""
) -> Response:
    supervising.take_charge(desk, user, case_id, version, whom, now)
    return back(case_id)


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
