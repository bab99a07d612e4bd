"""制度文件: the bureau's own measures, plans and notices, to be looked up by everybody who signs in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter
from fastapi import Query
from fastapi import Request
from starlette.responses import Response

from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from huanyu.rule_rows import RegulationRow
from huanyu.text import fold

router = APIRouter()
Words = Annotated[str, Query(max_length=100)]


@router.get("/regulations")
def listing(request: Request, desk: TheDesk, now: Now, _user: SignedIn, q: Words = "") -> Response:
    today = now.date()
    rows = sorted(found(desk.bureau.regulations, q), key=lambda row: (not row.valid_on(today), row.topic))
    return page(request, "regulations.html", rows=rows, today=today, q=q)


def found(rows: Iterable[RegulationRow], words: str) -> list[RegulationRow]:
    """The rows in which every word stands somewhere, however brackets and widths are written."""
    wanted = [fold(word) for word in words.split()]
    return [row for row in rows if all(word in fold(_text(row)) for word in wanted)]


def _text(row: RegulationRow) -> str:
    return " ".join((row.name, row.number, row.issuer, row.topic, row.gist, *row.published))
