"""Setting up a second factor on one's account, its sheet of recovery codes, and taking it away again.

Secret and sheet stand in the answer to a POST only: there is no address under which they could be opened again.
"""

from __future__ import annotations

import segno
from fastapi import APIRouter
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console import sessions
from console.fields import Text
from console.pages import account
from console.sessions import CodeThrottle
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.sessions import TheThrottle
from console.throttle import Throttle
from console.view import page
from flow import factors
from flow.desk import Desk
from huanyu import totp
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import NotAllowed
from huanyu.types import User

router = APIRouter()

WAIT = "尝试次数过多, 请 15 分钟后再试"


@router.post("/account/factor")
def begin(
    request: Request, desk: TheDesk, now: Now, throttle: TheThrottle, user: SignedIn, password: Text
) -> Response:
    """Draw a secret; the password is asked for, so that an unattended screen is not enough."""
    if problem := account.why_not_own(request, desk, throttle, user, password, now):
        return account.shown(request, desk, user, now, status=problem.status, factor_problem=problem.told)
    return _to_scan(request, desk, user, factors.begin(desk, user, now))


@router.post("/account/factor/confirm")
def confirm(
    request: Request, desk: TheDesk, now: Now, throttle: CodeThrottle, user: SignedIn, code: Text
) -> Response:
    """The first code from the telephone; the answer is the sheet of recovery codes."""
    address = sessions.address_of(request)
    if not throttle.admit(user.name, address, now):
        return account.shown(request, desk, user, now, status=429, factor_problem=WAIT)
    try:
        sheet = factors.confirm(desk, user, code, sessions.session_of(request), now)
    except BadInput as problem:
        secret, told = factors.pending(desk, user, now), str(problem.args[0])
        if secret:
            return _to_scan(request, desk, user, secret, told)
        return account.shown(request, desk, user, now, status=422, factor_problem=told)
    throttle.take_back(user.name, address, now)
    return _sheet(request, sheet, first=True)


@router.post("/account/factor/codes")
def renew(
    request: Request, desk: TheDesk, now: Now, throttle: CodeThrottle, user: SignedIn, code: Text
) -> Response:
    """A new sheet against a code."""
    if refusal := _admitted(request, desk, throttle, user, now):
        return refusal
    try:
        sheet = factors.renew_codes(desk, user, code, now)
    except (NotAllowed, Conflict) as problem:
        return _refused(request, desk, user, str(problem.args[0]))
    throttle.take_back(user.name, sessions.address_of(request), now)
    return _sheet(request, sheet, first=False)


@router.post("/account/factor/off")
def off(
    request: Request, desk: TheDesk, now: Now, throttle: CodeThrottle, user: SignedIn, code: Text
) -> Response:
    """Take it away against a code, to move to another telephone."""
    if refusal := _admitted(request, desk, throttle, user, now):
        return refusal
    try:
        factors.remove(desk, user, code, now)
    except (NotAllowed, Conflict) as problem:
        return _refused(request, desk, user, str(problem.args[0]))
    throttle.take_back(user.name, sessions.address_of(request), now)
    return RedirectResponse("/account#factor", status_code=303)


def _admitted(request: Request, desk: Desk, throttle: Throttle, user: User, now: Now) -> Response | None:
    if throttle.admit(user.name, sessions.address_of(request), now):
        return None
    desk.store.entrances.refuse(user.id, True, now)
    return account.shown(request, desk, user, now, status=429, factor_problem=WAIT)


def _refused(request: Request, desk: Desk, user: User, told: str) -> Response:
    now = sessions.moment_of(request)
    desk.store.entrances.refuse(user.id, False, now)
    return account.shown(request, desk, user, now, status=403, factor_problem=told)


def _sheet(request: Request, sheet: tuple[str, ...], first: bool) -> Response:
    """The recovery codes; whoever reads them has a factor since this very request."""
    codes = [totp.shown(one) for one in sheet]
    return page(request, "factor_codes.html", sheet=codes, first=first, needs_factor=False)


def _to_scan(request: Request, desk: Desk, user: User, secret: str, problem: str = "") -> Response:
    """The secret as a QR code and as letters; drawn here, so that it is told to nobody else."""
    address = totp.address(secret, user.name, f"{desk.bureau.bureau.short_name}舆情台")
    drawn = segno.make(address, error="m").svg_inline(
        scale=5, border=3, dark="#000", light="#fff", omitsize=True
    )
    return page(
        request,
        "factor_new.html",
        status=422 if problem else 200,
        drawn=drawn,
        secret=totp.grouped(secret),
        problem=problem,
    )
