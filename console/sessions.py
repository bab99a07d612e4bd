"""Who is asking: passwords, session cookies and log-in throttling."""

from __future__ import annotations

import hashlib
import secrets
from collections import deque
from datetime import datetime
from datetime import timedelta
from typing import Annotated

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError
from argon2.exceptions import VerificationError
from fastapi import Depends
from fastapi import Request
from starlette.responses import Response

from flow.desk import Desk
from huanyu.errors import BadInput
from huanyu.types import User

COOKIE = "huanyu_session"
LASTS = timedelta(hours=12)
SHORTEST = 10
TRIES = 5  # wrong passwords per name
REST = timedelta(minutes=15)  # and then silence for so long

_hasher = PasswordHasher()
#: Verified when the name does not exist, so that both answers take as long.
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))


class Throttle:
    """Wrong passwords of late, by name; forgotten when the process ends."""

    def __init__(self) -> None:
        self._wrong: dict[str, deque[datetime]] = {}

    def rests(self, name: str, now: datetime) -> bool:
        """Whether this name must wait."""
        times = self._wrong.get(name, deque())
        return len(times) == TRIES and now - times[0] < REST

    def note(self, name: str, now: datetime) -> None:
        """Count a wrong password; names seen long ago are dropped so that the table stays small."""
        self._wrong = {known: times for known, times in self._wrong.items() if now - times[-1] < REST}
        self._wrong.setdefault(name, deque(maxlen=TRIES)).append(now)


class SignInNeeded(Exception):
    """Nobody is signed in."""


def desk_of(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def now_of(request: Request) -> datetime:
    moment: datetime = request.app.state.now()
    return moment


def signed_in(request: Request) -> User:
    """The user of this request; raises SignInNeeded."""
    token = request.cookies.get(COOKIE, "")
    user = desk_of(request).store.people.session(digest(token), now=now_of(request)) if token else None
    if user is None:
        raise SignInNeeded
    request.state.user = user
    return user


TheDesk = Annotated[Desk, Depends(desk_of)]
Now = Annotated[datetime, Depends(now_of)]
SignedIn = Annotated[User, Depends(signed_in)]


def digest(token: str) -> str:
    """What the database keeps of a session token."""
    return hashlib.sha256(token.encode()).hexdigest()


def hash_password(password: str) -> str:
    """argon2 hash of a new password; raises BadInput when it is too weak to keep."""
    if len(password) < SHORTEST:
        raise BadInput(f"密码至少 {SHORTEST} 位")
    if len(set(password)) < 5:
        raise BadInput("密码过于简单")
    return _hasher.hash(password)


def matches(hashed: str | None, password: str) -> bool:
    """Whether the password is right; takes as long for a name that does not exist."""
    try:
        return _hasher.verify(hashed or _NOBODY, password) and hashed is not None
    except (VerificationError, InvalidHashError):
        return False


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
