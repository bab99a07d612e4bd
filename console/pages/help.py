"""帮助: the users' manual, opened at the day of the reader's own role."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi import Depends
from fastapi import Request
from starlette.responses import FileResponse
from starlette.responses import Response

from console import handbook
from console.sessions import SignedIn
from console.sessions import signed_in
from console.view import page

router = APIRouter(dependencies=[Depends(signed_in)])

#: Whose day a role without one of its own reads.
LIKE = {"head": "handler"}


@router.get("/help")
def own(request: Request, user: SignedIn) -> Response:
    key = LIKE.get(user.role, user.role)
    return one(request, key if key in handbook.CHAPTERS else "manual")


@router.get("/help/{key}")
def one(request: Request, key: str) -> Response:
    told = handbook.chapter(key)
    return page(request, "help.html", chapters=handbook.CHAPTERS, here=key, told=told)


@router.get("/help/pictures/{name}")
def picture(name: str) -> Response:
    return FileResponse(handbook.picture(name), media_type="image/png")
