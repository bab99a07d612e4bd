"""Official papers of a case: choose a form, see it filled in, edit, sign, issue, download."""

from __future__ import annotations

from typing import Annotated
from typing import Literal
from urllib.parse import quote

from fastapi import APIRouter
from fastapi import Depends
from fastapi import Form
from fastapi import Query
from fastapi import Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console import payloads
from console.fields import LARGEST
from console.fields import Key
from console.fields import Text
from console.refusals import status_of
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import documents
from flow import permits
from flow.desk import Desk
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import HuanyuError
from huanyu.media import PAPERS
from huanyu.types import Case
from huanyu.types import User

router = APIRouter()

Kind = Annotated[Literal["pdf", "docx"], Form()]
FIELD = "f_"  # before the key of a field in the form
About = Annotated[int, Query(ge=0, le=LARGEST)]
Year = Annotated[int, Query(ge=0, le=9999)]


async def typed_form(request: Request, user: SignedIn) -> dict[str, str]:
    """The fields of a paper as typed."""
    permits.demand(user, "draft_form")
    form: FormData = await request.form(max_files=0, max_fields=100)
    return {name: str(value) for name, value in form.items()}


TypedForm = Annotated[dict[str, str], Depends(typed_form)]


def offer(desk: Desk, user: User, case: Case, now: Now) -> dict[str, object]:
    """What case_papers.html reads."""
    seen = permits.may_on(user, "print_redacted", case)
    return {
        "papers": desk.store.documents.of_case(case.id) if seen else [],
        "forms": documents.offered(desk, user, case, now) if seen else [],
        "wanted_forms": documents.wanted(desk, user, case, now) if seen else [],
        "form_names": {row.key: row.name for row in desk.bureau.forms},
        "paper_states": documents.LABEL,
    }


@router.get("/cases/{case_id}/papers/new")
def ask(
    request: Request, desk: TheDesk, now: Now, user: SignedIn, case_id: Key, kind: str, about: About = 0
) -> Response:
    case, form, told = (
        documents.correcting(desk, user, case_id, kind, about)
        if about
        else documents.prefilled(desk, user, case_id, kind, now)
    )
    return page(request, "paper_new.html", case=case, form=form, told=told, about=about, problem="")


@router.post("/cases/{case_id}/papers")
def make(
    request: Request, desk: TheDesk, now: Now, user: SignedIn, case_id: Key, typed: TypedForm
) -> Response:
    kind, about = typed.get("kind", ""), typed.get("about", "")
    told = _fields(typed)
    try:
        corrects = _number(about)
        made = documents.draft(desk, user, case_id, kind, told, now, corrects)
    except BadInput as problem:
        case, form, _ = documents.prefilled(desk, user, case_id, kind, now)
        shown = {"case": case, "form": form, "told": told, "about": about, "problem": str(problem.args[0])}
        return page(request, "paper_new.html", status=422, **shown)
    return RedirectResponse(f"/papers/{made.id}", status_code=303)


@router.get("/papers")
def register(
    request: Request,
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    kind: str = "",
    year: Year = 0,
) -> Response:
    """发文登记: every number of a kind in a year."""
    forms = desk.bureau.forms
    kind, year = kind or (forms[0].key if forms else ""), year or local(now).year
    found = documents.register(desk, user, kind, year)
    cases = desk.store.cases.of_ids({one.case_id for one in found if one.case_id})
    shown = {one.id for one in found if one.case_id and permits.may_see(user, cases[one.case_id])}
    return page(
        request,
        "paper_register.html",
        found=found,
        cases=cases,
        shown=shown,
        lines=desk.store.ledger.lines_of_papers(kind, year),
        forms=forms,
        kind=kind,
        year=year,
        this_year=local(now).year,
        states=documents.LABEL,
    )


@router.get("/papers/{paper_id}")
def one(request: Request, desk: TheDesk, user: SignedIn, paper_id: Key) -> Response:
    return _shown(request, desk, user, paper_id)


