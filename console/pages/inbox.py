"""收件箱: one decision on the screen with what is needed for it, then the next one; every act is a plain form."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi import Request
from starlette.responses import JSONResponse
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console import inbox_acts
from console import inbox_parts
from console.fields import Key
from console.fields import Number
from console.fields import Text
from console.fields import Texts
from console.inbox_acts import Given
from console.looks import one_look
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import inbox
from flow import teaching
from flow.desk import Desk
from flow.inbox import SORTS
from flow.inbox import Waiting
from huanyu.types import User

router = APIRouter()

BESIDE = 7  #: lines of the queue before and after the one on the screen


@router.get("/inbox")
@one_look
def look(
    request: Request, desk: TheDesk, now: Now, user: SignedIn, only: str = "", item: str = "", done: str = ""
) -> Response:
    only = only if only in SORTS else ""
    everything = inbox.queue(desk, user)
    waiting = [one for one in everything if only in ("", one.sort)]
    at = next((at for at, one in enumerate(waiting) if one.key == item), None)
    here = waiting[at or 0] if waiting else None
    sentence, sort, number = inbox_acts.told(done)
    return page(
        request,
        "inbox.html",
        here=here,
        **(inbox_parts.of(desk, user, here, now) if here else {}),
        place=at or 0,
        waiting=waiting,
        beside=window(waiting, at or 0),
        previous=waiting[at - 1] if at else None,
        following=waiting[(at or 0) + 1] if (at or 0) + 1 < len(waiting) else None,
        only=only,
        sorts=SORTS,
        counts=inbox.counts(everything),
        most=inbox.MOST,
        gone=bool(item) and at is None and not done,
        done=sentence,
        undo=number if sort == "unsure" and undoable(desk, user, done, number) else 0,
        case_done=case_of(sort, number),
    )


@router.get("/inbox/counts")
@one_look
def counts(desk: TheDesk, user: SignedIn) -> Response:
    """How much waits, for the figures on an open page."""
    return JSONResponse({"inbox": inbox.shown(len(inbox.queue(desk, user)))})


@router.post("/inbox/{sort}/{item}")
def act(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    sort: str,
    item: Key,
    act: Text,
    only: Text = "",
    version: Number = 0,
    value: Text = "",
    reason: Text = "",
    override: Text = "",
    account: Text = "",
    parent: Text = "",
    kinds: Texts = (),
) -> Response:
    """Carry it out, and on to the next one."""
    only = only if only in SORTS else ""
    key = f"{sort}-{item}"
    following = "" if act == "undo" else after(inbox.queue(desk, user, only), key)
    given = Given(
        act=act,
        version=version,
        value=value,
        reason=reason,
        override=override,
        account=account,
        parent=parent,
        kinds=kinds,
    )
    inbox_acts.do(desk, user, sort, item, given, now)
    asked = {"only": only, "item": key if act == "undo" else following, "done": f"{key}.{act}"}
    told = urlencode({name: value for name, value in asked.items() if value})
    return RedirectResponse(f"/inbox?{told}", status_code=303)


def after(waiting: Sequence[Waiting], key: str) -> str:
    """The one that follows; the one before where it is the last."""
    keys = [one.key for one in waiting]
    if key not in keys:
        return ""
    at = keys.index(key)
    return (keys[at + 1 : at + 2] or keys[max(0, at - 1) : at] or [""])[0]


def window(waiting: Sequence[Waiting], at: int) -> Sequence[Waiting]:
    """The part of the queue around the one on the screen."""
    first = max(0, min(at - BESIDE, len(waiting) - 2 * BESIDE - 1))
    return waiting[first : first + 2 * BESIDE + 1]


def undoable(desk: Desk, user: User, done: str, post_id: int) -> bool:
    return not done.endswith(".undo") and teaching.may_take_back(desk, user, post_id)


def case_of(sort: str, number: int) -> int:
    """The case that was just decided on, for what cannot be undone by one key."""
    return number if sort in {"dispatch", "level", "route", "sign", "result", "pause"} and number else 0
