"""Sources: how each stands since when and why, its visits, what is known to be missing, and what a person does about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from datetime import timedelta
from urllib.parse import quote

from fastapi import APIRouter
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console.fields import Key
from console.fields import Text
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import permits
from flow import probes
from flow import standing
from flow import tend
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.types import Visited

router = APIRouter()

REJECTS = 50
VISITS = 15
CHARTED = 7  # days
MANY = 5000  # visits of so many days; one every two minutes
HOURS = 24


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the chart: new items per hour, each with its share of the highest hour, 0–100."""

    day: date
    total: int
    hours: tuple[tuple[int, int], ...]


@router.get("/sources")
def listing(request: Request, desk: TheDesk, now: Now, user: SignedIn) -> Response:
    permits.demand(user, "see_sources")
    found = standing.standings(desk)
    return page(
        request,
        "sources.html",
        found=found,
        troubled=sum(one.needs_person for one in found),
        figures=standing.figures(desk, now),
        names={row.key: row.name for row in desk.bureau.sources},
        rejects=desk.store.rejects.heads(limit=REJECTS),
        bad=sum(desk.store.rejects.open_by_source().values()),
    )


@router.get("/sources/{key}")
def one(request: Request, desk: TheDesk, now: Now, user: SignedIn, key: str, asked: bool = False) -> Response:
    """One source; `asked` after somebody asked for a visit, which may have been made since."""
    permits.demand(user, "see_sources")
    row, state = probes.demand(desk, key), desk.store.sources.state(key)
    waits = state is None or state.next_at is None or state.next_at <= now
    begins = (local(now) - timedelta(days=CHARTED - 1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return page(
        request,
        "source.html",
        one=next(one for one in standing.standings(desk) if one.row.key == key),
        figures=standing.figures(desk, now)[key],
        refusal=tend.why_not_now(desk, row, now),
        soonest=tend.soonest(desk, row, now) if asked and waits else None,
        was_read=asked and not waits,
        chart=chart(desk.store.sources.visits(key, since=begins, limit=MANY), begins.date()),
        visits=desk.store.sources.visits(key, limit=VISITS),
        known=[item for item in probes.watched(desk, now) if item.probe.source == key],
        rejects=desk.store.rejects.heads(key, limit=REJECTS),
    )


@router.post("/sources/{key}/pause")
def pause(desk: TheDesk, now: Now, user: SignedIn, key: str, reason: Text = "") -> Response:
    tend.pause(desk, user, key, reason, now)
    return back(key)


@router.post("/sources/{key}/resume")
def resume(desk: TheDesk, now: Now, user: SignedIn, key: str) -> Response:
    tend.resume(desk, user, key, now)
    return back(key)


@router.post("/sources/{key}/visit")
def visit(desk: TheDesk, now: Now, user: SignedIn, key: str) -> Response:
    tend.read_now(desk, user, key, now)
    return back(key, "?asked=1")


@router.post("/sources/{key}/probes")
def add_probe(
    desk: TheDesk, now: Now, user: SignedIn, key: str, url: Text, words: Text, day: Text = ""
) -> Response:
    tend.add_probe(desk, user, key, url, words, _day(day), now)
    return back(key, "#known")


@router.post("/sources/{key}/probes/{probe_id}/retire")
def retire_probe(desk: TheDesk, now: Now, user: SignedIn, key: str, probe_id: Key) -> Response:
    tend.retire_probe(desk, user, probe_id, now)
    return back(key, "#known")


def back(key: str, part: str = "") -> Response:
    return RedirectResponse(f"/sources/{quote(key, safe='')}{part}", status_code=303)


def chart(visits: Iterable[Visited], first: date) -> list[Day]:
    """New items by the hour in which a visit brought them, day by day."""
    counts = [[0] * HOURS for _ in range(CHARTED)]
    for visited in visits:
        at = local(visited.at)
        if 0 <= (place := (at.date() - first).days) < CHARTED:
            counts[place][at.hour] += visited.new
    highest = max(map(max, counts)) or 1
    return [
        Day(
            first + timedelta(days=place),
            sum(hours),
            tuple((count, round(100 * count / highest)) for count in hours),
        )
        for place, hours in enumerate(counts)
    ]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as problem:
        raise BadInput("发布日期写成 2026-03-05 这样") from problem
