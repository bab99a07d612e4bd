"""热点: what is spoken of most in a period, each heat broken down into its terms, with the posts it was made from."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from datetime import timedelta
from types import MappingProxyType

from fastapi import APIRouter
from fastapi import Request
from starlette.responses import Response

import flow.topics
from cases import heat
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import permits
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.types import Topic

router = APIRouter()

SHOWN = 30
LISTED = 20  #: posts and cases a topic links to; the command line has all
#: Periods to choose with one click: name, days, days back.
PERIODS = MappingProxyType(
    {
        "today": ("今天", 1, 0),
        "yesterday": ("昨天", 1, 1),
        "week": ("近 7 天", 7, 0),
        "month": ("近 30 天", 30, 0),
    }
)


@router.get("/topics")
def listing(
    request: Request,
    desk: TheDesk,
    user: SignedIn,
    now: Now,
    period: str = "week",
    since: str = "",
    until: str = "",
) -> Response:
    permits.demand(user, "see_bulletins")
    first, last = _days(since, until) if since or until else _period(period, now)
    found = flow.topics.topics(desk, first, last)
    return page(
        request,
        "topics.html",
        found=[(topic, _trend(topic)) for topic in found[:SHOWN]],
        hidden=max(0, len(found) - SHOWN),
        listed=LISTED,
        since=first,
        until=last,
        before=(first - (last - first) - timedelta(days=1), first - timedelta(days=1)),
        period="" if since or until else period if period in PERIODS else "week",
        periods={key: name for key, (name, _, _) in PERIODS.items()},
        terms=heat.LABEL,
        rows=desk.bureau.heat,
        names={row.key: row.name for row in desk.bureau.sources},
        numbers=desk.store.cases.numbers(sorted({case for topic in found[:SHOWN] for case in topic.cases})),
        area=desk.bureau.area_name,
    )


def _period(name: str, now: datetime) -> tuple[date, date]:
    _, days, back = PERIODS.get(name, PERIODS["week"])
    last = local(now).date() - timedelta(days=back)
    return last - timedelta(days=days - 1), last


def _days(since: str, until: str) -> tuple[date, date]:
    try:
        first = date.fromisoformat(since or until)
        return first, date.fromisoformat(until or since)
    except ValueError as problem:
        raise BadInput("日期应写成 2026-03-05 的样子") from problem


def _trend(topic: Topic) -> tuple[str, str]:
    """How hot it was in the equal period before, in a word and a colour."""
    if not topic.posts_before:
        return "新出现", "azure"
    if topic.heat > topic.before:
        return f"升温，上期 {topic.before:g}", "red"
    return (f"降温，上期 {topic.before:g}", "green") if topic.heat < topic.before else ("持平", "secondary")
