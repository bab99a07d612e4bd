"""What a unit found and did, from the form on the case page; what is wrong stands beside the fields, nothing is lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from fastapi import APIRouter
from fastapi import Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse
from starlette.responses import Response

from cases.lifecycle import ALLOWED
from cases.quality import Problem
from console import result_form
from console.fields import LARGEST
from console.fields import Key
from console.refusals import KEPT
from console.refusals import status_of
from console.result_form import ResultForm
from console.result_form import Typed
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import changes
from flow import findings
from flow import permits
from flow.changes import Since
from flow.desk import Desk
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import HuanyuError
from huanyu.errors import IllegalMove
from huanyu.types import User

router = APIRouter()


@router.post("/cases/{case_id}/result")
def record_result(
    request: Request, desk: TheDesk, now: Now, user: SignedIn, case_id: Key, form: ResultForm
) -> Response:
    permits.demand_case(user, desk.store.cases.get(case_id))
    given = result_form.typed(form)
    try:
        result, values = result_form.result_of(given), result_form.measured(given)
        version = _version(form)
        findings.record_result(desk, user, case_id, version, result, now, values, given.uploads)
    except (BadInput, Conflict, IllegalMove) as problem:
        return _again(request, desk, user, case_id, given, problem, now, since_of(desk, user, case_id, form))
    return RedirectResponse(f"/cases/{case_id}#found", status_code=303)


def _again(
    request: Request,
    desk: Desk,
    user: User,
    case_id: int,
    given: Typed,
    problem: HuanyuError,
    now: datetime,
    since: Since | None,
) -> Response:
    """The form once more as it was typed, with what is wrong, and what others did meanwhile."""
    case = desk.store.cases.get(case_id)
    return page(
        request,
        "result.html",
        status=status_of(problem),
        case=case,
        told=str(problem.args[0]),
        overtaken=since is not None or isinstance(problem, Conflict),
        since=since,
        kept=KEPT,
        reselect=bool(given.uploads),
        arrows=set(ALLOWED[case.state]),
        records=True,
        by_proxy=False,
        **result_form.offer(desk, user, case, now, given, _wrong(desk, case_id, given, now)),
    )


def since_of(desk: Desk, user: User, case_id: int, form: FormData) -> Since | None:
    """What was done to the case after the person had opened the form; None where nothing was."""
    try:
        seen = _version(form)
        since = changes.of_case(desk, user, case_id, seen)
    except HuanyuError:
        return None
    return since if since.version > seen else None


def _wrong(desk: Desk, case_id: int, given: Typed, now: datetime) -> Sequence[Problem]:
    """What stands beside the fields; nothing while the form cannot even be read."""
    try:
        result, values = result_form.result_of(given), result_form.measured(given)
        case = desk.store.cases.get(case_id)
        return findings.look_over(desk, case, result, values, len(given.uploads), now)
    except BadInput:
        return ()


def _version(form: FormData) -> int:
    text = str(form.get("version", ""))
    if not (text.isascii() and text.isdecimal()) or int(text) > LARGEST:
        raise BadInput("填写的内容不完整或格式不对，请从案件页重新打开表格")
    return int(text)
