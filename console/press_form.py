"""The forms of the press office: bounded before they are read, of somebody who keeps its records."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends
from fastapi import Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from console.sessions import SignedIn
from flow import permits
from publisher.activities import COLUMNS

COUNT = "n_"  # before the name of a count in the form
MOST = 200  # fields
LARGEST = 1 << 20  # bytes


async def plain_form(request: Request, user: SignedIn) -> AsyncIterator[FormData]:
    """The form; one that is too large is refused before it is read."""
    permits.demand(user, "keep_press")
    size = request.headers.get("content-length", "")
    if not size.isdecimal():
        raise HTTPException(411)
    if int(size) > LARGEST:
        raise HTTPException(413)
    async with request.form(max_files=0, max_fields=MOST) as form:
        yield form


PlainForm = Annotated[FormData, Depends(plain_form)]


def record(form: FormData) -> tuple[dict[str, str], dict[str, str]]:
    """A record of the log as typed, and its numbers by name."""
    told = {name: _typed(form, name) for name in COLUMNS}
    told["tags"] = "、".join([*(str(one) for one in form.getlist("tag")), told["tags"]]).strip("、")
    numbers = {name.removeprefix(COUNT): _typed(form, name) for name in form if name.startswith(COUNT)}
    return told, numbers


def _typed(form: FormData, name: str) -> str:
    return str(form.get(name, "")).replace("\x00", "")
