"""排名和通报: what there is, one as it stands, the cases behind a figure, a table handed in, one that was put up."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi import Query
from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse
from starlette.responses import Response

import cases.case_boards
from cases.boards import Board
from console import payloads
from console import uploads
from console.fields import Key
from console.fields import Number
from console.fields import Text
from console.fields import Version
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.uploads import BoundedForm
from console.view import page
from crawler.import_files import ENDINGS
from flow import permits
from flow import ranking_import
from flow import ranking_papers
from flow import rankings
from flow.desk import Desk
from flow.ranking_papers import Form as Kind
from flow.ranking_papers import Proposal
from flow.ranking_papers import Whole
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.media import LISTS
from huanyu.periods import Period
from huanyu.periods import finished
from huanyu.types import User

router = APIRouter(prefix="/rankings")
PARTS = (
    *((str(month), f"{month}月") for month in range(1, 13)),
    *((f"q{at}", f"第{name}季度") for at, name in enumerate("一二三四", 1)),
    ("year", "全年"),
)
Name = Annotated[str, Query(max_length=40)]
Year = Annotated[int, Query(ge=2000, le=2100)]
Part = Annotated[str, Query(pattern=r"^(?:\d{1,2}|q[1-4]|year)$")]
Place = Annotated[str, Query(max_length=40)]


@router.get("")
def listing(request: Request, desk: TheDesk, now: Now, user: SignedIn) -> Response:
    permits.demand(user, "see_rankings")
    last = finished("month", local(now).date())
    found = ranking_papers.listing(desk, user)
    return page(
        request,
        "rankings.html",
        rows=rankings.rows(desk, now),
        found=found,
        serials=desk.store.rankings.serials([one.id for one in found]),
        sheets=desk.store.rankings.sheets() if permits.may(user, "see_all_rankings") else [],
        names={row.key: row.name for row in desk.bureau.rankings.ranking},
        labels=ranking_papers.LABEL,
        parts=PARTS,
        year=last.first.year,
        part=str(last.first.month),
        period=period_name,
    )


@router.get("/look")
def look(
    request: Request, desk: TheDesk, now: Now, user: SignedIn, key: Name, year: Year, part: Part
) -> Response:
    found = rankings.view(desk, user, key, year, _part(part), now)
    return page(
        request,
        "ranking_look.html",
        found=found,
        base=f"/rankings/look/cases?{urlencode({'key': key, 'year': year, 'part': part})}",
        here={"key": key, "year": year, "part": part},
        parts=PARTS,
        rows=rankings.rows(desk, now),
    )


@router.get("/look/cases")
def look_behind(
    request: Request,
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    key: Name,
    year: Year,
    part: Part,
    place: Place,
    figure: Name,
) -> Response:
    found = rankings.view(desk, user, key, year, _part(part), now, compared=False)
    back = f"/rankings/look?{urlencode({'key': key, 'year': year, 'part': part})}"
    return _behind(request, desk, user, found.board, place, figure, back)


@router.post("")
def propose(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    key: Text,
    year: Number,
    part: Text,
    extra: Text = "",
    shown: Text = "",
    why: Text = "",
) -> Response:
    said = Proposal(extra=extra, open_to_all=bool(shown), why=why)
    made = ranking_papers.propose(desk, user, key, year, _part(part), said, now)
    return RedirectResponse(f"/rankings/{made.id}", status_code=303)


@router.get("/tables/new")
def new_table(request: Request, desk: TheDesk, now: Now, user: SignedIn, key: Name = "") -> Response:
    permits.demand(user, "keep_rankings")
    return _form(request, desk, now, {"key": key})


@router.post("/tables")
def take_in(request: Request, desk: TheDesk, now: Now, user: SignedIn, form: BoundedForm) -> Response:
    permits.demand(user, "keep_rankings")
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    try:
        file, year = form.get("file"), typed.get("year", "")
        if not isinstance(file, UploadFile) or not file.filename:
            raise BadInput("请选择文件")
        if not (year.isascii() and year.isdecimal() and len(year) == len("2026")):
            raise BadInput("年份请填写四位数字")
        waiting = uploads.keep(desk, user, file.filename, file.file, ranking_import.SOURCE, now)
        try:
            key, part = typed.get("key", ""), _part(typed.get("part", ""))
            done = ranking_import.take_in(desk, user, key, int(year), part, waiting.path, now)
        finally:
            uploads.drop(desk, user, waiting.token)
    except (BadInput, Conflict) as problem:
        return _form(request, desk, now, typed, str(problem.args[0]), status=422)
    query = urlencode({"key": key, "year": year, "part": typed["part"]})
    if not (done.bad or done.unread or done.missing):
        return RedirectResponse(f"/rankings/look?{query}", status_code=303)
    return page(request, "ranking_taken.html", done=done, at=f"/rankings/look?{query}")


@router.get("/{ranking_id}")
def one(request: Request, desk: TheDesk, user: SignedIn, ranking_id: Key) -> Response:
    found = ranking_papers.whole(desk, user, ranking_id)
    return page(
        request,
        "ranking.html",
        found=found,
        base=f"/rankings/{ranking_id}/cases?",
        labels=ranking_papers.LABEL,
        serials=desk.store.rankings.serials(_beside(found)),
        mine=found.ranking.made_by == user.name,
    )


@router.get("/{ranking_id}/cases")
def behind(
    request: Request, desk: TheDesk, user: SignedIn, ranking_id: Key, place: Place, figure: Name
) -> Response:
    found = ranking_papers.whole(desk, user, ranking_id)
    return _behind(request, desk, user, found.board, place, figure, f"/rankings/{ranking_id}")


@router.post("/{ranking_id}/sign")
def sign(desk: TheDesk, now: Now, user: SignedIn, ranking_id: Key, version: Version) -> Response:
    ranking_papers.issue(desk, user, ranking_id, version, now)
    return RedirectResponse(f"/rankings/{ranking_id}", status_code=303)


@router.post("/{ranking_id}/void")
def void(
    desk: TheDesk, now: Now, user: SignedIn, ranking_id: Key, version: Version, why: Text = ""
) -> Response:
    ranking_papers.void(desk, user, ranking_id, version, why, now)
    return RedirectResponse("/rankings", status_code=303)


@router.get("/{ranking_id}/files/circular.{form}")
def file(desk: TheDesk, now: Now, user: SignedIn, ranking_id: Key, form: Kind) -> Response:
    name, body = ranking_papers.file(desk, user, ranking_id, form, now)
    return payloads.paper(body, name, LISTS[form])


def period_name(span: str, first: date, last: date) -> str:
    """As people say it."""
    return Period(span, first, last).name()


def _part(typed: str) -> str:
    return "" if typed == "year" else typed


def _beside(found: Whole) -> list[int]:
    """Ids of the one it puts right and of those that put it right."""
    return [one.id for one in (found.corrects, *found.corrected_by) if one is not None]


def _behind(
    request: Request, desk: Desk, user: User, board: Board, place: str, figure: str, back: str
) -> Response:
    part, others, hidden = rankings.behind(desk, user, board, place, figure)
    line = next(one for one in board.lines if one.spot.key == place)
    head = dict(zip(board.figures, board.heads, strict=True))[figure]
    return page(
        request,
        "ranking_cases.html",
        part=part,
        others=others,
        hidden=hidden,
        most=rankings.MOST,
        many=len(set(line.shares[figure].whole)) > rankings.MOST,
        place=line.spot.name,
        head=head,
        meaning=cases.case_boards.MEANING.get(figure, ""),
        told=line.cells[board.figures.index(figure)],
        period=board.period,
        back=back,
    )


def _form(
    request: Request, desk: Desk, now: Now, typed: dict[str, str], problem: str = "", status: int = 200
) -> Response:
    last = finished("month", local(now).date())
    return page(
        request,
        "ranking_table_new.html",
        status=status,
        rows=[row for row in rankings.rows(desk, now) if row.of == "table"],
        typed={"year": str(last.first.year), "part": str(last.first.month), **typed},
        problem=problem,
        parts=PARTS,
        endings=",".join(f".{ending}" for ending in ENDINGS),
    )
