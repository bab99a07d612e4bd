"""督察信访件: batches, a new one from its list, one with its letters and the day's words, the public table and its files."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi import Depends
from fastapi import Request
from starlette.datastructures import FormData
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse
from starlette.responses import Response

import cases.inspections
from console import payloads
from console import uploads
from console.fields import LARGEST
from console.fields import Key
from console.fields import Text
from console.fields import Texts
from console.fields import Version
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.typed_day import day_of
from console.uploads import BoundedForm
from console.view import page
from crawler.import_files import ENDINGS
from flow import inspection_import
from flow import inspection_papers
from flow import inspections
from flow import permits
from flow.desk import Desk
from flow.inspection_import import Sheet
from flow.inspection_papers import Form as Kind
from flow.inspections import Amendment
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.media import LISTS

router = APIRouter(prefix="/inspections")


def amendment(
    problem: Text = "",
    areas: Texts = (),
    matters: Texts = (),
    units: Text = "",
    focus: Text = "",
    accountable: Text = "",
) -> Amendment:
    """What was typed of a letter."""
    return Amendment(
        focus=bool(focus),
        areas=areas,
        matters=matters,
        units=units,
        problem=problem,
        accountable=accountable,
    )


Amended = Annotated[Amendment, Depends(amendment)]


@router.get("")
def listing(request: Request, desk: TheDesk, now: Now, user: SignedIn) -> Response:
    return page(
        request,
        "inspections.html",
        found=inspections.listing(desk, user, now),
        labels=cases.inspections.LABEL,
    )


@router.get("/new")
def new(request: Request, desk: TheDesk, now: Now, user: SignedIn) -> Response:
    permits.demand(user, "keep_inspections")
    return _form(request, desk, now, {})


@router.post("")
def take_in(request: Request, desk: TheDesk, now: Now, user: SignedIn, form: BoundedForm) -> Response:
    permits.demand(user, "keep_inspections")
    typed = {name: str(value) for name, value in form.items() if isinstance(value, str)}
    try:
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise BadInput("请选择交办件清单")
        sheet = sheet_of(form)
        waiting = uploads.keep(desk, user, file.filename, file.file, inspection_import.SOURCE, now)
        try:
            done = inspection_import.take_in(desk, user, sheet, waiting.path, now)
        finally:
            uploads.drop(desk, user, waiting.token)
    except (BadInput, Conflict) as problem:
        return _form(request, desk, now, typed, str(problem.args[0]), status=422)
    if not done.bad:
        return RedirectResponse(f"/inspections/{done.batch.id}", status_code=303)
    return page(request, "inspection_done.html", done=done, name=waiting.path.name)


@router.get("/{batch_id}")
def one(request: Request, desk: TheDesk, now: Now, user: SignedIn, batch_id: Key) -> Response:
    return page(
        request,
        "inspection.html",
        found=inspections.whole(desk, user, batch_id, now),
        labels=cases.inspections.LABEL,
        see=lambda case: permits.may_see(user, case),
        today=local(now).date(),
    )


@router.get("/{batch_id}/items/{item_id}")
def item(request: Request, desk: TheDesk, now: Now, user: SignedIn, batch_id: Key, item_id: Key) -> Response:
    permits.demand(user, "keep_inspections")
    return page(
        request,
        "inspection_item.html",
        batch=desk.store.inspections.get(batch_id),
        item=desk.store.inspections.item(batch_id, item_id),
        areas=inspections.areas(desk),
        matters=inspections.matters(desk, now),
    )


@router.post("/{batch_id}/items/{item_id}")
def amend(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    batch_id: Key,
    item_id: Key,
    version: Version,
    said: Amended,
    reason: Text = "",
) -> Response:
    inspections.amend(desk, user, batch_id, item_id, version, said, reason, now)
    return RedirectResponse(f"/inspections/{batch_id}", status_code=303)


@router.get("/{batch_id}/table")
def table(request: Request, desk: TheDesk, now: Now, user: SignedIn, batch_id: Key) -> Response:
    found = inspections.whole(desk, user, batch_id, now)
    sheet = inspection_papers.table(desk, user, found)
    return page(request, "inspection_table.html", batch=found.batch, sheet=sheet)


@router.get("/{batch_id}/files/table.{form}")
def file(desk: TheDesk, now: Now, user: SignedIn, batch_id: Key, form: Kind) -> Response:
    name, body = inspection_papers.file(desk, user, batch_id, form, now)
    return payloads.paper(body, name, LISTS[form])


def sheet_of(form: FormData) -> Sheet:
    """The sheet of a batch as typed; raises BadInput naming what is none."""
    campaign, _, level = str(form.get("campaign", "")).partition("|")
    due = str(form.get("due", "")).strip()
    return Sheet(
        campaign=campaign,
        level=level,
        number=_count("批次", form),
        received_on=day_of("收到日期", str(form.get("received", ""))),
        told_items=_count("件数", form),
        told_focus=_count("重点关注件数", form),
        due=day_of("办结日期", due) if due else None,
    )


DIGITS = 9  # of a number; a longer one is no count
#: What a number is called where it is wrong -> the field it stands in.
COUNTS = {"批次": "number", "件数": "told_items", "重点关注件数": "told_focus"}


def _count(what: str, form: FormData) -> int:
    typed = str(form.get(COUNTS[what], "")).strip()
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= DIGITS and int(typed) <= LARGEST):
        raise BadInput(f"{what}请填写数字")
    return int(typed)


def _form(
    request: Request, desk: Desk, now: Now, typed: dict[str, str], problem: str = "", status: int = 200
) -> Response:
    return page(
        request,
        "inspection_new.html",
        status=status,
        campaigns=inspections.campaigns(desk, now),
        typed=typed,
        problem=problem,
        endings=",".join(f".{ending}" for ending in ENDINGS),
        today=local(now).date(),
    )
