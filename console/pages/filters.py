"""Filters of lists kept under a name: saved from the list as it stands, dropped by who saved them."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console.fields import Key
from console.fields import Text
from console.filters import PAGES
from console.filters import query_of
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from flow import filters

router = APIRouter()


@router.post("/filters")
def save(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    name: Text,
    page: Text,
    view: Text = "",
    unit: Text = "",
    text: Text = "",
    shared: Text = "",
) -> Response:
    filters.demand_page(user, page, PAGES)
    query = query_of(page, {"view": view, "unit": unit, "text": text})
    filters.save(desk, user, page, name, query, shared == "1", now)
    return RedirectResponse(f"/{page}?{query}", status_code=303)


@router.post("/filters/{filter_id}/remove")
def remove(desk: TheDesk, now: Now, user: SignedIn, filter_id: Key, page: Text = "") -> Response:
    filters.remove(desk, user, filter_id, now)
    return RedirectResponse(f"/{page}" if page in PAGES else "/", status_code=303)
