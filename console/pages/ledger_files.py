"""Files of the ledger: its lists as a workbook, and the papers of a line as they were filed."""

from __future__ import annotations

from typing import Literal
from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from console import payloads
from console.fields import Key
from console.pages.ledger import TABS
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from flow import ledger
from flow import ledger_lists
from flow import ledger_papers
from huanyu.media import PAPERS
from huanyu.media import XLSX

router = APIRouter(prefix="/ledger")


@router.get("/files/lists.xlsx")
def lists(desk: TheDesk, now: Now, user: SignedIn, view: str = "open") -> Response:
    made = ledger_lists.lists(desk, user, TABS.get(view, TABS["open"])[1], now)
    headers = {
        "Content-Disposition": f'attachment; filename="ledger-{now:%Y%m%d-%H%M}.xlsx"',
        "Cache-Control": "no-store",
    }
    return Response(made, media_type=XLSX, headers=headers)


@router.get("/{line_id}/papers/{paper_id}.{form}")
def paper(
    desk: TheDesk, user: SignedIn, line_id: Key, paper_id: Key, form: Literal["pdf", "docx"]
) -> Response:
    line = ledger.seen(desk, user, line_id)
    name, body = ledger_papers.file(desk, line, paper_id, form)
    headers = {**payloads.LOCKED, "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(body, media_type=PAPERS[form], headers=headers)
