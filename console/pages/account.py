"""One's own account: the password, asked for anew at the first log-in when somebody else chose it; log-ins and news."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console import sessions
from console.fields import KeyField
from console.fields import Text
from console.sessions import Holder
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.sessions import TheThrottle
from console.throttle import Throttle
from console.view import page
from flow import chat_binding
from flow import chat_notices
from flow import factors
from flow import staff
from flow.desk import Desk
from huanyu.errors import BadInput
from huanyu.store.entrances import HANDLE
from huanyu.types import User

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a password does not count."""

    status: int
    told: str


@router.get("/account")
def form(request: Request, desk: TheDesk, now: Now, user: Holder, changed: str = "") -> Response:
    return shown(request, desk, user, now, changed=changed == "1" and not user.must_change)


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
    if problem := why_not_own(request, desk, throttle, user, old, now, "原密码不对"):
        return shown(request, desk, user, now, status=problem.status, problem=problem.told)
    try:
        hashed = sessions.hash_password(chosen(old, new, again))
    except BadInput as refusal:
        return shown(request, desk, user, now, status=422, problem=str(refusal))
    staff.change_password(desk, user, hashed, sessions.session_of(request), now)
    return RedirectResponse("/" if user.must_change else "/account?changed=1", status_code=303)


@router.post("/account/sessions/end")
def end_session(desk: TheDesk, now: Now, user: SignedIn, handle: Text) -> Response:
    """Sign out on one device."""
    desk.store.entrances.end(user.id, handle, user.name, now)
    return RedirectResponse("/account#sessions", status_code=303)


@router.post("/account/sessions/end-others")
def end_others(request: Request, desk: TheDesk, now: Now, user: SignedIn) -> Response:
    """Sign out everywhere but here."""
    desk.store.entrances.end_all(user.id, user.name, now, keep=sessions.session_of(request))
    return RedirectResponse("/account#sessions", status_code=303)


@router.post("/account/news")
def news_read(desk: TheDesk, now: Now, user: SignedIn, latest: KeyField) -> Response:
    desk.store.news.read(user.id, latest, user.name, now)
    return RedirectResponse("/account#news", status_code=303)


def shown(
    request: Request, desk: Desk, user: User, now: datetime, status: int = 200, **told: object
) -> Response:
    """The page, with whatever was just done or refused."""
    if user.must_change:
        return page(request, "account.html", status=status, **told)
    return page(
        request,
        "account.html",
        status=status,
        sessions=desk.store.entrances.listing(user.id, now, sessions.idle_of(desk)),
        here=sessions.session_of(request)[:HANDLE],
        idle_minutes=desk.config.settings.idle_minutes,
        news=desk.store.news.of(user.id),
        told_of=factors.NEWS,
        has_bot=chat_binding.is_open(desk),
        chat=desk.store.chats.of_user(user.id),
        chat_wants=chat_notices.WANTS,
        codes_left=desk.store.factors.codes_left(user.id) if user.second_factor else 0,
        asked_for=factors.is_asked_for(desk, user),
        **told,
    )


def why_not_own(
    request: Request,
    desk: Desk,
    throttle: Throttle,
    user: User,
    password: str,
    now: datetime,
    wrong: str = "密码不对",
) -> Problem | None:
    """What stands against this password being the user's own; every try is counted."""
    address = sessions.address_of(request)
    if not throttle.admit(user.name, address, now):
        return Problem(429, "尝试次数过多, 请 15 分钟后再试")
    found = desk.store.people.user(user.name)
    if not sessions.matches(throttle, found[1] if found else None, password):
        desk.store.people.note_failed_login(user.name, now)
        return Problem(403, wrong)
    throttle.take_back(user.name, address, now)
    return None


def chosen(old: str, new: str, again: str) -> str:
    """The new password; raises BadInput when it is the old one or was mistyped."""
    if new != again:
        raise BadInput("两次输入的新密码不一样")
    if new == old:
        raise BadInput("新密码须与原密码不同")
    return new
