"""现场办件: the cases to visit on a telephone; without a script plain forms, with one kept on the device and sent later.

The worker behind it keeps the page for where there is no line; log-out clears everything that is kept.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated
from typing import Final

from fastapi import APIRouter
from fastapi import Form
from fastapi import Request
from starlette.responses import FileResponse
from starlette.responses import JSONResponse
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console import result_form
from console.fields import LARGEST
from console.fields import Key
from console.fields import Text
from console.refusals import status_of
from console.result_form import ResultForm
from console.sessions import FIELD_COOKIE
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import fieldwork
from flow.desk import Desk
from flow.fieldwork import Arrival
from flow.fieldwork import Sending
from flow.findings import FINDINGS
from huanyu.clock import SHANGHAI
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import HuanyuError
from huanyu.errors import IllegalMove
from huanyu.redact import mask
from huanyu.types import User

router = APIRouter()

STATIC: Final = Path(__file__).resolve().parents[1] / "static"
REMEMBERED: Final = (
    30 * 24 * 3600
)  # seconds: longer than any session; what is kept goes with the next log-out
SHOWN: Final = 200  # characters of what was reported
CLOCK: Final = "clock"  # what the script writes beside a moment it filled in
DONE: Final = {
    "sign": "已签收。",
    "arrive": "已记下到场。",
    "result": "已反馈查处结果。",
    "known": "这一条先前已经收到。",
    "sent": "都已发送。",
}
Seen = Annotated[int, Form(ge=0, le=LARGEST)]


@router.get("/field")
def look(request: Request, desk: TheDesk, now: Now, user: SignedIn, done: str = "") -> Response:
    answer = _page(request, desk, user, now, done=DONE.get(done, ""))
    # by this the log-out knows that the device keeps something
    answer.set_cookie(FIELD_COOKIE, "1", max_age=REMEMBERED, path="/", httponly=True, samesite="strict")
    return answer


@router.get("/field/worker.js")
def worker(user: SignedIn) -> Response:  # noqa: ARG001 - nobody else is given it
    """The service worker; it may look after the one page alone."""
    headers = {"Service-Worker-Allowed": "/field"}
    return FileResponse(STATIC / "field-worker.js", media_type="text/javascript", headers=headers)


@router.post("/field/{case_id}/sign")
def sign(
    request: Request, desk: TheDesk, now: Now, user: SignedIn, case_id: Key, version: Seen, key: Text = ""
) -> Response:
    sending = Sending(key=key, case_id=case_id, seen=version)
    return _act(
        request, desk, user, now, case_id, "sign", {}, lambda: fieldwork.sign(desk, user, sending, now)
    )


@router.post("/field/{case_id}/arrive")
def arrive(
    request: Request,
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    case_id: Key,
    version: Seen,
    key: Text = "",
    at: Text = "",
    by: Text = "",
    position: Text = "",
    place: Text = "",
) -> Response:
    sending = Sending(key=key, case_id=case_id, seen=version)

    def work() -> bool:
        arrival = Arrival(at=_moment(at), by_clock=by == CLOCK, position=position, place=place)
        return fieldwork.arrive(desk, user, sending, arrival, now)

    return _act(request, desk, user, now, case_id, "arrive", {"at": at, "place": place}, work)


@router.post("/field/{case_id}/result")
def report(
    request: Request, desk: TheDesk, now: Now, user: SignedIn, case_id: Key, form: ResultForm
) -> Response:
    given = result_form.typed(form)
    seen = given.fields.get("version", "")
    sending = Sending(
        key=given.fields.get("key", ""),
        case_id=case_id,
        seen=int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else LARGEST,
    )

    def work() -> bool:
        result, values = result_form.result_of(given), result_form.measured(given)
        return fieldwork.report(desk, user, sending, result, values, given.uploads, now)

    typed = {**given.fields, "measures": "\n".join(given.chosen["measures"])}
    return _act(request, desk, user, now, case_id, "result", typed, work)


def _act(
    request: Request,
    desk: Desk,
    user: User,
    now: datetime,
    case_id: int,
    act: str,
    typed: Mapping[str, str],
    work: Callable[[], bool],
) -> Response:
    """Do it and say so: to the script in a word, to a browser without one by the page."""
    scripted = "application/json" in request.headers.get("accept", "")
    try:
        new = work()
    except (BadInput, Conflict, IllegalMove) as problem:
        told, status = str(problem.args[0]), status_of(problem)
        if scripted:
            return JSONResponse({"told": told}, status_code=status)
        return _page(request, desk, user, now, case_id, act, typed, problem, status)
    if scripted:
        return JSONResponse({"result": "new" if new else "known"})
    return RedirectResponse(f"/field?done={act if new else 'known'}", status_code=303)


def _page(
    request: Request,
    desk: Desk,
    user: User,
    now: datetime,
    wrong_case: int = 0,
    wrong_act: str = "",
    typed: Mapping[str, str] | None = None,
    problem: HuanyuError | None = None,
    status: int = 200,
    done: str = "",
) -> Response:
    found = fieldwork.to_visit(desk, user)
    return page(
        request,
        "field.html",
        status=status,
        cases=found,
        told={case.id: mask(case.first_text, names=(case.first_author,))[:SHOWN] for case in found},
        key=lambda: secrets.token_hex(16),
        here=f"{local(now):%Y-%m-%dT%H:%M}",
        findings=FINDINGS,
        outcomes=desk.bureau.quality.outcome,
        measures=[row for row in desk.bureau.measures if row.valid_on(local(now).date())],
        pictures=range(result_form.PICTURES),
        wrong_case=wrong_case,
        wrong_act=wrong_act,
        typed=typed or {},
        problem=str(problem.args[0]) if problem else "",
        done=done,
    )


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    except ValueError as problem:
        raise BadInput("请填写到场时间，例如 2026-03-05 10:30") from problem
