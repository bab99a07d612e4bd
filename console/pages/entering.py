"""快速登记: one screen for a call, a letter, a clue of a chat group, a visit; what is typed is kept on the way."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode

import segno
from fastapi import APIRouter
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console.fields import Key
from console.pages import registering as whole
from console.pages.registering import WholeForm
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import field_time
from console.view import page
from flow import entering
from flow import permits
from flow import registering
from flow.desk import Desk
from flow.entering import Glance
from flow.entries import Entry
from flow.registering import Looked
from huanyu.clock import SHANGHAI
from huanyu.clock import local
from huanyu.entry_rows import EntryFormRow
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import IllegalMove
from huanyu.errors import NotFound
from huanyu.types import User

router = APIRouter()

NOT_KEPT = frozenset({"act", "seen"})  # of a form: of no use to whoever goes on with it


@router.get("/register/receipt/{post_id}")
def receipt(request: Request, desk: TheDesk, user: SignedIn, post_id: Key) -> Response:
    """Number and code, to be read out or printed."""
    found = entering.receipt(desk, user, post_id)
    settings = desk.config.settings
    address = f"{desk.config.public_url}/progress" if settings.public_port else ""
    drawn = ""
    if address:
        asked = urlencode({"number": found.report.number})
        code = segno.make(f"{address}?{asked}#{found.code}", error="m")
        drawn = code.svg_inline(scale=4, border=4, dark="#000", light="#fff", omitsize=True)
    sees = permits.may_see(user, found.case)
    return page(request, "register_receipt.html", found=found, address=address, drawn=drawn, sees=sees)


@router.post("/register/drafts/{token}/remove")
def forget(desk: TheDesk, now: Now, user: SignedIn, token: str) -> Response:
    """Throw one's own draft away."""
    permits.demand(user, "register")
    desk.store.drafts.remove(token, user.name, now)
    return RedirectResponse("/register", status_code=303)


@router.get("/register/{form}")
def ask(
    request: Request, desk: TheDesk, now: Now, user: SignedIn, form: str, draft: str = "", saved: str = ""
) -> Response:
    """An empty form, or one's own draft."""
    permits.demand(user, "register")
    row = entering.form_of(desk, form, now)
    typed = {"token": secrets.token_hex(16), "begun": field_time(now), "learned_at": field_time(now)}
    if draft:
        typed |= desk.store.drafts.get(draft, user.name).typed
    told = "已暂存，随时可以接着填" if saved else ""
    return shown(request, desk, user, now, row, typed, told=told)


@router.post("/register/{form}")
def act(request: Request, desk: TheDesk, now: Now, user: SignedIn, form: str, body: WholeForm) -> Response:
    """What the pressed button says; whatever it is, what was typed is kept first."""
    row = entering.form_of(desk, form, now)
    typed = {key: str(value) for key, value in body.multi_items() if isinstance(value, str)}
    chosen = typed.get("act", "look")
    if chosen.startswith("place:"):
        typed["area"], _, typed["place"] = chosen.removeprefix("place:").partition(" ")
    try:
        entry = entry_of(desk, row, typed, now)
        entry = entry if typed.get("proposed") else entering.proposed(entry, row)
        typed |= {"hide": entry.hide, "proposed": "1"}
        keep(desk, user, row, typed, now)
        if chosen == "save":
            told = urlencode({"draft": entry.token, "saved": 1})
            return RedirectResponse(f"/register/{row.key}?{told}", status_code=303)
        if chosen.startswith("place:"):
            return shown(request, desk, user, now, row, typed)
        entry = replace(entry, files=whole.uploads_of(body))
        return taken(request, desk, user, now, row, typed, entry, chosen)
    except (BadInput, Conflict, IllegalMove, NotFound) as problem:
        told = str(problem.args[0])
        return shown(request, desk, user, now, row, typed, problem=told, status=422)


@router.post("/register/{form}/near")
def near(request: Request, desk: TheDesk, now: Now, user: SignedIn, form: str, body: WholeForm) -> Response:
    """What is known of what is typed so far, as the piece of the page beside it; the draft is kept."""
    row = entering.form_of(desk, form, now)
    typed = {key: str(value) for key, value in body.multi_items() if isinstance(value, str)}
    token_of(typed)
    try:
        keep(desk, user, row, typed, now)
        told = f"{local(now):%H:%M:%S} 已暂存"
    except (BadInput, Conflict) as problem:
        told = str(problem.args[0])
    found = glance_of(desk, user, row, typed, now)
    return page(request, "register_near.html", glance=found, told=told, typed=typed, row=row)


