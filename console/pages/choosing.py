"""What an issue is to be about: matters ticked on a list, or a saved search and a period."""

from __future__ import annotations

from datetime import date
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter
from fastapi import Form
from fastapi import Query
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

from cases.clocks import next_due
from console.case_views import VIEWS
from console.fields import LARGEST
from console.fields import Text
from console.pages.papers import address_of
from console.pages.papers import day_of
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import papers
from flow import permits
from flow import rights
from flow.desk import Desk
from huanyu.errors import NotFound
from huanyu.kinds import FAMILY_LABEL
from huanyu.kinds import KIND_LABEL
from huanyu.kinds import family
from huanyu.series import SeriesRow
from huanyu.types import Search

router = APIRouter()

SHOWN = 100
WEEK = timedelta(days=6)
SEPARATORS = str.maketrans("，、,；;\r\n\t　", "         ")
Ids = Annotated[list[int], Query()]
Many = Annotated[list[str], Form()]


@router.get("/bulletins/brief")
def brief(
    request: Request,
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    view: str = "dispatched",
    text: str = "",
    case: Ids = [],  # noqa: B006 read only
    series: str = "",
) -> Response:
    """Choose matters; those that are chosen lead to the proof."""
    permits.demand(user, "issue_bulletins")
    row = series_for(desk, series, cases=True)
    if case:
        about = papers.about(desk, row.key, now.date(), papers.cases_scope(desk, case))
        return RedirectResponse(address_of(about), status_code=303)
    view = view if view in OFFERED else "dispatched"
    found = desk.store.cases.listing(
        states=OFFERED[view][1], text=text.strip()[:100], limit=SHOWN + 1, seer=rights.seer(user)
    )
    return page(
        request,
        "paper_brief.html",
        series=row,
        found=found[:SHOWN],
        more=len(found) > SHOWN,
        view=view,
        views={key: name for key, (name, _) in OFFERED.items()},
        text=text,
        most=papers.MOST,
        units={unit.key: unit for unit in desk.bureau.units},
        areas=desk.bureau.area_name,
        next_due=next_due,
    )


#: Which matters are offered: those on their way to a unit first, as a 舆情简报 hands them over.
OFFERED = {
    "dispatched": ("在办", VIEWS["open"][1]),
    "dispatch": VIEWS["dispatch"],
    "sign": VIEWS["sign"],
    "all": VIEWS["all"],
}


def series_for(desk: Desk, key: str, cases: bool) -> SeriesRow:
    """The series that is asked for, or the first that is about chosen matters, or about a search; raises NotFound."""
    fit = [
        row
        for row in desk.bureau.bulletins
        if row.compiled == "at_signature" and row.span == "free" and papers.takes_cases(row) is cases
    ]
    found = next((row for row in fit if not key or row.key == key), None)
    if found is None:
        raise NotFound(f"bulletins.toml 中没有{'选定案件' if cases else '按检索条件'}编的系列 {key}".rstrip())
    return found


@router.get("/bulletins/special")
def special(
    request: Request,
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    search: Annotated[int, Query(ge=0, le=LARGEST)] = 0,
    first: str = "",
    last: str = "",
    look: str = "",
    series: str = "",
) -> Response:
    """Choose a saved search and a period, which lead to the proof; or fill in a new search."""
    permits.demand(user, "issue_bulletins")
    row = series_for(desk, series, cases=False)
    until = day_of(last, now)
    since = day_of(first, now) if first else until - WEEK
    if look and search:
        about = papers.about(
            desk, row.key, now.date(), papers.search_scope(desk, search, since, until, now.date())
        )
        return RedirectResponse(address_of(about), status_code=303)
    return page(
        request,
        "paper_special.html",
        series=row,
        searches=[
            (one, papers.told(desk, one), desk.store.writing.uses(one.id))
            for one in desk.store.writing.searches()
        ],
        chosen=search,
        edited=desk.store.writing.search(search) if search else Search(id=0, name=""),
        first=since,
        last=until,
        families={
            key: (
                name,
                [(code, label) for code, label in KIND_LABEL.items() if family(code) == key and code != key],
            )
            for key, name in FAMILY_LABEL.items()
        },
        areas=desk.bureau.areas(),
    )


@router.post("/bulletins/searches")
def save(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    name: Text,
    kind: Many = [],  # noqa: B006 read only
    area: Many = [],  # noqa: B006 read only
    words: Text = "",
    search: Annotated[int, Form(ge=0, le=LARGEST)] = 0,
    first: Text = "",
    last: Text = "",
) -> Response:
    """Save the search and come back to its period."""
    given = Search(
        id=search,
        name=name,
        kinds=tuple(kind),
        areas=tuple(area),
        words=tuple(words.translate(SEPARATORS).split()),
    )
    saved = papers.save_search(desk, user, given, now)
    days = [day_of(one, now) for one in (first, last)] if first and last else []
    return RedirectResponse(f"/bulletins/special?search={saved.id}{_days(days)}#period", status_code=303)


def _days(days: list[date]) -> str:
    return f"&first={days[0].isoformat()}&last={days[1].isoformat()}" if days else ""
