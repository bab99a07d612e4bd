"""登记: a telephone call, a letter, a group clue becomes an item; looked at once before it is kept."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from fastapi import Depends
from fastapi import Request
from starlette.datastructures import FormData
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console import result_form
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import field_time
from console.view import page
from flow import case_files
from flow import entering
from flow import entries
from flow import permits
from flow import registering
from flow.desk import Desk
from flow.entries import Entry
from flow.registering import Looked
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import IllegalMove
from huanyu.errors import NotFound
from huanyu.kinds import KIND_LABEL

router = APIRouter()

TOKEN = re.compile(r"[0-9a-f]{32}")
#: What is asked of who reported, in this order; sealed with the item.
REPORTER = {"name": "姓名", "phone": "电话", "handle": "网名、群昵称", "address": "住址", "group": "群名"}


async def whole_form(request: Request, user: SignedIn, desk: TheDesk) -> AsyncIterator[FormData]:
    """The form of somebody who may register; one that is too large is refused before it is read."""
    permits.demand(user, "register")
    async for form in result_form.bounded(request, desk):
        yield form


WholeForm = Annotated[FormData, Depends(whole_form)]


@router.get("/register")
def ask(request: Request, desk: TheDesk, now: Now, user: SignedIn, type: str = "") -> Response:
    permits.demand(user, "register")
    empty = {"token": secrets.token_hex(16), "type": type, "learned_at": field_time(now)}
    return form_page(request, desk, now, empty)


@router.post("/register")
def act(request: Request, desk: TheDesk, now: Now, user: SignedIn, form: WholeForm) -> Response:
    """What the pressed button says: look at what it would become, keep it, or add it to a known case."""
    typed = {key: str(value) for key, value in form.multi_items() if isinstance(value, str)}
    kinds = tuple(str(kind) for kind in form.getlist("kinds") if kind)
    try:
        entry = entry_of(typed, kinds, uploads_of(form))
        chosen = str(form.get("act", "look"))
        if chosen == "look" or typed.get("seen") != digest(entry):
            looked = registering.look(desk, user, entry, now)
            return form_page(request, desk, now, typed, kinds, looked, seen=digest(entry))
        into = chosen.removeprefix("into:") if chosen.startswith("into:") else ""
        case = registering.register(desk, user, entry, now, into)
    except (BadInput, Conflict, IllegalMove, NotFound) as problem:
        return form_page(request, desk, now, typed, kinds, problem=str(problem.args[0]), status=422)
    where = f"/cases/{case.id}" if permits.may_see(user, case) else "/register"
    return RedirectResponse(where, status_code=303)


def form_page(
    request: Request,
    desk: Desk,
    now: datetime,
    typed: dict[str, str],
    kinds: tuple[str, ...] = (),
    looked: Looked | None = None,
    seen: str = "",
    problem: str = "",
    status: int = 200,
) -> Response:
    rows = entries.types(desk, now)
    chosen = next((row for row in rows if row.key == typed.get("type")), rows[0])
    channels = entries.channels(desk, now)
    fitting = [row for row in channels if row.type == chosen.key]
    return page(
        request,
        "register.html",
        status=status,
        typed=typed,
        kinds=kinds,
        looked=looked,
        seen=seen,
        problem=problem,
        types=rows,
        chosen=chosen,
        channels=[*fitting, *(row for row in channels if row.type != chosen.key)],
        asked=REPORTER,
        given=[label for key, label in REPORTER.items() if typed.get(f"r_{key}", "").strip()],
        all_kinds=KIND_LABEL,
        areas=desk.bureau.areas(),
        table=desk.bureau.quality,
        latest=field_time(now),
        forms=entering.forms(desk, now),
        cases={} if looked is None else desk.store.cases.numbers(one.matter.case_id for one in looked.near),
    )


def entry_of(typed: dict[str, str], kinds: tuple[str, ...], files: tuple[case_files.Upload, ...]) -> Entry:
    """The form as a value; raises BadInput for a time that is none."""
    token = typed.get("token", "")
    if not TOKEN.fullmatch(token):
        raise BadInput("页面已过期，请重新打开登记页")
    happened = typed.get("happened_at", "")
    return Entry(
        token=token,
        type=typed.get("type", ""),
        channel=typed.get("channel", ""),
        text=typed.get("text", ""),
        learned_at=moment("收到时间", typed.get("learned_at", "")),
        place=typed.get("place", ""),
        area=typed.get("area", ""),
        kinds=kinds,
        urgent="urgent" in typed,
        fast="fast" in typed,
        external_number=typed.get("external_number", ""),
        happened_at=moment("发生时间", happened) if happened else None,
        fields={key.removeprefix("x_"): value for key, value in typed.items() if key.startswith("x_")},
        reporter={key: typed.get(f"r_{key}", "") for key in REPORTER},
        hide=typed.get("hide", ""),
        files=files,
    )


def moment(what: str, text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    except ValueError as problem:
        raise BadInput(f"请填写{what}，例如 2026-03-05 10:30") from problem


def uploads_of(form: FormData) -> tuple[case_files.Upload, ...]:
    """The files that were chosen."""
    files = [one for one in form.getlist("files") if isinstance(one, UploadFile) and one.filename]
    return tuple(case_files.Upload(name=one.filename or "", body=one.file.read()) for one in files)


def digest(entry: Entry) -> str:
    """By what was looked at: what is changed afterwards is looked at again."""
    said = (entry.text, entry.place, entry.area, *entry.kinds, entry.channel, entry.external_number)
    hidden = (entry.hide, *(entry.reporter.get(key, "") for key in REPORTER))
    return hashlib.sha256("\x00".join((*said, *hidden)).encode()).hexdigest()[:32]
