"""Who is asking: passwords and session cookies."""

from __future__ import annotations

import hashlib
import secrets
from base64 import b64encode
from datetime import datetime
from datetime import timedelta
from typing import Annotated

from argon2 import PasswordHasher
from argon2.low_level import ARGON2_VERSION
from fastapi import Depends
from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from console import devices
from console.throttle import Throttle
from flow import factors
from flow.desk import Desk
from huanyu.errors import BadInput
from huanyu.store.entrances import Coming
from huanyu.types import Proof
from huanyu.types import User

COOKIE = "huanyu_session"
HALF_COOKIE = "huanyu_step"  #: between the password and the code
FIELD_COOKIE = "huanyu_field"  #: of a browser that keeps 现场办件 for where there is no line
STEP = "/login/code"  #: the one path that cookie is sent to
LASTS = timedelta(hours=12)
BY_ITSELF = frozenset({"/live", "/presence", "/presence/leave", "/inbox/counts"})
CODE_WITHIN = timedelta(minutes=5)
SHORTEST = 10
LONGEST = 200

_hasher = PasswordHasher()


class SignInNeeded(Exception):
    """Nobody is signed in."""


class ChangeNeeded(Exception):
    """The password was given by somebody else: nothing opens before it is changed."""


async def desk_of(request: Request) -> Desk:
    """The desk, working by its tables as their files stand now."""
    desk: Desk = request.app.state.desk
    if not desk.is_current:
        await run_in_threadpool(desk.take_in)
    return desk


async def now_of(request: Request) -> datetime:
    return moment_of(request)


def moment_of(request: Request) -> datetime:
    """What the clock says to this request."""
    moment: datetime = request.app.state.now()
    return moment


async def throttle_of(request: Request) -> Throttle:
    throttle: Throttle = request.app.state.throttle
    return throttle


async def code_throttle_of(request: Request) -> Throttle:
    throttle: Throttle = request.app.state.code_throttle
    return throttle


TheDesk = Annotated[Desk, Depends(desk_of)]
Now = Annotated[datetime, Depends(now_of)]
TheThrottle = Annotated[Throttle, Depends(throttle_of)]
CodeThrottle = Annotated[Throttle, Depends(code_throttle_of)]


def holder_of(request: Request, desk: TheDesk, now: Now) -> User:
    """Whose session this is, with whatever password; raises SignInNeeded."""
    token = request.cookies.get(COOKIE, "")
    # What a page left open asks by itself: that nobody sits there must still show.
    used = request.url.path not in BY_ITSELF and "text/event-stream" not in request.headers.get("accept", "")
    with desk.store.looking():
        user = desk.store.people.session(digest(token), now, idle_of(desk), used) if token else None
        if user is None:
            raise SignInNeeded
        request.state.user = user = factors.present(desk, user, now)
        return user


Holder = Annotated[User, Depends(holder_of)]


async def signed_in(user: Holder) -> User:
    """The user of this request; raises SignInNeeded or ChangeNeeded."""
    if user.must_change:
        raise ChangeNeeded
    return user


SignedIn = Annotated[User, Depends(signed_in)]


def address_of(request: Request) -> str:
    """Where the request came from; behind a proxy on this machine, uvicorn takes it from X-Forwarded-For."""
    return request.client.host if request.client else ""


def idle_of(desk: Desk) -> timedelta:
    """How long a session lasts that nobody uses."""
    return timedelta(minutes=desk.config.settings.idle_minutes)


def digest(token: str) -> str:
    """What the database keeps of a session token."""
    return hashlib.sha256(token.encode()).hexdigest()


def session_of(request: Request) -> str:
    """What the database keeps of this request's token."""
    return digest(request.cookies.get(COOKIE, ""))


