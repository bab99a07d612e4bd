"""The form of a table or of one of its rows: bounded before it is read, of somebody who may edit rules."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends
from fastapi import Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from console.sessions import SignedIn
from flow import permits
from flow.rules import LONGEST

LARGEST = 4 * LONGEST  # bytes: of a character in UTF-8
AROUND = 1 << 16
MOST = 400  # fields: every box of a row may be ticked
ENCODED = 3  # a browser writes each byte of a Chinese text in a plain form as three characters


async def bounded(request: Request, user: SignedIn) -> AsyncIterator[FormData]:
    """The form; one that is too large is refused before it is read."""
    permits.demand(user, "edit_rules")
    size = request.headers.get("content-length", "")
    if not size.isdecimal():
        raise HTTPException(411)
    if int(size) > LARGEST * ENCODED + AROUND:
        raise HTTPException(413)
    async with request.form(max_files=1, max_fields=MOST, max_part_size=LARGEST) as form:
        yield form


RulesForm = Annotated[FormData, Depends(bounded)]
