"""The routing rules: as they stand, and a new table looked at, compared on the last cases, then saved."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from fastapi import Request
from starlette.datastructures import FormData
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console.rules_form import RulesForm
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import permits
from flow import rules
from flow.desk import Desk
from huanyu.errors import BadInput

router = APIRouter()


@router.get("/rules")
def look(request: Request, desk: TheDesk, now: Now, user: SignedIn, saved: int = 0) -> Response:
    permits.demand(user, "see_rules")
    return page(
        request,
        "rules.html",
        rows=desk.routes(now.date()),
        problems=rules.problems(desk.bureau.model_copy(update={"routes": desk.rules.rows})),
        text=rules.current(desk),
        refused=rules.may_save(desk),
        areas=desk.bureau.area_name,
        saved=saved,
        tried=rules.TRIED,
    )


@router.get("/rules/routes.toml")
def download(desk: TheDesk, user: SignedIn) -> Response:
    """The file as it stands, to be edited elsewhere."""
    permits.demand(user, "see_rules")
    headers = {"content-disposition": f'attachment; filename="{rules.FILE}"'}
    return Response(rules.current(desk), media_type="application/toml; charset=utf-8", headers=headers)


@router.post("/rules")
def act(request: Request, desk: TheDesk, now: Now, user: SignedIn, form: RulesForm) -> Response:
    """What the pressed button says: compare, or save what was compared."""
    text = text_of(form)
    if form.get("act") != "save":
        return compared(request, desk, user, text, now)
    edited = rules.save(desk, user, text, str(form.get("seen", "")), now)
    return RedirectResponse(f"/rules?saved={len(edited)}", status_code=303)


def compared(request: Request, desk: Desk, user: SignedIn, text: str, now: datetime) -> Response:
    judged = rules.judge(desk, user, text, now)
    return page(
        request,
        "rules_look.html",
        status=422 if judged.mistakes else 200,
        judged=judged,
        text=text,
        seen=rules.mark(rules.current(desk)),
        refused=rules.may_save(desk),
        units={row.key: row for row in desk.bureau.units},
    )


def text_of(form: FormData) -> str:
    """The table as it was chosen or typed, with the ends of lines that files have."""
    file = form.get("file")
    if isinstance(file, UploadFile) and file.filename:
        try:
            return file.file.read().decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as problem:
            raise BadInput(f"{rules.FILE} 不是 UTF-8 编码，请另存为 UTF-8") from problem
    typed = str(form.get("text", "")).replace("\r\n", "\n")
    if not typed.strip():
        raise BadInput("请选择文件，或在框中填写规则表")
    return typed
