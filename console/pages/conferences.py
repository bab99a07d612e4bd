"""新闻发布会: the list, a plan written and approved, held and filed; its cases, answers, sign-in, coverage and papers."""

from __future__ import annotations

from datetime import UTC
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from fastapi import Depends
from fastapi import Form
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console import payloads
from console.fields import LARGEST
from console.fields import Key
from console.fields import KeyField
from console.fields import Text
from console.held import HeldConference
from console.press_form import PlainForm
from console.press_form import record
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import conferences
from flow import permits
from flow import press_contacts
from flow import press_log
from flow import press_papers
from flow.press_papers import Form as Kind
from flow.press_papers import Paper
from huanyu.clock import SHANGHAI
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.media import PAPERS
from huanyu.types import Conference
from huanyu.types import ConferencePlan
from publisher import activities
from publisher import conferences as rules

router = APIRouter(prefix="/press")
Ticked = Annotated[tuple[Annotated[int, Form(ge=1, le=LARGEST)], ...], Form()]


def planned(
    theme: Text = "",
    at: Text = "",
    place: Text = "",
    host: Text = "",
    speakers: Text = "",
    invited: Text = "",
    background: Text = "",
    agenda: Text = "",
    duties: Text = "",
    incident: Text = "",
) -> ConferencePlan:
    """A plan as typed; raises BadInput where its time is none."""
    try:
        moment = datetime.fromisoformat(at.strip())
        moment = moment.replace(tzinfo=moment.tzinfo or SHANGHAI).astimezone(UTC).astimezone(SHANGHAI)
    except (ValueError, OverflowError) as problem:  # the year 1 has no hours in UTC
        raise BadInput("请填写发布会的日期和时间") from problem
    number = incident.strip()
    if number and not (number.isascii() and number.isdecimal() and int(number) <= LARGEST):
        raise BadInput("突发事件请填写它的序号")
    return ConferencePlan(
        theme=theme,
        at=moment,
        place=place,
        host=host,
        speakers=tuple(speakers.splitlines()),
        invited=tuple(invited.splitlines()),
        background=background,
        agenda=agenda,
        duties=duties,
        incident_id=int(number) if number else None,
    )


Planned = Annotated[ConferencePlan, Depends(planned)]


@router.get("")
def listing(request: Request, desk: TheDesk, user: SignedIn) -> Response:
    permits.demand(user, "see_press")
    return page(request, "conferences.html", found=desk.store.conferences.all(), labels=rules.LABEL)


@router.get("/new")
def new(request: Request, desk: TheDesk, now: Now, user: SignedIn) -> Response:
    permits.demand(user, "keep_press")
    return page(request, "conference_plan.html", found=None, houses=press_contacts.outlets(desk, now))


@router.post("")
def plan(desk: TheDesk, now: Now, user: SignedIn, said: Planned) -> Response:
    return _at(conferences.plan(desk, user, said, now))


@router.get("/{conference_id}")
def one(request: Request, desk: TheDesk, now: Now, user: SignedIn, conference_id: Key) -> Response:
    found = conferences.whole(desk, user, conference_id, now)
    asked = {each.contact_id for each in found.attendance}
    listed = press_contacts.listing(desk, user, now)
    return page(
        request,
        "conference.html",
        found=found,
        one=found.conference,
        labels=rules.LABEL,
        kinds=rules.KINDS,
        standings=rules.STANDING,
        contacts=[each for each in listed if each.id not in asked],
        houses=press_contacts.outlets(desk, now),
        records=[row for row in press_log.kinds(desk, local(now).date()) if row.outlet],
        tones=activities.TONES,
        today=local(now).date(),
        days=desk.bureau.press.answer_days,
    )


@router.get("/{conference_id}/edit")
def edit(request: Request, desk: TheDesk, now: Now, user: SignedIn, conference_id: Key) -> Response:
    permits.demand(user, "keep_press")
    found = desk.store.conferences.get(conference_id)
    return page(request, "conference_plan.html", found=found, houses=press_contacts.outlets(desk, now))


@router.post("/{conference_id}")
def replan(held: HeldConference, now: Now, said: Planned) -> Response:
    return _at(conferences.replan(*held, said, now))


@router.post("/{conference_id}/approve")
def approve(held: HeldConference, now: Now) -> Response:
    return _at(conferences.approve(*held, now))


@router.post("/{conference_id}/held")
def held(held: HeldConference, now: Now) -> Response:
    conferences.held(*held, now)
    return _back(held.id)


@router.post("/{conference_id}/archive")
def archive(held: HeldConference, now: Now) -> Response:
    return _at(conferences.archive(*held, now))


@router.post("/{conference_id}/cancel")
def cancel(held: HeldConference, now: Now, reason: Text = "") -> Response:
    return _at(conferences.cancel(*held, reason, now))


@router.post("/{conference_id}/cases")
def add_case(desk: TheDesk, now: Now, user: SignedIn, conference_id: Key, number: Text = "") -> Response:
    conferences.add_case(desk, user, conference_id, number, now)
    return _back(conference_id, "#cases")


@router.post("/{conference_id}/answers")
def add_answer(desk: TheDesk, now: Now, user: SignedIn, conference_id: Key, answer: KeyField) -> Response:
    conferences.add_answer(desk, user, conference_id, answer, now)
    return _back(conference_id, "#answers")


@router.post("/{conference_id}/answers/{answer_id}/drop")
def drop_answer(desk: TheDesk, now: Now, user: SignedIn, conference_id: Key, answer_id: Key) -> Response:
    conferences.drop_answer(desk, user, conference_id, answer_id, now)
    return _back(conference_id, "#answers")


@router.post("/{conference_id}/invite")
def invite(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    conference_id: Key,
    contact: Ticked = (),
    outlet: Text = "",
    name: Text = "",
) -> Response:
    conferences.ask(desk, user, conference_id, contact, outlet, name, now)
    return _back(conference_id, "#attendance")


@router.post("/{conference_id}/came")
def came(desk: TheDesk, now: Now, user: SignedIn, conference_id: Key, who: Ticked = ()) -> Response:
    conferences.came(desk, user, conference_id, who, now)
    return _back(conference_id, "#attendance")


@router.post("/{conference_id}/coverage")
def printed(desk: TheDesk, now: Now, user: SignedIn, conference_id: Key, form: PlainForm) -> Response:
    told, _ = record(form)
    conferences.printed(desk, user, conference_id, told, now)
    return _back(conference_id, "#coverage")


@router.get("/{conference_id}/files/{paper}.{form}")
def file(desk: TheDesk, now: Now, user: SignedIn, conference_id: Key, paper: Paper, form: Kind) -> Response:
    name, body = press_papers.file(desk, user, conference_id, paper, form, now)
    return payloads.paper(body, name, PAPERS[form])


def _at(one: Conference) -> Response:
    return _back(one.id)


def _back(conference_id: int, part: str = "") -> Response:
    return RedirectResponse(f"/press/{conference_id}{part}", status_code=303)