@router.post("/papers/{paper_id}")
def edit(
    request: Request, desk: TheDesk, now: Now, user: SignedIn, paper_id: Key, typed: TypedForm
) -> Response:
    try:
        documents.edit(desk, user, paper_id, typed.get("seen", ""), _fields(typed), now)
    except (BadInput, Conflict) as problem:
        return _shown(request, desk, user, paper_id, problem, _fields(typed))
    return RedirectResponse(f"/papers/{paper_id}", status_code=303)


@router.post("/papers/{paper_id}/sign")
def sign(
    request: Request, desk: TheDesk, now: Now, user: SignedIn, paper_id: Key, seen: Text = ""
) -> Response:
    try:
        documents.sign(desk, user, paper_id, seen, now)
    except BadInput as problem:
        return _shown(request, desk, user, paper_id, problem)
    return RedirectResponse(f"/papers/{paper_id}", status_code=303)


@router.post("/papers/{paper_id}/issue")
def issue(desk: TheDesk, now: Now, user: SignedIn, paper_id: Key) -> Response:
    documents.issue(desk, user, paper_id, now)
    return RedirectResponse(f"/papers/{paper_id}", status_code=303)


@router.post("/papers/{paper_id}/void")
def void(desk: TheDesk, now: Now, user: SignedIn, paper_id: Key, reason: Text = "") -> Response:
    documents.void(desk, user, paper_id, reason, now)
    return RedirectResponse(f"/papers/{paper_id}", status_code=303)


@router.get("/papers/{paper_id}/paper.{kind}")
def file(
    desk: TheDesk, user: SignedIn, paper_id: Key, kind: Literal["pdf", "docx"], full: bool = False
) -> Response:
    """The paper as a file: without what is secret, unless the whole is asked for and allowed."""
    return _sent(kind, *documents.file(desk, user, paper_id, kind, redacted=not full))


@router.post("/papers/{paper_id}/full")
def full_file(
    desk: TheDesk, now: Now, user: SignedIn, paper_id: Key, kind: Kind = "pdf", reason: Text = ""
) -> Response:
    """The whole of a paper that names a reporter, with a reason that is kept."""
    return _sent(kind, *documents.secret_file(desk, user, paper_id, kind, reason, now))


def _sent(kind: str, name: str, body: bytes) -> Response:
    headers = {
        **payloads.LOCKED,
        "Content-Type": PAPERS[kind],
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
    }
    return Response(body, headers=headers)


def _shown(
    request: Request,
    desk: Desk,
    user: User,
    paper_id: int,
    problem: HuanyuError | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    """The page of a paper; what was typed stays when it could not be kept."""
    found = documents.proof(desk, user, paper_id)
    case, one = found.case, found.document
    full = permits.may_on(user, "print_full", case)
    return page(
        request,
        "paper.html",
        status=status_of(problem) if problem else 200,
        problem=str(problem.args[0]) if problem else "",
        found=found,
        case=case,
        form=found.form,
        one=one,
        signer=documents.signer_of(desk, one, found.form),
        told=typed or one.fields,
        state=documents.LABEL[one.state],
        full=full,
        secret=documents.is_secret(found),
        edits=one.state == "draft" and found.form in documents.offered(desk, user, case, one.made_at),
        signs=one.state == "draft" and permits.may(user, "sign_form"),
        issues=one.state == "signed" and permits.may(user, "issue_form"),
        voids=one.state != "void" and (permits.may(user, "issue_form") or permits.may(user, "sign_form")),
    )


def _number(text: str) -> int | None:
    """The paper that is corrected, None where none is; raises BadInput for what is no number of a paper."""
    if text in {"", "0"}:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise BadInput("没有这份公文")
    return int(text)


def _fields(typed: dict[str, str]) -> dict[str, str]:
    return {name.removeprefix(FIELD): value for name, value in typed.items() if name.startswith(FIELD)}
