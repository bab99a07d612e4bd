"""企业名录: a list of enterprises taken into the table from a file."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from console import uploads
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.uploads import TableForm
from console.view import page
from crawler.import_files import ENDINGS
from flow import enterprise_import
from flow import permits
from flow import tables
from flow.desk import Desk
from flow.enterprise_import import Taken
from huanyu.errors import BadInput
from huanyu.errors import Conflict

router = APIRouter()


@router.get("/tables/enterprises/import")
def importing(request: Request, desk: TheDesk, user: SignedIn) -> Response:
    permits.demand(user, "edit_rules")
    return _page(request, desk)


@router.post("/tables/enterprises/import")
def take_in(request: Request, desk: TheDesk, now: Now, user: SignedIn, form: TableForm) -> Response:
    permits.demand(user, "edit_rules")
    try:
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise BadInput("请选择文件")
        waiting = uploads.keep(desk, user, file.filename, file.file, enterprise_import.SOURCE, now)
        try:
            done = enterprise_import.take_in(desk, user, waiting.path, now)
        finally:
            uploads.drop(desk, user, waiting.token)
    except (BadInput, Conflict) as problem:
        status = 409 if isinstance(problem, Conflict) else 422
        return _page(request, desk, problem=str(problem.args[0]), status=status)
    return _page(request, desk, done=done)


def _page(
    request: Request, desk: Desk, done: Taken | None = None, problem: str = "", status: int = 200
) -> Response:
    return page(
        request,
        "enterprise_import.html",
        status=status,
        done=done,
        problem=problem,
        refused=tables.may_save(desk),
        endings=",".join(f".{ending}" for ending in ENDINGS),
    )
