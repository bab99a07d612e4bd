"""统计图: a chosen period beside the one before and the year before, drawn as SVG with a table under each; as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from datetime import datetime
from datetime import timedelta

from fastapi import APIRouter
from fastapi import Request
from starlette.responses import Response

from console.fields import Typed
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import charts
from flow import permits
from flow.charts import Statistics
from huanyu.cells import Cell
from huanyu.cells import sheet
from huanyu.clock import local
from huanyu.errors import BadInput

router = APIRouter()

DAYS = 30  #: of the period nobody chose


@router.get("/statistics/charts")
def listing(
    request: Request, desk: TheDesk, now: Now, user: SignedIn, since: Typed = "", until: Typed = ""
) -> Response:
    permits.demand(user, "see_bulletins")
    first, last = days(since, until, now)
    found = charts.statistics(desk, first, last)
    return page(
        request,
        "charts.html",
        found=found,
        since=first,
        until=last,
        highest=max((count for _, count in found.trend), default=0) or 1,
    )


@router.get("/statistics/charts.csv")
def as_csv(desk: TheDesk, now: Now, user: SignedIn, since: Typed = "", until: Typed = "") -> Response:
    permits.demand(user, "see_bulletins")
    first, last = days(since, until, now)
    name = f"statistics-{first}-{last}.csv"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    content = sheet(lines(charts.statistics(desk, first, last)))
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


def lines(found: Statistics) -> Iterator[list[Cell]]:
    """Every number of the page."""
    yield ["项目", "名称", "单位", *(f"{first} 至 {last}" for first, last in found.spans)]
    for chart in found.charts:
        for line in chart.lines:
            yield [chart.title, line.label, chart.unit, line.now, line.before, line.last_year]
    for at, speed in enumerate(found.speeds[0]):
        for told, name in (("中位数", "half"), ("九成不超过", "most")):
            yield [f"{speed.label}用时", told, "小时", *(getattr(one[at], name) for one in found.speeds)]
    for day, count in found.trend:
        yield ["每天投诉", day.isoformat(), "条", count]


def days(since: str, until: str, now: datetime) -> tuple[date, date]:
    """The days that were chosen, else the last thirty."""
    today = local(now).date()
    try:
        last = date.fromisoformat(until) if until else today
        return (date.fromisoformat(since) if since else last - timedelta(days=DAYS - 1)), last
    except (ValueError, OverflowError) as problem:
        raise BadInput("日期应写成 2026-03-05 的样子") from problem
