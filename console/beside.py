"""The collision notice of a page: who else is there when it is opened, and a sign that it was opened.

The page never waits for the sign to be written, and is shown without it where that fails.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.background import BackgroundTask
from starlette.responses import Response

from flow import presence
from flow.desk import Desk
from huanyu.errors import HuanyuError
from huanyu.store import Beside
from huanyu.types import User

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Notice:
    """What the template shows and the script goes on with."""

    page: str
    opened: str
    lines: Sequence[tuple[str, bool]]  #: a sentence; whether somebody is writing


def notice(desk: Desk, user: User, page: str, now: datetime) -> Notice:
    """Who else is at the page now."""
    return Notice(page, now.isoformat(), lines(presence.others(desk, user, page, now), now))


def lines(found: Sequence[Beside], now: datetime) -> list[tuple[str, bool]]:
    """A sentence for each."""
    return [(presence.told(one, now), one.editing) for one in found]


def opened(response: Response, desk: Desk, user: User, page: str, now: datetime) -> Response:
    """The response; that the page was opened is noted once it is on its way."""
    response.background = BackgroundTask(_note, desk, user, page, now)
    return response


def _note(desk: Desk, user: User, page: str, now: datetime) -> None:
    try:
        presence.beat(desk, user, page, editing=False, opened_at=now, now=now)
    except HuanyuError as problem:
        log.warning("not noted that a page is open: %s", problem)
