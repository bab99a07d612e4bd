"""Signs of life of open pages: each is answered with who else is there; a page that closes says so."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from fastapi import Request
from starlette.responses import JSONResponse
from starlette.responses import Response

from console import beside
from console.fields import Text
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from flow import presence
from huanyu.errors import BadInput

router = APIRouter()


@router.post("/presence")
def beat(
    request: Request,
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    page: Text,
    opened: Text,
    editing: Text = "",
) -> Response:
    presence.demand(desk, user, page)
    sign = presence.sign(user, page, moment(opened), now, editing=editing == "1")
    told = beside.others(request, desk, user, page, now)
    return beside.heard(request, JSONResponse({"others": told}), sign)


@router.post("/presence/leave")
def leave(request: Request, desk: TheDesk, now: Now, user: SignedIn, page: Text, opened: Text) -> Response:
    presence.demand(desk, user, page)
    sign = presence.sign(user, page, moment(opened), now, gone=True)
    return beside.heard(request, Response(status_code=204), sign)


def moment(text: str) -> datetime:
    """When the page was opened, as the page was told; raises BadInput."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise BadInput("页面打开的时间无法识别")
    return found
