"""Looking up how far a report is, by number and code, and saying what one thinks of the answer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from typing import Final

from fastapi import APIRouter
from fastapi import Query
from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from console.public.gate import Paces
from console.public.gate import ShortForm
from console.public.gate import ThePaces
from console.public.gate import origin
from console.public.view import page
from console.refusals import status_of
from console.sessions import Now
from console.sessions import TheDesk
from console.sessions import address_of
from flow import public_forms
from flow import public_progress
from flow import public_ratings
from flow import reward_claims
from flow.desk import Desk
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import IllegalMove
from huanyu.errors import NotFound

router = APIRouter()

WRONG: Final = "受理编号或校验码不对，请对照回执再填一次"


@router.get("/progress")
def ask(request: Request, number: Annotated[str, Query(max_length=40)] = "") -> Response:
    """The form; the QR code of a receipt fills in the number, and with a script the code."""
    return page(request, "ask.html", number=public_forms.tidy_number(number), wrong="")


@router.post("/progress")
def look(request: Request, desk: TheDesk, now: Now, paces: ThePaces, form: ShortForm) -> Response:
    """Stages and dates; a wrong code and an unknown number are answered alike."""
    number, code = _typed(request, paces, str(form.get("number", "")), str(form.get("code", "")), now)
    return _shown(request, desk, paces, number, code, now)


@router.post("/progress/rating")
def rate(request: Request, desk: TheDesk, now: Now, paces: ThePaces, form: ShortForm) -> Response:
    """What the citizen thinks of the answer, once."""
    number, code = _typed(request, paces, str(form.get("number", "")), str(form.get("code", "")), now)
    satisfied, reason = str(form.get("satisfied", "")), str(form.get("reason", ""))
    if public_progress.find(desk, number, code) is None:
        return page(request, "ask.html", status=404, number=number, wrong=WRONG)
    try:
        public_ratings.rate(desk, number, code, satisfied, reason, now)
    except (BadInput, Conflict, IllegalMove) as problem:
        said = {"wrong": str(problem.args[0]), "chosen": satisfied, "reason": reason}
        return _shown(request, desk, paces, number, code, now, status=status_of(problem), **said)
    return _shown(request, desk, paces, number, code, now, done="谢谢，您的评价已经记下。")


@router.post("/progress/claim")
def claim(request: Request, desk: TheDesk, now: Now, paces: ThePaces, form: ShortForm) -> Response:
    """What the citizen tells to be paid; nothing of it is shown again, not even beside a mistake."""
    number, code = _typed(request, paces, str(form.get("number", "")), str(form.get("code", "")), now)
    typed = {name: str(form.get(name, "")) for name in reward_claims.FIELDS}
    if public_progress.find(desk, number, code) is None:
        return page(request, "ask.html", status=404, number=number, wrong=WRONG)
    try:
        if not form.get("consent"):
            raise BadInput("请先勾选同意")
        reward_claims.claim(desk, number, code, typed, now)
    except (BadInput, Conflict, IllegalMove, NotFound) as problem:
        said = {"claim_wrong": str(problem.args[0])}
        return _shown(request, desk, paces, number, code, now, status=status_of(problem), **said)
    return _shown(request, desk, paces, number, code, now, done="领取信息已经收到，核对后支付。")


def _typed(request: Request, paces: Paces, number: str, code: str, now: datetime) -> tuple[str, str]:
    """The number as it is kept, the code as typed; the try is counted before anything is looked at."""
    tidy = public_forms.tidy_number(number)
    if not paces.codes.admit(tidy, origin(address_of(request))[0], now):
        raise HTTPException(429)
    return tidy, code


def _shown(
    request: Request,
    desk: Desk,
    paces: Paces,
    number: str,
    code: str,
    now: datetime,
    status: int = 200,
    **said: str,
) -> Response:
    found = public_progress.look(desk, number, code)
    if found is None:
        return page(request, "ask.html", status=404, number=number, wrong=WRONG)
    paces.codes.take_back(number, origin(address_of(request))[0], now)
    result = bool(found.public_id) and (desk.config.site_dir / "r" / f"{found.public_id}.html").is_file()
    return page(
        request,
        "progress.html",
        status=status,
        found=found,
        code=code,
        choices=public_ratings.CHOICES,
        has_page=result,
        offer=reward_claims.offer(desk, number, code, now),
        fields=reward_claims.FIELDS,
        **{"wrong": "", "claim_wrong": "", "done": "", "chosen": "", "reason": "", **said},
    )
