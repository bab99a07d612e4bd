"""One's own account: a new password, asked for at the first log-in when somebody else chose the present one."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console import sessions
from console.fields import Text
from console.sessions import Holder
from console.sessions import Now
from console.sessions import TheDesk
from console.sessions import TheThrottle
from console.view import page
from flow import staff
from flow.desk import Desk
from huanyu.errors import BadInput
from huanyu.types import User

router = APIRouter()


@router.get("/account")
def form(request: Request, user: Holder, changed: str = "") -> Response:
    return page(request, "account.html", changed=changed == "1" and not user.must_change)


@router.post("/account")
def change(
    request: Request,
    desk: TheDesk,
    now: Now,
    throttle: TheThrottle,
    user: Holder,
    old: Text,
    new: Text,
    again: Text,
) -> Response:
    """Change the password; the old one is asked for, so that an unattended screen is not enough."""
    address = sessions.address_of(request)
    if not throttle.admit(user.name, address, now):
        return page(request, "account.html", status=429, problem="尝试次数过多, 请 15 分钟后再试")
    if not sessions.matches(throttle, _hash_of(desk, user), old):
        desk.store.people.note_failed_login(user.name, now)
        return page(request, "account.html", status=403, problem="原密码不对")
    throttle.take_back(user.name, address, now)
    try:
        hashed = sessions.hash_password(chosen(old, new, again))
    except BadInput as problem:
        return page(request, "account.html", status=422, problem=str(problem))
    staff.change_password(desk, user, hashed, sessions.session_of(request), now)
    return RedirectResponse("/" if user.must_change else "/account?changed=1", status_code=303)


def chosen(old: str, new: str, again: str) -> str:
    """The new password; raises BadInput when it is the old one or was mistyped."""
    if new != again:
        raise BadInput("两次输入的新密码不一样")
    if new == old:
        raise BadInput("新密码须与原密码不同")
    return new


def _hash_of(desk: Desk, user: User) -> str | None:
    found = desk.store.people.user(user.name)
    return found[1] if found else None
