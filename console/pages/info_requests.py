"""政府信息公开申请: the register by limit, one request with all that is done to it, the table of a year."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated
from typing import Any

from fastapi import APIRouter
from fastapi import Depends
from fastapi import Query
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

import cases.info_requests
from console import payloads
from console.fields import Id
from console.fields import Key
from console.fields import KeyField
from console.fields import Number
from console.fields import Text
from console.held import HeldRequest
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.typed_day import day_of
from console.view import page
from flow import info_disputes
from flow import info_figures
from flow import info_papers
from flow import info_requests
from flow import permits
from flow.desk import Desk
from flow.info_requests import FIELDS
from flow.info_requests import PER_PAGE
from flow.info_requests import Told
from huanyu.clock import local
from huanyu.media import PAPERS
from huanyu.media import XLSX
from huanyu.types import Applicant
from huanyu.types import User

router = APIRouter(prefix="/info-requests")
Year = Annotated[int, Query(ge=2008, le=2100)]


def told(
    received: Text = "",
    way: Text = "",
    kind: Text = "",
    form: Text = "",
    name: Text = "",
    identity: Text = "",
    phone: Text = "",
    mail: Text = "",
    address: Text = "",
    words: Text = "",
) -> Callable[[], Told]:
    """What was typed; read once it is known that this person may type it."""
    who = dict(zip(FIELDS, (name, identity, phone, mail, address, words), strict=True))
    return lambda: Told(
        received_on=day_of("收到日期", received), way=way, applicant_kind=kind, form=form, who=who
    )


Typed = Annotated[Callable[[], Told], Depends(told)]


@router.get("")
def listing(request: Request, desk: TheDesk, now: Now, user: SignedIn, before: Id | None = None) -> Response:
    """`before`: the request below which the answered ones go on."""
    ended = info_requests.ended(desk, user, now, before)
    return page(
        request,
        "info_requests.html",
        going=[] if before else info_requests.going(desk, user, now),
        ended=ended[:PER_PAGE],
        next_before=ended[PER_PAGE - 1].request.id if len(ended) > PER_PAGE else 0,
        before=before,
        year=local(now).year,
        **_words(desk),
    )


@router.get("/new")
def new(request: Request, desk: TheDesk, now: Now, user: SignedIn) -> Response:
    permits.demand(user, "keep_info_requests")
    return page(request, "info_request_new.html", table=desk.bureau.info_requests, today=local(now).date())


@router.post("")
def register(desk: TheDesk, now: Now, user: SignedIn, typed: Typed) -> Response:
    permits.demand(user, "keep_info_requests")
    return back(info_requests.register(desk, user, typed(), now).id)


@router.get("/figures")
def figures(request: Request, desk: TheDesk, now: Now, user: SignedIn, year: Year | None = None) -> Response:
    of = year or local(now).year
    lines = info_figures.year(desk, user, of)
    return page(
        request,
        "info_figures.html",
        lines=lines,
        disputes=info_figures.disputes(desk, user, of),
        results=info_figures.results(desk),
        year=of,
        table=desk.bureau.info_requests,
    )


@router.get("/files/year.xlsx")
def workbook(desk: TheDesk, now: Now, user: SignedIn, year: Year | None = None) -> Response:
    name, body = info_figures.sheet(desk, user, year or local(now).year)
    return payloads.paper(body, name, XLSX)


@router.get("/{request_id}")
def one(request: Request, desk: TheDesk, now: Now, user: SignedIn, request_id: Key) -> Response:
    return _page(request, desk, user, now, request_id, None)


@router.post("/{request_id}/applicant")
def applicant(
    request: Request, desk: TheDesk, now: Now, user: SignedIn, request_id: Key, reason: Text = ""
) -> Response:
    """The answer to the POST shows who asks; nothing of it has an address."""
    found = info_requests.applicant(desk, user, request_id, reason, now)
    made = _page(request, desk, user, now, request_id, found)
    made.headers["Cache-Control"] = "no-store"
    return made


@router.post("/{request_id}/amend")
def amend(held: HeldRequest, now: Now, on: Text = "", until: Text = "", what: Text = "") -> Response:
    permits.demand(held.user, "keep_info_requests")
    last = day_of("补正期限", until) if until.strip() else None
    info_requests.amend(*held, day_of("告知日期", on), last, what, now)
    return back(held.id)


@router.post("/{request_id}/amended")
def amended(held: HeldRequest, now: Now, on: Text = "") -> Response:
    permits.demand(held.user, "keep_info_requests")
    info_requests.amended(*held, day_of("收到补正的日期", on), now)
    return back(held.id)


@router.post("/{request_id}/consult")
def consult(held: HeldRequest, now: Now, whom: Text = "", on: Text = "") -> Response:
    permits.demand(held.user, "keep_info_requests")
    info_requests.consult(*held, whom, day_of("发出日期", on), now)
    return back(held.id)


@router.post("/{request_id}/heard")
def heard(held: HeldRequest, now: Now, consultation: KeyField, on: Text = "", view: Text = "") -> Response:
    permits.demand(held.user, "keep_info_requests")
    day = day_of("日期", on)
    info_requests.heard(*held, consultation, day, view, now)
    return back(held.id)


@router.post("/{request_id}/extension")
def ask_extension(held: HeldRequest, now: Now, days: Number = 0, why: Text = "") -> Response:
    info_requests.ask_extension(*held, days, why, now)
    return back(held.id)


@router.post("/{request_id}/extension/decide")
def decide_extension(held: HeldRequest, now: Now, act: Text = "", note: Text = "") -> Response:
    info_requests.decide_extension(*held, act == "agree", note, now)
    return back(held.id)


@router.post("/{request_id}/extension/told")
def tell_extension(held: HeldRequest, now: Now, on: Text = "", how: Text = "") -> Response:
    permits.demand(held.user, "keep_info_requests")
    info_requests.tell_extension(*held, day_of("告知日期", on), how, now)
    return back(held.id)


@router.post("/{request_id}/answer")
def answer(
    held: HeldRequest, now: Now, outcome: Text = "", on: Text = "", serial: Text = "", why: Text = ""
) -> Response:
    permits.demand(held.user, "keep_info_requests")
    day = day_of("答复日期", on)
    info_requests.answer(*held, outcome, day, serial, why, now)
    return back(held.id)


@router.post("/{request_id}/paper")
def paper(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    request_id: Key,
    outcome: Text = "",
    text: Text = "",
    serial: Text = "",
    on: Text = "",
    form: Text = "docx",
) -> Response:
    """The letter leaves as the answer to the POST; it has no address and is kept nowhere."""
    permits.demand(user, "keep_info_requests")
    said = info_papers.Said(outcome=outcome, text=text, serial=serial, on=day_of("日期", on))
    kind: info_papers.Form = "pdf" if form == "pdf" else "docx"
    name, body = info_papers.draw(desk, user, request_id, said, kind, now)
    return payloads.paper(body, name, PAPERS[kind])


@router.post("/{request_id}/dispute")
def dispute(held: HeldRequest, now: Now, kind: Text = "", on: Text = "") -> Response:
    permits.demand(held.user, "keep_info_requests")
    info_disputes.begun(*held, kind, day_of("受理、立案日期", on), now)
    return back(held.id)


@router.post("/{request_id}/ruled")
def ruled(held: HeldRequest, now: Now, about: KeyField, ruling: Text = "", on: Text = "") -> Response:
    permits.demand(held.user, "keep_info_requests")
    info_disputes.ruled(*held, about, ruling, day_of("日期", on), now)
    return back(held.id)


@router.post("/{request_id}/void")
def void(held: HeldRequest, now: Now, why: Text = "") -> Response:
    info_requests.void(*held, why, now)
    return back(held.id)


@router.post("/{request_id}/reopen")
def reopen(held: HeldRequest, now: Now, why: Text = "") -> Response:
    info_requests.reopen(*held, why, now)
    return back(held.id)


def back(request_id: int) -> Response:
    return RedirectResponse(f"/info-requests/{request_id}", status_code=303)


def _page(
    request: Request, desk: Desk, user: User, now: Now, request_id: int, found: Applicant | None
) -> Response:
    whole = info_requests.whole(desk, user, request_id, now)
    return page(
        request,
        "info_request.html",
        told=whole,
        found=whole.request,
        paper_outcomes=info_papers.outcomes(desk, whole.request, now) if whole.applicant_kept else (),
        disputes=info_disputes.of_request(desk, user, request_id),
        applicant=found,
        fields=FIELDS,
        steps=cases.info_requests.STEPS,
        today=local(now).date(),
        mine=whole.request.extend_asked_by == user.name,
        **_words(desk),
    )


def _words(desk: Desk) -> dict[str, Any]:
    table = desk.bureau.info_requests
    return {
        "labels": cases.info_requests.LABEL,
        "cards": cases.info_requests.CARDS,
        "ways": {row.key: row.name for row in table.way},
        "kinds": {row.key: row.name for row in table.applicant},
        "outcomes": {row.key: f"{row.group}：{row.name}" for row in table.outcome},
        "dispute_names": {row.key: row.name for row in table.dispute},
        "ruling_names": {row.key: row.name for row in table.ruling},
        "table": table,
    }
