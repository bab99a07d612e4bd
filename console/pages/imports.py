"""Import: a file is chosen, its columns are looked at and put right, its rows become posts."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi import Request
from starlette.datastructures import FormData
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console import uploads
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.uploads import BoundedForm
from console.uploads import Waiting
from console.view import page
from crawler import imports
from crawler.import_columns import FIELDS
from crawler.import_columns import IDENTITY
from crawler.import_columns import Chosen
from crawler.import_columns import check
from crawler.import_columns import is_identity
from crawler.import_files import ENDINGS
from crawler.import_files import LARGEST
from flow import intake
from flow import permits
from flow.desk import Desk
from huanyu.bureau import SourceRow
from huanyu.errors import BadInput
from huanyu.errors import NotFound

router = APIRouter()


@router.get("/import")
def ask(request: Request, desk: TheDesk, user: SignedIn) -> Response:
    permits.demand(user, "import")
    return form_page(request, desk)


@router.post("/import")
def upload(request: Request, desk: TheDesk, now: Now, user: SignedIn, form: BoundedForm) -> Response:
    file = form.get("file")
    source = source_of(desk, str(form.get("source", "")))
    try:
        if not isinstance(file, UploadFile):
            raise BadInput("请先选择文件")
        waiting = uploads.keep(desk, user, file.filename or "", file.file, source.key, now)
        try:
            imports.columns(waiting.path)
        except BadInput:
            uploads.drop(desk, user, waiting.token)
            raise
    except BadInput as problem:
        return form_page(request, desk, str(problem.args[0]), source.key, status=422)
    return RedirectResponse(f"/import/{waiting.token}", status_code=303)


@router.get("/import/{token}")
def look(request: Request, desk: TheDesk, now: Now, user: SignedIn, token: str) -> Response:
    permits.demand(user, "import")
    try:
        waiting = uploads.find(desk, user, token)
    except NotFound as gone:  # the way back from the result leads here
        return form_page(request, desk, str(gone.args[0]))
    source = source_of(desk, waiting.source)
    chosen = intake.choices(desk, source) if waiting.chosen is None else waiting.chosen
    problem, found = "", None
    try:
        found = intake.preview(desk, waiting.path, source, chosen, now)
    except BadInput as told:
        problem = str(told.args[0])
    return page(
        request,
        "import_look.html",
        waiting=waiting,
        source=source,
        columns=found.columns if found else imports.columns(waiting.path, chosen),
        found=found,
        problem=problem,
        fields=FIELDS,
        sealed=is_identity,
        identity=IDENTITY,
    )


@router.post("/import/{token}")
def act(request: Request, desk: TheDesk, now: Now, user: SignedIn, token: str, form: BoundedForm) -> Response:
    """What the pressed button says: look again with these columns, import, or forget the file."""
    if form.get("act") == "drop":
        uploads.drop(desk, user, token)
        return RedirectResponse("/import", status_code=303)
    waiting = uploads.find(desk, user, token)
    chosen = choice(form)
    uploads.remember(Waiting(token, waiting.path, waiting.source, chosen))
    source = source_of(desk, waiting.source)
    if form.get("save"):
        intake.save_choices(desk, source, chosen, now, actor=user.name)
    if form.get("act") != "import":
        return RedirectResponse(f"/import/{token}", status_code=303)
    with uploads.claimed(desk, user, token) as mine:
        done = intake.hand_in(desk, user, mine.path, source, chosen, now)
    return page(request, "import_done.html", done=done, name=waiting.path.name, source=source)


def form_page(
    request: Request, desk: Desk, problem: str = "", chosen: str = "", status: int = 200
) -> Response:
    return page(
        request,
        "import.html",
        status=status,
        sources=[row for row in desk.bureau.sources if row.spider == "import"],
        endings=",".join(f".{ending}" for ending in ENDINGS),
        largest=LARGEST >> 20,
        problem=problem,
        chosen=chosen,
    )


def source_of(desk: Desk, key: str) -> SourceRow:
    """A source that files are imported for; raises NotFound."""
    row = desk.bureau.source(key)
    if row is None or row.spider != "import":
        raise NotFound("没有这个导入来源")
    return row


def choice(form: FormData) -> Chosen:
    """What each column is to be, as the form says; of columns that name reporters nobody is asked."""
    headings = [str(heading) for heading in form.getlist("heading")]
    uses = [str(use) for use in form.getlist("use")]
    if len(headings) != len(uses):
        raise BadInput("填写的内容不完整或格式不对")
    chosen = intake.headings_of(dict(zip(headings, uses, strict=True)))
    check(chosen, headings)
    return chosen
