"""Looking back: the statistics of a year, two issues side by side, a month's open data."""

from __future__ import annotations

from datetime import date
from typing import Literal
from urllib.parse import quote

from fastapi import APIRouter
from fastapi import Request
from starlette.responses import Response

from console.fields import Id
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import lookback
from flow import permits
from flow import unit_figures
from flow.desk import Desk
from huanyu.unit_words import HEAD
from huanyu.unit_words import MEANING

router = APIRouter()

MEDIA = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
MONTHS = 24  # offered for download


@router.get("/bulletins/statistics")
def statistics(
    request: Request,
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    year: int | None = None,
    month: int | None = None,
) -> Response:
    permits.demand(user, "see_bulletins")
    begun = begun_in(desk, now.date())
    return page(
        request,
        "statistics.html",
        found=lookback.year(desk, year or now.year, now),
        units=unit_figures.of(desk, year or now.year, month, now),
        unit_head=HEAD,
        unit_meaning=MEANING,
        month=month,
        years=range(now.year, begun.year - 1, -1),
        names={series: desk.store.archive.name_of(series) for series, _, _ in desk.store.archive.shelves()},
        months=finished_months(begun, now.date()),
    )


@router.get("/bulletins/compare")
def compare(request: Request, desk: TheDesk, user: SignedIn, left: Id, right: Id) -> Response:
    permits.demand(user, "see_bulletins")
    one, other = (desk.store.bulletins.get(number).bulletin for number in (left, right))
    return page(
        request,
        "bulletin_compare.html",
        left=one,
        right=other,
        ids=(left, right),
        pairs=lookback.compare(one, other),
        others=desk.store.archive.neighbours(left),
        void=[number for number in (left, right) if desk.store.archive.standing(number).withdrawn],
    )


@router.get("/bulletins/open-data/{month}.{form}")
def open_data(desk: TheDesk, now: Now, user: SignedIn, month: str, form: Literal["csv", "json"]) -> Response:
    permits.demand(user, "see_bulletins")
    made = lookback.files(desk, lookback.month_of(month, now))
    name = next(one for one in made if one.endswith(form))
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(made[name], media_type=MEDIA[form], headers=headers)


def begun_in(desk: Desk, today: date) -> date:
    """The day of the oldest post, today where there is none."""
    return desk.store.posts.first_day() or today


def finished_months(begun: date, today: date) -> list[date]:
    """First days of the finished months the desk has posts of, latest first."""
    months: list[date] = []
    at = today.replace(day=1)
    while len(months) < MONTHS and at > begun.replace(day=1):
        at = date(at.year - (at.month == 1), (at.month - 2) % 12 + 1, 1)
        months.append(at)
    return months
