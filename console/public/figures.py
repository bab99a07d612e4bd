"""Statistics of a finished month for everybody, and the same as open data; small numbers are held back.

What may be published is decided by `bulletins.opendata`; a month is counted at most every so often, whoever asks.
"""

from __future__ import annotations

from datetime import date
from datetime import datetime
from datetime import timedelta
from threading import Lock
from typing import Annotated
from typing import Final

from fastapi import APIRouter
from fastapi import Path
from fastapi import Query
from fastapi import Request
from starlette.responses import Response

from console.public.view import page
from console.sessions import Now
from console.sessions import TheDesk
from flow import lookback
from flow import reward_figures
from flow.desk import Desk
from flow.lookback import Published
from flow.reward_figures import Public
from huanyu.clock import local
from huanyu.errors import NotFound

router = APIRouter()

FRESH: Final = timedelta(minutes=10)
MONTHS: Final = 12
MEDIA: Final = {"csv": "text/csv; charset=utf-8", "json": "application/json; charset=utf-8"}
MONTH: Final = r"^20[0-9]{2}-(0[1-9]|1[0-2])$"


class Counted:
    """What was counted a short while ago: a month is a look at many posts, and anybody may ask for it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: dict[date, tuple[datetime, Published]] = {}
        self._rewards: tuple[datetime, int, tuple[Public, ...]] | None = None

    def month(self, desk: Desk, first: date, now: datetime) -> Published:
        """The month as it may be published; two who ask at once wait for one count."""
        with self._lock:
            kept = self._known.get(first)
            if kept is None or not timedelta() <= now - kept[0] < FRESH:
                kept = now, lookback.published(desk, first)
                self._known[first] = kept
            return kept[1]

    def rewards(self, desk: Desk, year: int, now: datetime) -> tuple[Public, ...]:
        """The rewards of a year as they may be published."""
        with self._lock:
            kept = self._rewards
            if kept is None or kept[1] != year or not timedelta() <= now - kept[0] < FRESH:
                kept = self._rewards = now, year, reward_figures.published(desk, year)
            return kept[2]


@router.get("/statistics")
def statistics(
    request: Request, desk: TheDesk, now: Now, month: Annotated[str, Query(pattern=rf"^$|{MONTH}")] = ""
) -> Response:
    """A month's counts as tables."""
    months = _months(desk, now)
    first = next((one for one in months if f"{one:%Y-%m}" == month), None)
    if month and first is None:
        raise NotFound("这个月没有可以公开的统计")
    first = first or (months[0] if months else None)
    found = request.app.state.counted.month(desk, first, now) if first else None
    rewards = request.app.state.counted.rewards(desk, local(now).year, now)
    return page(request, "statistics.html", months=months, month=first, found=found, rewards=rewards)


@router.get("/open/{month}.{ending}")
def open_data(
    request: Request,
    desk: TheDesk,
    now: Now,
    month: Annotated[str, Path(pattern=MONTH)],
    ending: Annotated[str, Path(pattern="^(csv|json)$")],
) -> Response:
    """The same for a spreadsheet or a program."""
    first = next((one for one in _months(desk, now) if f"{one:%Y-%m}" == month), None)
    if first is None:
        raise NotFound("这个月没有可以公开的统计")
    found: Published = request.app.state.counted.month(desk, first, now)
    name = f'attachment; filename="huanyu-{month}.{ending}"'
    body = found.csv if ending == "csv" else found.json
    return Response(body, media_type=MEDIA[ending], headers={"Content-Disposition": name})


def _months(desk: Desk, now: datetime) -> list[date]:
    """First days of the finished months the desk has anything of, the latest first."""
    begun, day = desk.store.posts.first_day(), local(now).date().replace(day=1)
    found: list[date] = []
    while begun is not None and len(found) < MONTHS:
        day = (day - timedelta(days=1)).replace(day=1)
        if day < begun.replace(day=1):
            break
        found.append(day)
    return found
