"""报道和活动台账: the records of a year, one typed in or put right, a list taken in, the year's figures and their workbook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from typing import Any

from fastapi import APIRouter
from fastapi import Query
from fastapi import Request
from starlette.datastructures import FormData
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console import payloads
from console import uploads
from console.fields import Key
from console.fields import Text
from console.fields import Typed
from console.fields import Version
from console.press_form import PlainForm
from console.press_form import record
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.uploads import BoundedForm
from console.view import page
from crawler.import_files import ENDINGS
from flow import permits
from flow import press_contacts
from flow import press_log
from flow.desk import Desk
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.media import XLSX
from publisher import activities

router = APIRouter(prefix="/press")
Year = Annotated[int, Query(ge=2000, le=2100)]
Kind = Annotated[Typed, Query(max_length=40)]
SOURCE = "press"


@router.get("/log")
def listing(
    request: Request, desk: TheDesk, now: Now, user: SignedIn, year: Year | None = None, kind: Kind = ""
) -> Response:
    of = year or local(now).year
    found = press_log.listing(desk, user, of, kind)
    return _page(request, desk, now, "press_log.html", found=found, year=of, kind=kind)


@router.get("/log/new")
def new(request: Request, desk: TheDesk, now: Now, user: SignedIn, kind: Kind = "") -> Response:
    permits.demand(user, "keep_press")
    return _form(request, desk, now, {"kind": kind, "day": local(now).date().isoformat()})


@router.post("/log")
def enter(request: Request, desk: TheDesk, now: Now, user: SignedIn, form: PlainForm) -> Response:
    permits.demand(user, "keep_press")
    told, numbers = record(form)
    try:
        one = press_log.entry(desk, user, told, numbers, now)
    except (BadInput, Conflict) as problem:
        return _form(request, desk, now, {**told, **numbers}, problem=str(problem.args[0]), status=422)
    return RedirectResponse(f"/press/log?year={one.day.year}#r-{one.id}", status_code=303)


@router.get("/log/import")
def importing(request: Request, desk: TheDesk, now: Now, user: SignedIn) -> Response:
    permits.demand(user, "keep_press")
    return _import(request, desk, now)


@router.post("/log/import")
def take_in(request: Request, desk: TheDesk, now: Now, user: SignedIn, form: BoundedForm) -> Response:
    permits.demand(user, "keep_press")
    try:
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise BadInput("请选择文件")
        waiting = uploads.keep(desk, user, file.filename, file.file, SOURCE, now)
        try:
            done = press_log.take_in(desk, user, waiting.path, now)
        finally:
            uploads.drop(desk, user, waiting.token)
    except BadInput as problem:
        return _import(request, desk, now, problem=str(problem.args[0]), status=422)
    return _import(request, desk, now, done=done)


@router.get("/log/{record_id}")
def one(request: Request, desk: TheDesk, now: Now, user: SignedIn, record_id: Key) -> Response:
    permits.demand(user, "keep_press")
    found = desk.store.press_log.get(record_id)
    told = {name: getattr(found, name) for name in press_log.SAID}
    typed = {**told, "tags": "、".join(found.tags), "day": found.day.isoformat(), **found.amounts}
    return _form(request, desk, now, typed, found=found)


@router.post("/log/{record_id}")
def change(
    request: Request, desk: TheDesk, now: Now, user: SignedIn, record_id: Key, form: PlainForm
) -> Response:
    permits.demand(user, "keep_press")
    told, numbers = record(form)
    try:
        made = press_log.change(desk, user, record_id, _version(form), told, numbers, now)
    except BadInput as problem:
        found = desk.store.press_log.get(record_id)
        typed = {**told, **numbers}
        return _form(request, desk, now, typed, found=found, problem=str(problem.args[0]), status=422)
    return RedirectResponse(f"/press/log?year={made.day.year}#r-{made.id}", status_code=303)


@router.post("/log/{record_id}/strike")
def strike(
    desk: TheDesk, now: Now, user: SignedIn, record_id: Key, version: Version, reason: Text = ""
) -> Response:
    made = press_log.strike(desk, user, record_id, version, reason, now)
    return RedirectResponse(f"/press/log?year={made.day.year}#r-{made.id}", status_code=303)


@router.get("/figures")
def figures(request: Request, desk: TheDesk, now: Now, user: SignedIn, year: Year | None = None) -> Response:
    of = year or local(now).year
    permits.demand(user, "see_press")
    found = press_log.year(desk, of, now)
    return _page(request, desk, now, "press_figures.html", found=found, year=of, growth=press_log.growth)


@router.get("/figures/{year}.xlsx")
def workbook(desk: TheDesk, now: Now, user: SignedIn, year: int) -> Response:
    of = min(max(year, 2000), 2100)
    made = press_log.as_workbook(desk, user, of, now)
    return payloads.paper(made, f"{of}年报道和活动台账.xlsx", XLSX)


def _page(
    request: Request, desk: Desk, now: Now, template: str, status: int = 200, **values: Any
) -> Response:
    span = desk.store.press_log.years()
    this = local(now).year
    first = min(span[0], this) if span else this
    return page(
        request,
        template,
        status=status,
        years=range(this, first - 1, -1),
        kinds=desk.bureau.press.kind,
        names={row.key: row for row in desk.bureau.press.kind},
        tones=activities.TONES,
        **values,
    )


def _form(
    request: Request, desk: Desk, now: Now, typed: Mapping[str, Any], status: int = 200, **values: Any
) -> Response:
    counts: dict[str, list[str]] = {}
    for row in desk.bureau.press.kind:
        for count in row.counts:
            counts.setdefault(f"{count.name}（{count.unit}）", []).append(row.name)
    return _page(
        request,
        desk,
        now,
        "press_record.html",
        status=status,
        typed=typed,
        counts={label: (label.partition("（")[0], rows) for label, rows in counts.items()},
        outlets=press_contacts.outlets(desk, now),
        tags=desk.bureau.press.tags,
        **{"found": None, "problem": "", **values},
    )


def _import(request: Request, desk: Desk, now: Now, status: int = 200, **values: Any) -> Response:
    told = {"done": None, "problem": "", "endings": ",".join(f".{ending}" for ending in ENDINGS)}
    return _page(request, desk, now, "press_import.html", status=status, **{**told, **values})


def _version(form: FormData) -> int:
    typed = str(form.get("version", ""))
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 9 else 0
