"""Files of a case: brought in beside the result, handed out as files and never as pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter
from fastapi import Depends
from fastapi import Header
from fastapi import Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console import payloads
from console import ranges
from console.fields import Key
from console.fields import Text
from console.result_form import bounded
from console.result_form import uploads
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from flow import case_files
from flow import permits

router = APIRouter()

KEPT = "private, max-age=3600"


async def files_form(request: Request, user: SignedIn, desk: TheDesk) -> AsyncIterator[FormData]:
    """The files of somebody who may add some."""
    permits.demand(user, "add_file")
    async for form in bounded(request, desk):
        yield form


@router.post("/cases/{case_id}/files")
def add(
    desk: TheDesk, now: Now, user: SignedIn, case_id: Key, form: Annotated[FormData, Depends(files_form)]
) -> Response:
    case_files.add(desk, user, case_id, uploads(form), now)
    return RedirectResponse(f"/cases/{case_id}#files", status_code=303)


@router.post("/cases/{case_id}/files/{file_id}/transcript")
def transcribe(
    desk: TheDesk, now: Now, user: SignedIn, case_id: Key, file_id: Key, said: Text = "", seen: Text = ""
) -> Response:
    """What is said in a recording, as somebody wrote it down."""
    case_files.transcribe(desk, user, case_id, file_id, said, seen, now)
    return RedirectResponse(f"/cases/{case_id}#file-{file_id}", status_code=303)


@router.get("/cases/{case_id}/files/{file_id}")
def original(
    desk: TheDesk,
    user: SignedIn,
    case_id: Key,
    file_id: Key,
    part: Annotated[str, Header(alias="Range")] = "",
) -> Response:
    """A file as it came, for people of the desk; a player asks for a part of it."""
    return _sent(desk, user, case_id, file_id, clean=False, part=part)


@router.get("/cases/{case_id}/files/{file_id}/clean")
def clean(desk: TheDesk, user: SignedIn, case_id: Key, file_id: Key) -> Response:
    """The copy without place, time and camera, which may go along with an answer."""
    return _sent(desk, user, case_id, file_id, clean=True)


def _sent(desk: TheDesk, user: SignedIn, case_id: int, file_id: int, clean: bool, part: str = "") -> Response:
    found, body = case_files.fetch(desk, user, case_id, file_id, clean)
    how = "inline" if found.kind == "picture" or case_files.recorded(found) else "attachment"
    name = f"{found.clean_sha256[:16]}{case_files.SUFFIX[found.media]}" if clean else found.name
    headers = {
        **payloads.LOCKED,
        "Content-Type": found.media,
        "Cache-Control": KEPT,
        "Content-Disposition": f"{how}; filename*=UTF-8''{quote(name)}",
    }
    return ranges.answer(body, part, headers)
