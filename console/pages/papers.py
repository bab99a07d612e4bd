"""Bulletins before their number: what waits for a signature, the proof, judgement and advice, the signature itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi import Depends
from fastapi import Form
from fastapi import Query
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

import bulletins.render_html
from console import beside
from console.fields import Text
from console.guards import BULLETIN_POLICY
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import citing
from flow import issues
from flow import papers
from flow import permits
from flow import unsigned
from flow.desk import Desk
from flow.issues import Subject
from flow.presence import of_bulletin
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.types import User

router = APIRouter()

SHOWN = 60


@dataclass(frozen=True, slots=True)
class Named:
    """What a page is about, as it stands in its address or its form."""

    series: str
    day: str
    scope: str

    def subject(self, desk: Desk, now: datetime) -> Subject:
        """Raises NotFound, BadInput."""
        day = (
            now.date() if self.scope else day_of(self.day, now)
        )  # what is chosen bears the day of its signature
        return papers.about(desk, self.series, day, self.scope)


def in_address(series: Annotated[str, Query()], day: str = "", scope: str = "") -> Named:
    return Named(series, day, scope)


def in_form(
    series: Annotated[str, Form()], day: Annotated[str, Form()] = "", scope: Annotated[str, Form()] = ""
) -> Named:
    return Named(series, day, scope)


Asked = Annotated[Named, Depends(in_address)]
Told = Annotated[Named, Depends(in_form)]


def day_of(text: str, now: datetime) -> date:
    """A day written 2026-03-05, today where nothing is written; raises BadInput."""
    try:
        return date.fromisoformat(text) if text else now.date()
    except ValueError as problem:
        raise BadInput("日期应写成 2026-03-05 的样子") from problem


def address_of(about: Subject, to: str = "") -> str:
    """Where the proof of an issue stands; `to` is one of its parts."""
    asked = {"series": about.series.key, "day": about.period.last.isoformat()}
    if about.scope:
        asked["scope"] = about.scope
    return f"/bulletins/draft{to}?{urlencode(asked)}"


@router.get("/bulletins/waiting")
def waiting(request: Request, desk: TheDesk, now: Now, user: SignedIn) -> Response:
    permits.demand(user, "issue_bulletins")
    found = desk.store.archive.unsigned(SHOWN + 1)
    return page(
        request,
        "bulletins_waiting.html",
        issued=found[:SHOWN],
        more=len(found) > SHOWN,
        asked=unsigned.asked(desk),
        coming=sorted(
            unsigned.coming(desk, now), key=lambda one: (one.comes_at or now, one.about.period.last)
        ),
        address=address_of,
        starts=[
            row for row in desk.bureau.bulletins if row.compiled == "at_signature" and row.span == "free"
        ],
        takes_cases=papers.takes_cases,
    )


@router.get("/bulletins/draft")
def draft(request: Request, desk: TheDesk, now: Now, user: SignedIn, asked: Asked) -> Response:
    permits.demand(user, "issue_bulletins")
    return shown(request, desk, user, asked.subject(desk, now), now)


def shown(
    request: Request, desk: Desk, user: User, about: Subject, now: datetime, problem: str = ""
) -> Response:
    """The page of a proof; `problem` says why it was not signed."""
    found = papers.proof(desk, about, now)
    last = about.period.last
    earlier = issues.predecessor(desk, about.series.key, about.scope)
    here = of_bulletin(about.key)
    response = page(
        request,
        "paper_draft.html",
        presence=beside.notice(request, desk, user, here, now),
        status=409 if problem else 200,
        problem=problem,
        found=found,
        about=about,
        name=unsigned.name_of(about),
        labels={figure.key: figure for figure in found.made.figures},
        out=papers.is_out(desk, about),
        earlier=earlier,
        void=earlier is not None and desk.store.archive.standing(earlier.id).withdrawn is not None,
        asked=next((one.asked for one in unsigned.asked(desk) if one.about.key == about.key), None),
        comes_at=next(
            (one.comes_at for one in unsigned.coming(desk, now) if one.about.key == about.key), None
        ),
        over=bool(about.scope) or last < now.date(),
        typed={one.kind: one for one in desk.store.writing.remarks(about.series.key, last, about.scope)},
        remarks=papers.REMARKS,
        longest=papers.LONGEST,
        recipients=[
            row for row in desk.bureau.recipients if not row.series or about.series.key in row.series
        ],
        here=address_of(about),
        paper=address_of(about, "/paper.html"),
        sources=address_of(about, "/sources"),
    )
    return beside.opened(request, response, user, here, now)


@router.get("/bulletins/draft/paper.html")
def paper(desk: TheDesk, now: Now, user: SignedIn, asked: Asked) -> Response:
    permits.demand(user, "issue_bulletins")
    found = papers.proof(desk, asked.subject(desk, now), now)
    body = bulletins.render_html.render(found.made)
    return Response(body, media_type="text/html", headers={"Content-Security-Policy": BULLETIN_POLICY})


@router.get("/bulletins/draft/sources")
def sources(request: Request, desk: TheDesk, now: Now, user: SignedIn, asked: Asked, figure: str) -> Response:
    permits.demand(user, "issue_bulletins")
    found = papers.proof(desk, asked.subject(desk, now), now)
    return page(
        request,
        "bulletin_sources.html",
        here=address_of(found.about),
        crumb=f"{found.made.series_name}样稿",
        found=citing.cited(desk, user, found.made, figure),
        verify="",
        void=False,
    )


@router.post("/bulletins/draft/remark")
def remark(desk: TheDesk, now: Now, user: SignedIn, told: Told, kind: Text, text: Text = "") -> Response:
    permits.demand(user, "issue_bulletins")
    about = told.subject(desk, now)
    papers.remark(desk, user, about.series.key, about.period.last, kind, text, now, scope=about.scope)
    return RedirectResponse(f"{address_of(about)}#remarks", status_code=303)


@router.post("/bulletins/draft/propose")
def propose(
    desk: TheDesk, now: Now, user: SignedIn, told: Told, note: Text = "", drop: Text = ""
) -> Response:
    permits.demand(user, "issue_bulletins")
    about = told.subject(desk, now)
    key, last = about.series.key, about.period.last
    if drop:
        papers.take_back(desk, user, key, last, about.scope, now)
    else:
        papers.propose(desk, user, key, last, about.scope, now, note)
    return RedirectResponse("/bulletins/waiting", status_code=303)


@router.post("/bulletins/draft/sign")
def sign(request: Request, desk: TheDesk, now: Now, user: SignedIn, told: Told, seen: Text) -> Response:
    permits.demand(user, "issue_bulletins")
    about = told.subject(desk, now)
    try:
        made = papers.sign(desk, user, about, now, seen)
    except Conflict as problem:
        if papers.is_out(desk, about):
            raise
        return shown(request, desk, user, about, now, str(problem.args[0]))
    return RedirectResponse(f"/bulletins/{made.id}", status_code=303)
