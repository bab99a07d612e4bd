"""发布统计: 期 and 条, reach and response times of a year; nobody is named, nobody is scored."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi import Query
from fastapi import Request
from starlette.responses import Response

from console.pages.statistics import begun_in
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import permits
from flow import publishing_figures
from publisher.statistics import STAGES

router = APIRouter()

Year = Annotated[int, Query(ge=2000, le=2100)]


@router.get("/statistics/publishing")
def statistics(
    request: Request, desk: TheDesk, now: Now, user: SignedIn, year: Year | None = None
) -> Response:
    permits.demand(user, "see_bulletins")
    begun = begun_in(desk, now.date())
    return page(
        request,
        "publishing_statistics.html",
        found=publishing_figures.year(desk, year or now.year, now),
        years=range(now.year, begun.year - 1, -1),
        stages=STAGES,
        hours=publishing_figures.hours,
    )


@router.get("/statistics/publishing/{year}.csv")
def as_csv(desk: TheDesk, now: Now, user: SignedIn, year: int) -> Response:
    permits.demand(user, "see_bulletins")
    made = publishing_figures.as_csv(publishing_figures.year(desk, min(max(year, 2000), 2100), now))
    headers = {"Content-Disposition": f'attachment; filename="publishing-{year}.csv"'}
    return Response(made, media_type="text/csv; charset=utf-8", headers=headers)
