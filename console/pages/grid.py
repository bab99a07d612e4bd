"""网格: the tree, level by level, with who is on duty and how many cases lie in each grid."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi import Query
from fastapi import Request
from starlette.responses import Response

import cases.grid
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import grid

router = APIRouter()
Code = Annotated[str, Query(max_length=60)]


@router.get("/grid")
def tree(request: Request, desk: TheDesk, now: Now, user: SignedIn, code: Code = "") -> Response:
    return page(
        request,
        "grid.html",
        found=grid.view(desk, user, code, now),
        names=cases.grid.LEVELS,
        days=grid.DAYS,
        units={row.key: row.short for row in desk.bureau.units},
    )