def hash_password(password: str) -> str:
    """argon2 hash of a new password; raises BadInput when it is too weak to keep."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInput(f"密码至少 {SHORTEST} 位, 至多 {LONGEST} 位")
    if len(set(password)) < 5:
        raise BadInput("密码过于简单")
    return _hasher.hash(password)


def hash_of_nobody() -> str:
    """A hash of no password, as costly to verify as any; drawn, as hashing takes a sixth of a second of every start."""
    salt, drawn = (
        b64encode(secrets.token_bytes(length)).decode().rstrip("=")
        for length in (_hasher.salt_len, _hasher.hash_len)
    )
    cost = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v={ARGON2_VERSION}${cost}${salt}${drawn}"


#: Verified when the name does not exist, so that both answers take as long.
_NOBODY = hash_of_nobody()


def matches(throttle: Throttle, hashed: str | None, password: str) -> bool:
    """Whether the password is right; takes as long for a name that does not exist."""
    right = throttle.matches(_hasher, hashed or _NOBODY, password[: LONGEST + 1])
    return right and hashed is not None


def begin(desk: Desk, user: User, request: Request, response: Response, now: datetime) -> None:
    """Start a session under a token nobody has seen before; the one this browser had is over."""
    token, coming = _coming(request, now)
    desk.store.people.end_session(session_of(request), now=now)
    desk.store.people.start_session(
        user.id, coming.token_hash, coming.expires, now, device=coming.device, address=coming.address
    )
    _put(request, response, token)


def begin_half(desk: Desk, user: User, request: Request, response: Response, now: datetime) -> None:
    """The password was right: a token that opens nothing but the form for the code."""
    token = secrets.token_urlsafe(32)
    desk.store.entrances.begin(user.id, digest(token), now + CODE_WITHIN, now)
    _set(request, response, HALF_COOKIE, token, CODE_WITHIN, STEP)


def half_of(request: Request) -> str:
    """What the database keeps of the token between the steps; "" without one."""
    token = request.cookies.get(HALF_COOKIE, "")
    return digest(token) if token else ""


def finish(desk: Desk, request: Request, response: Response, proof: Proof, now: datetime) -> None:
    """The code was right: a whole session under another token; raises Conflict for a code used before."""
    token, coming = _coming(request, now)
    desk.store.entrances.enter(half_of(request), proof, coming, now)
    desk.store.people.end_session(session_of(request), now=now)
    response.delete_cookie(HALF_COOKIE, path=STEP)
    _put(request, response, token)


def end(desk: Desk, request: Request, response: Response, now: datetime) -> None:
    """End the session in the database, not only in the browser."""
    if request.cookies.get(COOKIE):
        desk.store.people.end_session(session_of(request), now=now)
    response.delete_cookie(COOKIE, path="/")
    if FIELD_COOKIE in request.cookies:
        response.delete_cookie(FIELD_COOKIE, path="/")
        response.headers["Clear-Site-Data"] = '"storage"'  # pages, drafts and what was not sent


def why_over(desk: Desk, request: Request, now: datetime) -> str:
    """What to tell somebody whose browser still brings a session that is over; "" where it brings none."""
    token = request.cookies.get(COOKIE, "")
    if not token or desk.store.people.session(digest(token), now, idle_of(desk)) is not None:
        return ""
    if desk.store.entrances.was_idle(digest(token), now, idle_of(desk)):
        return f"您已 {desk.config.settings.idle_minutes} 分钟没有操作，为安全起见已退出，请重新登录"
    return "登录已失效，请重新登录：可能已满 12 小时，或者密码、角色有变动，或者在别处退出了"


def is_secure(request: Request) -> bool:
    """Whether people come by HTTPS: said by the connection, by a proxy, or by the address the desk is known under."""
    url: str = request.app.state.desk.config.settings.console_url
    return request.url.scheme == "https" or url.startswith("https://")


def _coming(request: Request, now: datetime) -> tuple[str, Coming]:
    token, device = secrets.token_urlsafe(32), devices.told(request.headers.get("user-agent", ""))
    address = address_of(request)
    return token, Coming(token_hash=digest(token), expires=now + LASTS, device=device, address=address)


def _put(request: Request, response: Response, token: str) -> None:
    _set(request, response, COOKIE, token, LASTS, "/")


def _set(request: Request, response: Response, name: str, token: str, lasts: timedelta, path: str) -> None:
    """A cookie that scripts cannot read and other sites' forms do not send."""
    response.set_cookie(
        name,
        token,
        max_age=int(lasts.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=is_secure(request),
        path=path,
    )
