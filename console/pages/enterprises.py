"""一企一策, 重复投诉热点 and 举一反三: one enterprise's cases, where complaints come again, and the like of a case elsewhere."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi import Path
from fastapi import Request
from starlette.responses import Response

import cases.ledger
from console.fields import Key
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import elsewhere as others
from flow import enterprises
from flow import permits
from huanyu.kinds import label

router = APIRouter()
Name = Annotated[str, Path(min_length=1, max_length=100)]


@router.get("/enterprises")
def listing(request: Request, desk: TheDesk, user: SignedIn) -> Response:
    permits.demand(user, "see_enterprises")
    rows = [(row, desk.bureau.area_name(row.code[:6])) for row in desk.bureau.enterprises]
    return page(request, "enterprises.html", rows=rows)


@router.get("/enterprises/{name}")
def one(request: Request, desk: TheDesk, now: Now, user: SignedIn, name: Name) -> Response:
    found = enterprises.profile(desk, user, name, now)
    return page(
        request,
        "enterprise.html",
        found=found,
        days=desk.bureau.supervision.hotspot_days,
        labels=cases.ledger.LABEL,
        cards=cases.ledger.CARDS,
    )


@router.get("/hotspots")
def hotspots(request: Request, desk: TheDesk, now: Now, user: SignedIn) -> Response:
    found = enterprises.hotspots(desk, user, now)
    rules, areas = desk.bureau.supervision, desk.bureau.areas()
    return page(request, "hotspots.html", found=found, rules=rules, areas=areas, kind_label=label)


@router.get("/cases/{case_id}/alike")
def elsewhere(request: Request, desk: TheDesk, now: Now, user: SignedIn, case_id: Key) -> Response:
    case = desk.store.cases.get(case_id)
    found, without = others.elsewhere(desk, user, case, now)
    areas = desk.bureau.areas()
    return page(
        request,
        "elsewhere.html",
        case=case,
        found=found,
        without=[areas[one] for one in without],
        areas=areas,
        days=desk.bureau.supervision.hotspot_days,
    )
