"""The calendar of what goes out: press texts, replies, bulletins and the days of the year; and the form for a new text."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter
from fastapi import Depends
from fastapi import Query
from fastapi import Request
from starlette.datastructures import FormData
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console.fields import Offset
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import case_batches
from flow import permits
from flow import press
from flow import ranking_papers
from flow import rights
from flow.desk import Desk
from flow.press import INCIDENT
from flow.press import LARGEST_PICTURE
from flow.press import MOST_PICTURES
from flow.press import Order
from huanyu.clock import SHANGHAI
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.store.nouns import BulletinHead
from huanyu.types import Message
from huanyu.types import Picture
from huanyu.types import Seer
from publisher import occasions
from publisher.occasions import Near
from publisher.press import PRODUCTS
from publisher.press import usable

router = APIRouter()

LATEST = 400  # bulletins looked through for one month
PICTURES = 3  # rows of the form
AROUND = 1 << 17  # bytes of a form around its pictures
MONTH = r"20\d\d-(?:0[1-9]|1[0-2])"
Month = Annotated[str, Query(pattern=rf"^(?:{MONTH})?$")]


@dataclass(frozen=True)
class Cell:
    """One day of the month, with what is on it."""

    day: date
    inside: bool  #: of this month
    occasions: list[Near]
    bulletins: list[BulletinHead]
    messages: list[Message]
    replies: list[Message]


@router.get("/calendar")
def month(request: Request, desk: TheDesk, now: Now, user: SignedIn, month: Month = "") -> Response:
    permits.demand(user, "see_outbox")
    first = date.fromisoformat(f"{month}-01") if month else local(now).date().replace(day=1)
    before, after = (first - timedelta(days=1)).replace(day=1), (first + timedelta(days=31)).replace(day=1)
    return page(
        request,
        "calendar.html",
        first=first,
        before=f"{before:%Y-%m}",
        after=f"{after:%Y-%m}",
        weeks=weeks(desk, first, rights.seer(user)),
        today=local(now).date(),
        undated=[row for row in desk.bureau.occasions if row.on(first.year) is None],
        names={row.key: row.name for row in desk.bureau.accounts},
    )


def weeks(desk: Desk, first: date, seer: Seer | None = None) -> list[list[Cell]]:
    """The weeks of a month, Monday first."""
    days = list(Calendar().itermonthdates(first.year, first.month))
    since, until = midnight(days[0]), midnight(days[-1] + timedelta(days=1))
    messages = desk.store.composing.planned(since, until, seer)
    papers = desk.store.bulletins.listing(limit=LATEST)
    near = occasions.between(desk.bureau.occasions, days[0], days[-1])
    cells = [
        Cell(
            day=day,
            inside=day.month == first.month,
            occasions=[one for one in near if one.day == day],
            bulletins=[one for one in papers if local(one.issued_at).date() == day],
            messages=[one for one in messages if _is_on(one, day) and one.purpose != "reply"],
            replies=[one for one in messages if _is_on(one, day) and one.purpose == "reply"],
        )
        for day in days
    ]
    return [cells[at : at + 7] for at in range(0, len(cells), 7)]


def _is_on(message: Message, day: date) -> bool:
    return local(message.sent_at or message.due_at).date() == day


def midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), SHANGHAI)


@router.get("/calendar/new")
def ask(
    request: Request,
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    product: str = "notice",
    day: str = "",
    ranking: Offset = 0,
    batch: Offset = 0,
) -> Response:
    permits.demand(user, "write_press")
    at = f"{day}T09:00" if day else f"{local(now) + timedelta(hours=1):%Y-%m-%dT%H:00}"
    told = ranking_papers.press_text(desk, user, ranking) if ranking else {}
    told |= case_batches.press_text(desk, user, batch) if batch else {}
    return form_page(request, desk, product, {"at": at, **told})


async def bounded_form(request: Request, user: SignedIn) -> AsyncIterator[FormData]:
    """The form of somebody who may write; one that is too large is refused before it is read."""
    permits.demand(user, "write_press")
    size = request.headers.get("content-length", "")
    if not size.isdecimal():
        raise HTTPException(411)
    if int(size) > PICTURES * LARGEST_PICTURE + AROUND:
        raise HTTPException(413)
    async with request.form(max_files=MOST_PICTURES, max_fields=60) as form:
        yield form


@router.post("/calendar/new")
def write(
    request: Request,
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    form: Annotated[FormData, Depends(bounded_form)],
) -> Response:
    product = str(form.get("product", ""))
    try:
        made = press.write(desk, user, order_of(form, product), now)
    except BadInput as problem:
        told = {key: value for key, value in form.multi_items() if isinstance(value, str)}
        return form_page(request, desk, product, told, form.getlist("account"), str(problem.args[0]), 422)
    return RedirectResponse(f"/outbox/{made[0]}", status_code=303)


def order_of(form: FormData, product: str) -> Order:
    """What the form says; raises BadInput."""
    try:
        at = datetime.fromisoformat(str(form.get("at", ""))).replace(tzinfo=SHANGHAI)
    except ValueError as problem:
        raise BadInput("请填写发布时间") from problem
    row = PRODUCTS.get(product)
    return Order(
        product=product,
        told={field.key: str(form.get(field.key, "")) for field in (row.fields if row else ())},
        accounts=[str(key) for key in form.getlist("account")],
        at=at,
        pictures=[one for place in range(PICTURES) if (one := picture_of(form, place)) is not None],
        generated=form.get("generated") == "1",
        incident=form.get("incident") == "1",
    )


def picture_of(form: FormData, at: int) -> Picture | None:
    """One row of pictures; None where no file was chosen."""
    file = form.get(f"picture{at}")
    if not isinstance(file, UploadFile) or not file.filename:
        return None
    return Picture(
        digest="",
        name=file.filename,
        media=file.content_type or "",
        caption=str(form.get(f"caption{at}", "")).strip(),
        credit=str(form.get(f"credit{at}", "")).strip(),
        body=file.file.read(),
    )


def form_page(
    request: Request,
    desk: Desk,
    product: str,
    told: dict[str, str],
    chosen: object = None,
    problem: str = "",
    status: int = 200,
) -> Response:
    row = PRODUCTS.get(product) or PRODUCTS["notice"]
    return page(
        request,
        "press.html",
        status=status,
        row=row,
        products=PRODUCTS,
        told=told,
        accounts=usable(desk.bureau.accounts),
        chosen=chosen if chosen is not None else [one.key for one in usable(desk.bureau.accounts)],
        pictures=range(PICTURES),
        incident=INCIDENT,
        largest=LARGEST_PICTURE // 1024 // 1024,
        problem=problem,
    )
