"""The collision notice of a page: who else is there when it is opened, and a sign that it was opened.

The page never waits for the sign to be written, and is shown without it where that fails.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request
from starlette.background import BackgroundTask
from starlette.responses import Response

from console.signs import Signs
from flow import presence
from flow.desk import Desk
from huanyu.store import Beside
from huanyu.store import Sign
from huanyu.types import User


@dataclass(frozen=True, slots=True)
class Notice:
    """What the template shows and the script goes on with."""

    page: str
    opened: str
    lines: Sequence[tuple[str, bool]]  #: a sentence; whether somebody is writing


def notice(request: Request, desk: Desk, user: User, page: str, now: datetime) -> Notice:
    """Who else is at the page now."""
    return Notice(page, now.isoformat(), others(request, desk, user, page, now))


def others(request: Request, desk: Desk, user: User, page: str, now: datetime) -> list[tuple[str, bool]]:
    """A sentence for each."""
    return lines(presence.others(desk, user, page, now, signs_of(request).of(page)), now)


def lines(found: Sequence[Beside], now: datetime) -> list[tuple[str, bool]]:
    """What is told of each, and whether they are writing."""
    return [(presence.told(one, now), one.editing) for one in found]


def opened(request: Request, response: Response, user: User, page: str, now: datetime) -> Response:
    """The response; that the page was opened is known from now on."""
    return heard(request, response, presence.sign(user, page, now, now))


def heard(request: Request, response: Response, sign: Sign) -> Response:
    """The response; the sign is written once it is on its way."""
    signs = signs_of(request)
    signs.hear(sign)
    response.background = BackgroundTask(signs.write)
    return response


def signs_of(request: Request) -> Signs:
    """What this process has heard."""
    found: Signs = request.app.state.signs
    return found
