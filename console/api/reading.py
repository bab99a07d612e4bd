"""The description of the interface as a page for people: no script, nothing from elsewhere."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi import Request
from starlette.responses import Response

from console.api import problems
from console.api.examples import EXAMPLES
from console.view import page

router = APIRouter(include_in_schema=False)


@router.get("/docs")
def docs(request: Request) -> Response:
    return page(
        request,
        "api.html",
        api=request.app.openapi(),
        examples=EXAMPLES,
        statuses=problems.STATUSES,
        codes=problems.CODES,
        limits=request.app.state.desk.bureau.api,
    )
