"""Files for a spreadsheet: the list of cases as it is filtered, or those ticked in it. Made by the flow, which logs them."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from starlette.responses import Response

from console.case_views import VIEWS
from console.fields import Ids
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from flow import exporting

router = APIRouter()


@router.get("/exports/cases.csv")
def cases(
    desk: TheDesk, now: Now, user: SignedIn, view: str = "open", unit: str = "", text: str = ""
) -> Response:
    states = VIEWS[view if view in VIEWS else "open"][1]
    made = exporting.case_list(desk, user, states, unit, text.strip()[:100], now)
    return _file(made, now)


@router.get("/exports/ticked.csv")
def ticked(desk: TheDesk, now: Now, user: SignedIn, item: Ids = ()) -> Response:
    return _file(exporting.ticked(desk, user, item, now), now)


def _file(made: bytes, now: datetime) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="cases-{now:%Y%m%d-%H%M}.csv"',
        "Cache-Control": "no-store",
    }
    return Response(made, media_type="text/csv; charset=utf-8", headers=headers)
