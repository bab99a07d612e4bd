"""First-run set-up, log-in and log-out."""

from __future__ import annotations

import hmac
import re
from urllib.parse import quote

from fastapi import APIRouter
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console import sessions
from console.fields import Text
from console.sessions import CodeThrottle
from console.sessions import Now
from console.sessions import TheDesk
from console.sessions import TheThrottle
from console.view import page
from flow import factors
from flow import staff
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import NotAllowed

router = APIRouter()

WAIT = "尝试次数过多, 请 15 分钟后再试"


@router.get("/setup")
def setup_form(request: Request, desk: TheDesk) -> Response:
    if desk.store.people.any_user():
        return RedirectResponse("/login", status_code=303)
    return page(request, "setup.html")


@router.post("/setup")
def setup(
    request: Request, desk: TheDesk, now: Now, code: Text, name: Text, full_name: Text, password: Text
) -> Response:
    """Create the first administrator; the one-time code proves that it is the owner of the machine."""
    expected = request.app.state.setup_code
    if desk.store.people.any_user() or not expected:
        return RedirectResponse("/login", status_code=303)
    if not hmac.compare_digest(code.strip().encode(), expected.encode()):
        return page(
            request,
            "setup.html",
            status=403,
            problem="设置码不对, 请看启动窗口中显示的一次性设置码",
            name=name,
            full_name=full_name,
        )
    try:
        staff.set_up(desk, name, full_name, sessions.hash_password(password), now)
    except BadInput as problem:
        return page(request, "setup.html", status=422, problem=str(problem), name=name, full_name=full_name)
    request.app.state.setup_code = ""
    return RedirectResponse("/login", status_code=303)


@router.get("/login")
def log_in_form(request: Request, desk: TheDesk, now: Now, next: str = "/") -> Response:
    if not desk.store.people.any_user():
        return RedirectResponse("/setup", status_code=303)
    return page(request, "login.html", next=next, over=sessions.why_over(desk, request, now))


@router.post("/login")
def log_in(
    request: Request,
    desk: TheDesk,
    now: Now,
    throttle: TheThrottle,
    name: Text,
    password: Text,
    next: Text = "/",
) -> Response:
    """Check the password; after five wrong ones a name rests for a quarter of an hour."""
    name, address = name.strip().lower(), sessions.address_of(request)
    if not throttle.admit(name, address, now):
        return page(request, "login.html", status=429, next=next, name=name, problem=WAIT)
    found = desk.store.people.user(name)
    right = sessions.matches(throttle, found[1] if found else None, password)
    if not right or found is None or not found[0].active:
        desk.store.people.note_failed_login(name, now)
        return page(request, "login.html", status=401, next=next, name=name, problem="用户名或密码不对")
    throttle.take_back(name, address, now)
    if found[0].second_factor:
        answer = RedirectResponse(f"{sessions.STEP}?next={quote(inside(next))}", status_code=303)
        sessions.begin_half(desk, found[0], request, answer, now)
        return answer
    answer = RedirectResponse(inside(next), status_code=303)
    sessions.begin(desk, found[0], request, answer, now)
    return answer


@router.get("/login/code")
def code_form(request: Request, desk: TheDesk, now: Now, next: str = "/") -> Response:
    """The second step, for whoever has shown the password of an account with a second factor."""
    if desk.store.entrances.waiting(sessions.half_of(request), now) is None:
        return RedirectResponse("/login", status_code=303)
    return page(request, "login_code.html", next=next)


@router.post("/login/code")
def enter_code(
    request: Request, desk: TheDesk, now: Now, throttle: CodeThrottle, code: Text, next: Text = "/"
) -> Response:
    """Check the code; only who has the password comes so far, so a name rests after few tries from anywhere."""
    user = desk.store.entrances.waiting(sessions.half_of(request), now)
    if user is None:
        return page(request, "login.html", status=401, next=next, problem="登录已超时，请重新输入密码")
    address = sessions.address_of(request)
    if not throttle.admit(user.name, address, now):
        desk.store.entrances.refuse(user.id, True, now)
        return page(request, "login.html", status=429, next=next, problem=WAIT)
    answer = RedirectResponse(inside(next), status_code=303)
    try:
        sessions.finish(desk, request, answer, factors.proof(desk, user, code, now), now)
    except (NotAllowed, Conflict) as problem:
        desk.store.entrances.refuse(user.id, False, now)
        told = str(problem.args[0])
        return page(request, "login_code.html", status=401, next=next, problem=told)
    throttle.take_back(user.name, address, now)
    return answer


@router.post("/logout")
def log_out(request: Request, desk: TheDesk, now: Now) -> Response:
    answer = RedirectResponse("/login", status_code=303)
    sessions.end(desk, request, answer, now)
    return answer


def inside(address: str) -> str:
    """An address of this console to go on to; "/" for anything that leads elsewhere."""
    return address if re.fullmatch(r"/(?![/\\])[^\\\s]*", address) else "/"
