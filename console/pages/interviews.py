"""约谈、问责: the registers with their counts, a notice to draft, sign, hold and minute, and what was decided elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from typing import Literal

from fastapi import APIRouter
from fastapi import Depends
from fastapi import Query
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console import payloads
from console.fields import LARGEST
from console.fields import Key
from console.fields import Number
from console.fields import Text
from console.fields import Version
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.typed_day import day_of
from console.view import page
from flow import interviews
from flow import permits
from huanyu.clock import SHANGHAI
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.media import PAPERS
from huanyu.types import InterviewEntry
from huanyu.types import SanctionEntry

router = APIRouter(prefix="/interviews")
Ground = Annotated[int, Query(ge=0, le=LARGEST)]
Year = Annotated[int, Query(ge=2000, le=2100)]
Place = Annotated[str, Query(max_length=40)]


def entry(
    subject: Text = "",
    area: Text = "",
    asked: Text = "",
    people: Number = 0,
    reason: Text = "",
    at: Text = "",
    venue: Text = "",
    host: Text = "",
    ranking: Number = 0,
    line: Number = 0,
) -> InterviewEntry:
    """What was typed of a 约谈; raises BadInput for a moment that is none."""
    try:
        moment = datetime.fromisoformat(at).replace(tzinfo=SHANGHAI)
    except ValueError as problem:
        raise BadInput("请填写约谈时间") from problem
    return InterviewEntry(
        ranking_id=ranking or None,
        line_id=line or None,
        area=area,
        subject=subject,
        asked=asked,
        people=people,
        reason=reason,
        at=moment,
        venue=venue,
        host=host,
    )


@router.get("")
def listing(request: Request, desk: TheDesk, now: Now, user: SignedIn, year: Year | None = None) -> Response:
    today = local(now).date()
    return page(
        request,
        "interviews.html",
        found=interviews.listing(desk, user),
        sanctions=interviews.sanctions(desk, user),
        counts=interviews.counts(desk, user, year or today.year),
        labels=interviews.LABEL,
        measures=desk.bureau.rankings.measures,
        today=today,
    )


@router.get("/new")
def new(
    request: Request,
    desk: TheDesk,
    user: SignedIn,
    ranking: Ground = 0,
    place: Place = "",
    line: Ground = 0,
) -> Response:
    permits.demand(user, "keep_interviews")
    subject, area, reason = interviews.reason_from(desk, user, ranking or None, place, line or None)
    return page(
        request,
        "interview_new.html",
        subject=subject,
        area=area,
        reason=reason,
        ranking=ranking,
        line=line,
        host=desk.bureau.bureau.name,
    )


@router.post("")
def propose(
    desk: TheDesk, now: Now, user: SignedIn, told: Annotated[InterviewEntry, Depends(entry)]
) -> Response:
    made = interviews.propose(desk, user, told, now)
    return RedirectResponse(f"/interviews/{made.id}", status_code=303)


@router.post("/sanctions")
def add_sanction(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    subject: Text = "",
    measure: Text = "",
    people: Number = 0,
    ground: Text = "",
    decided: Text = "",
) -> Response:
    permits.demand(user, "keep_interviews")
    told = SanctionEntry(
        ranking_id=None,
        line_id=None,
        decided_on=day_of("决定日期", decided),
        area="",
        subject=subject,
        measure=measure,
        people=people,
        ground=ground,
    )
    interviews.add_sanction(desk, user, told, now)
    return RedirectResponse("/interviews", status_code=303)


@router.post("/sanctions/{sanction_id}/strike")
def strike(desk: TheDesk, now: Now, user: SignedIn, sanction_id: Key, why: Text = "") -> Response:
    interviews.strike(desk, user, sanction_id, why, now)
    return RedirectResponse("/interviews", status_code=303)


@router.get("/{interview_id}")
def one(request: Request, desk: TheDesk, now: Now, user: SignedIn, interview_id: Key) -> Response:
    permits.demand(user, "see_interviews")
    found = desk.store.interviews.get(interview_id)
    return page(
        request,
        "interview.html",
        found=found,
        labels=interviews.LABEL,
        mine=found.made_by == user.name,
        today=local(now).date(),
    )


@router.post("/{interview_id}/sign")
def sign(desk: TheDesk, now: Now, user: SignedIn, interview_id: Key, version: Version) -> Response:
    interviews.issue(desk, user, interview_id, version, now)
    return RedirectResponse(f"/interviews/{interview_id}", status_code=303)


@router.post("/{interview_id}/held")
def held(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    interview_id: Key,
    version: Version,
    held: Text = "",
    came: Number = 0,
    minutes: Text = "",
) -> Response:
    permits.demand(user, "keep_interviews")
    interviews.hold(desk, user, interview_id, version, day_of("约谈日期", held), came, minutes, now)
    return RedirectResponse(f"/interviews/{interview_id}", status_code=303)


@router.post("/{interview_id}/cancel")
def cancel(
    desk: TheDesk, now: Now, user: SignedIn, interview_id: Key, version: Version, why: Text = ""
) -> Response:
    interviews.cancel(desk, user, interview_id, version, why, now)
    return RedirectResponse(f"/interviews/{interview_id}", status_code=303)


@router.get("/{interview_id}/files/notice.{form}")
def file(desk: TheDesk, user: SignedIn, interview_id: Key, form: Literal["pdf", "docx"]) -> Response:
    name, body = interviews.file(desk, user, interview_id, form)
    return payloads.paper(body, name, PAPERS[form])