def taken(
    request: Request,
    desk: Desk,
    user: User,
    now: datetime,
    row: EntryFormRow,
    typed: dict[str, str],
    entry: Entry,
    chosen: str,
) -> Response:
    """Looked at, or filed if this is what was looked at."""
    seen = whole.digest(entry)
    if chosen == "look" or typed.get("seen") != seen:
        looked = registering.look(desk, user, entry, now)
        return shown(request, desk, user, now, row, typed, looked=looked, seen=seen)
    into = chosen.removeprefix("into:") if chosen.startswith("into:") else ""
    found = entering.file(desk, user, entry, now, into)
    return RedirectResponse(f"/register/receipt/{found.post.id}", status_code=303)


def shown(
    request: Request,
    desk: Desk,
    user: User,
    now: datetime,
    row: EntryFormRow,
    typed: dict[str, str],
    looked: Looked | None = None,
    seen: str = "",
    told: str = "",
    problem: str = "",
    status: int = 200,
) -> Response:
    """The form with what is known of it."""
    return page(
        request,
        "register_quick.html",
        status=status,
        row=row,
        forms=entering.forms(desk, now),
        typed=typed,
        looked=looked,
        seen=seen,
        told=told,
        problem=problem,
        glance=glance_of(desk, user, row, typed, now),
        types=entering.types(desk, now),
        channels=entering.channels(desk, row, now),
        asked=[(key, whole.REPORTER[key]) for key in row.reporter],
        given=[whole.REPORTER[key] for key in row.reporter if typed.get(f"r_{key}", "").strip()],
        areas=desk.bureau.areas(),
        table=desk.bureau.quality,
        seconds=seconds_since(typed.get("begun", ""), now),
        drafts=[(one, entering.title(one)) for one in desk.store.drafts.of(user.name)],
        days=desk.bureau.entries.draft_days,
        cases={} if looked is None else desk.store.cases.numbers(one.matter.case_id for one in looked.near),
    )


def entry_of(desk: Desk, row: EntryFormRow, typed: dict[str, str], now: datetime) -> Entry:
    """The form as a value; raises BadInput."""
    entry = whole.entry_of(typed, (), ())
    if entry.type not in {one.key for one in entering.types(desk, now)}:
        raise BadInput("请选择事项类型")
    if entry.channel not in row.channels:
        raise BadInput("请选择来件渠道")
    return replace(entry, form=row.key, redact=row.redact)


def glance_of(desk: Desk, user: User, row: EntryFormRow, typed: dict[str, str], now: datetime) -> Glance:
    """The same of an unfinished form: only what tells where and what counts."""
    area = typed.get("area", "")
    usual = entering.channels(desk, row, now)
    entry = Entry(
        token="",
        type=typed.get("type") or entering.types(desk, now)[0].key,
        channel=typed.get("channel") or (usual[0].key if usual else ""),
        text=typed.get("text", ""),
        learned_at=now,
        place=typed.get("place", ""),
        area=area if area in desk.bureau.areas() else "",
        reporter={key: typed.get(f"r_{key}", "") for key in row.reporter},
        hide=typed.get("hide", ""),
        redact=row.redact,
        form=row.key,
    )
    try:
        return entering.glance(desk, user, entry, now)
    except (BadInput, StopIteration):
        return entering.NOTHING


def keep(desk: Desk, user: User, row: EntryFormRow, typed: dict[str, str], now: datetime) -> None:
    """The draft, once there is something in it."""
    token = token_of(typed)
    if any(typed.get(name, "").strip() for name in ("text", "place", "r_name", "r_phone")):
        told = {key: value for key, value in typed.items() if key not in NOT_KEPT}
        entering.save(desk, user, token, row.key, told, now)


def seconds_since(begun: str, now: datetime) -> int:
    """How long the call lasts by our own clock; 0 where nobody said when it began."""
    try:
        return max(0, int((now - datetime.fromisoformat(begun).replace(tzinfo=SHANGHAI)).total_seconds()))
    except ValueError:
        return 0


def token_of(typed: dict[str, str]) -> str:
    """The mark of the form; raises BadInput for one that is none."""
    token = typed.get("token", "")
    if not whole.TOKEN.fullmatch(token):
        raise BadInput("页面已过期，请重新打开登记页")
    return token
