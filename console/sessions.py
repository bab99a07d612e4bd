"""Who is asking: passwords and session cookies."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from datetime import timedelta
from typing import Annotated

from argon2 import PasswordHasher
from fastapi import Depends
from fastapi import Request
from starlette.responses import Response

from console.throttle import Throttle
from flow import rights
from flow.desk import Desk
from huanyu.errors import BadInput
from huanyu.types import User

COOKIE = "huanyu_session"
LASTS = timedelta(hours=12)
SHORTEST = 10
LONGEST = 200

_hasher = PasswordHasher()
#: Verified when the name does not exist, so that both answers take as long.
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))


class SignInNeeded(Exception):
    """Nobody is signed in."""


class ChangeNeeded(Exception):
    """The password was given by somebody else: nothing opens before it is changed."""


def desk_of(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def now_of(request: Request) -> datetime:
    moment: datetime = request.app.state.now()
    return moment


def throttle_of(request: Request) -> Throttle:
    throttle: Throttle = request.app.state.throttle
    return throttle


def address_of(request: Request) -> str:
    """Where the request came from; behind a proxy on this machine, uvicorn takes it from X-Forwarded-For."""
    return request.client.host if request.client else ""


def holder_of(request: Request) -> User:
    """Whose session this is, with whatever password; raises SignInNeeded."""
    token = request.cookies.get(COOKIE, "")
    user = desk_of(request).store.people.session(digest(token), now=now_of(request)) if token else None
    if user is None:
        raise SignInNeeded
    request.state.user = user = rights.present(desk_of(request), user, now_of(request))
    return user


def signed_in(user: Annotated[User, Depends(holder_of)]) -> User:
    """The user of this request; raises SignInNeeded or ChangeNeeded."""
    if user.must_change:
        raise ChangeNeeded
    return user


TheDesk = Annotated[Desk, Depends(desk_of)]
Now = Annotated[datetime, Depends(now_of)]
TheThrottle = Annotated[Throttle, Depends(throttle_of)]
Holder = Annotated[User, Depends(holder_of)]
SignedIn = Annotated[User, Depends(signed_in)]


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


def matches(throttle: Throttle, hashed: str | None, password: str) -> bool:
    """Whether the password is right; takes as long for a name that does not exist."""
    right = throttle.matches(_hasher, hashed or _NOBODY, password[: LONGEST + 1])
    return right and hashed is not None


def begin(desk: Desk, user: User, response: Response, secure: bool, now: datetime) -> None:
    """Start a session and put its token in a cookie that scripts cannot read."""
    token = secrets.token_urlsafe(32)
    desk.store.people.start_session(user.id, digest(token), now + LASTS, now=now)
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(LASTS.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=secure,
        path="/",
    )


def end(desk: Desk, request: Request, response: Response, now: datetime) -> None:
    """End the session in the database, not only in the browser."""
    token = request.cookies.get(COOKIE, "")
    if token:
        desk.store.people.end_session(digest(token), now=now)
    response.delete_cookie(COOKIE, path="/")
