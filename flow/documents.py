"""Official papers: filled from the case, edited, signed by a leader, issued under a number, void or corrected by another.

A draft may be looked at in its final form; only the issue makes the bytes that are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from typing import Final

import bulletins.render_official_docx
import bulletins.render_official_pdf
import cases.clocks
from bulletins.official import OfficialSheet
from bulletins.official import Standing
from bulletins.official import outline_faults
from bulletins.official import sheet_of
from cases.paper_fields import About
from cases.paper_fields import filled
from flow import identities
from flow import permits
from flow import printing
from flow.checks import checked
from flow.desk import Desk
from flow.typed import reason_of
from flow.typed import tidy
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.errors import NotFound
from huanyu.form_rows import FieldRow
from huanyu.form_rows import FormRow
from huanyu.redact import spans
from huanyu.store.audit import SYSTEM
from huanyu.store.documents import NewDocument
from huanyu.types import Case
from huanyu.types import Document
from huanyu.types import Message
from huanyu.types import User

TRIES: Final = 20  # somebody else may take the number meanwhile: every loss is a paper of theirs
LABEL: Final = {"draft": "拟稿", "signed": "已签发，待印发", "issued": "已印发", "void": "已作废"}
FORMS: Final = {"pdf": bulletins.render_official_pdf.render, "docx": bulletins.render_official_docx.render}
LONGEST: Final = {"line": 200, "date": 200, "long": 5000}


@dataclass(frozen=True, slots=True)
class Proof:
    """A paper with its form, as a person looks at it."""

    document: Document
    form: FormRow
    case: Case
    problems: tuple[str, ...]  #: why it cannot be signed yet


def offered(desk: Desk, user: User, case: Case, now: datetime) -> list[FormRow]:
    """The forms this person may draft for the case."""
    if not permits.may_on(user, "draft_form", case):
        return []
    day = local(now).date()
    return [
        row
        for row in desk.bureau.forms
        if not row.made_elsewhere and _drafts(user, row) and row.valid_on(day)
    ]


def wanted(desk: Desk, user: User, case: Case, now: datetime) -> list[FormRow]:
    """The forms that something done to the case asks for and that nobody has drafted since."""
    asking = [row for row in offered(desk, user, case, now) if row.after]
    if not asking:
        return []
    events = desk.store.cases.history(case.id)
    asked = {
        row.key: max(
            (one.at for one in events if one.action == row.after and row.noted in one.note), default=None
        )
        for row in asking
    }
    made: dict[str, datetime] = {}
    for one in desk.store.documents.of_case(case.id):
        if one.state != "void":
            made[one.kind] = max(one.made_at, made.get(one.kind, one.made_at))
    return [
        row
        for row in asking
        if (since := asked[row.key]) is not None and (row.key not in made or made[row.key] < since)
    ]


def prefilled(
    desk: Desk, user: User, case_id: int, kind: str, now: datetime
) -> tuple[Case, FormRow, dict[str, str]]:
    """A form with what the case says; nothing is written yet."""
    case, form = _for_draft(desk, user, case_id, kind)
    return case, form, filled(form, _about(desk, case, now))


def correcting(
    desk: Desk, user: User, case_id: int, kind: str, about: int
) -> tuple[Case, FormRow, dict[str, str]]:
    """The form with the words of the paper to be put right; what is secret in it is typed anew."""
    case, form = _for_draft(desk, user, case_id, kind)
    fields = _corrected(desk, case, kind, about).fields
    return case, form, {row.key: "" if row.secret else fields.get(row.key, "") for row in form.fields}


def draft(
    desk: Desk,
    user: User,
    case_id: int,
    kind: str,
    typed: Mapping[str, str],
    now: datetime,
    about: int | None = None,
) -> Document:
    """拟稿: the paper waits for a signature. `about` is the paper it corrects."""
    case, form = _for_draft(desk, user, case_id, kind)
    if about is not None:
        _corrected(desk, case, kind, about)
    fields = _tidied(form, typed)
    new = NewDocument(kind=kind, title=_title(form, fields), fields=fields, unit=case.unit, about_id=about)
    return desk.store.documents.draft(case.id, new, user.name, now)


def edit(
    desk: Desk, user: User, document_id: int, seen: str, typed: Mapping[str, str], now: datetime
) -> Document:
    """Change a draft; what is signed changes no more."""
    found = proof(desk, user, document_id)
    if not _drafts(user, found.form):
        raise NotAllowed(f"{found.form.name}不由您的角色拟稿", user=user.name)
    permits.demand_on(user, "draft_form", found.case)
    _demand_state(found.document, "draft", "改动")
    _as_seen(found.document, seen)
    fields = _tidied(found.form, typed)
    return desk.store.documents.edit(found.document, _title(found.form, fields), fields, user.name, now)


def sign(desk: Desk, user: User, document_id: int, seen: str, now: datetime) -> Document:
    """签发: exactly what was read."""
    permits.demand(user, "sign_form")
    found = proof(desk, user, document_id)
    if not any(one.role in found.form.signers for one in (user, *user.stands_for)):
        raise NotAllowed(f"{found.form.name}不由您的角色签发", user=user.name)
    _demand_state(found.document, "draft", "签发")
    _as_seen(found.document, seen)
    if told := (*found.problems, *_named(desk, found, now)):
        raise BadInput("；".join(told))
    return desk.store.documents.sign(found.document, user.name, now)


def issue(desk: Desk, user: User, document_id: int, now: datetime) -> Document:
    """印发: the number is drawn, both files are made and kept in one transaction with it."""
    permits.demand(user, "issue_form")
    found = proof(desk, user, document_id)
    _demand_state(found.document, "signed", "印发")
    year = local(now).year
    for _ in range(TRIES):
        number = desk.store.documents.upcoming(found.form.key, year)
        serial = f"{found.form.mark}〔{year}〕{number}号"
        sheet = _sheet(desk, found, serial, now)
        files = {form: render(sheet, now) for form, render in FORMS.items()}
        try:
            return desk.store.documents.issue(found.document, serial, year, number, files, user.name, now)
        except Conflict:
            if desk.store.documents.upcoming(found.form.key, year) == number:
                raise  # not the number: the paper itself was changed
    raise Conflict("文号一直被别人用去, 请稍后再印发", document=document_id)


def void(desk: Desk, user: User, document_id: int, reason: str, now: datetime) -> Document:
    """作废 with a reason; a number stays used."""
    found = proof(desk, user, document_id)
    own = found.document.state == "draft" and permits.may_on(user, "draft_form", found.case)
    if not (own or permits.may(user, "issue_form") or permits.may(user, "sign_form")):
        raise NotAllowed("只有宣教科或局领导能作废已签发的公文", user=user.name)
    if found.document.state == "void":
        raise IllegalMove("这份公文已经作废", document=document_id)
    return desk.store.documents.void(found.document, reason_of(reason), user.name, now)


def proof(desk: Desk, user: User, document_id: int) -> Proof:
    """A paper this person may see; raises NotFound, NotAllowed."""
    found = desk.store.documents.get(document_id)
    if found.case_id is None:
        raise NotFound("没有这份公文", document=document_id)
    case = desk.store.cases.get(found.case_id)
    permits.demand_on(user, "print_redacted", case)
    form = form_of(desk, found.kind)
    return Proof(found, form, case, tuple(_problems(form, found.fields)))


def register(desk: Desk, user: User, kind: str, year: int) -> list[Document]:
    """发文登记: what was issued of a kind in a year, by number, void ones too."""
    permits.demand(user, "see_register")
    form_of(desk, kind)
    return desk.store.documents.of_kind(kind, year)


def form_of(desk: Desk, kind: str) -> FormRow:
    """Raises NotFound."""
    row = next((row for row in desk.bureau.forms if row.key == kind), None)
    if row is None:
        raise NotFound(f"forms.toml 中没有表单 {kind}")
    return row


def file(desk: Desk, user: User, document_id: int, form: str, redacted: bool) -> tuple[str, bytes]:
    """(name, bytes) of a paper: as issued in full, or with everything secret left out; a draft in its present words."""
    found = proof(desk, user, document_id)
    permits.demand_on(user, "print_redacted" if redacted else "print_full", found.case)
    if not redacted and is_secret(found):
        raise NotAllowed("全文含反映人信息，请写明理由后下载", document=document_id)
    return _file(desk, found, form, redacted)


def secret_file(
    desk: Desk, user: User, document_id: int, form: str, reason: str, now: datetime
) -> tuple[str, bytes]:
    """The whole of a paper that names a reporter: with a reason, on record before the bytes leave, and marked.

    It is a copy that says on every page whose it is; what was issued stays in the archive as it was.
    """
    found = proof(desk, user, document_id)
    permits.demand_on(user, "print_full", found.case)
    code, why = printing.code(), reason_of(tidy("理由", reason))
    desk.store.prints.add(found.case.id, "full", why, code, user.name, now, document_id)
    one = found.document
    mark = f"{user.full_name} {local(now):%Y-%m-%d %H:%M} {code}"
    sheet = replace(_sheet(desk, found, one.serial, one.issued_at), mark=mark)
    name = f"{one.serial or sheet.title}（{code}）.{form}"
    return name, FORMS[form](sheet, one.issued_at or one.signed_at or one.made_at)


def is_secret(found: Proof) -> bool:
    """Whether the paper says something that its redacted copy leaves out."""
    return any(
        row.secret and found.document.fields.get(row.key, "").strip("　 ") for row in found.form.fields
    )


def _file(desk: Desk, found: Proof, form: str, redacted: bool) -> tuple[str, bytes]:
    one = found.document
    if one.state == "issued" and not redacted:
        return f"{one.serial}.{form}", desk.store.documents.body(one.pdf if form == "pdf" else one.docx)
    sheet = _sheet(desk, found, one.serial, one.issued_at, redacted)
    name = f"{one.serial or sheet.title}{'（脱敏件）' if redacted else ''}.{form}"
    return name, FORMS[form](sheet, one.issued_at or one.signed_at or one.made_at)


def signer_of(desk: Desk, one: Document, form: FormRow) -> str:
    """Who signed, as the paper says it: somebody who stood in for the one whose right it is signs （代）."""
    signer = desk.store.people.user(one.signed_by) if one.signed_by else None
    if signer is None:
        return ""
    return signer[0].full_name if signer[0].role in form.signers else f"{signer[0].full_name}（代）"


def _sheet(
    desk: Desk, found: Proof, serial: str, issued: datetime | None, redacted: bool = False
) -> OfficialSheet:
    one = found.document
    standing = Standing(
        serial=serial,
        signer=signer_of(desk, one, found.form),
        signed_on=local(one.signed_at).date() if one.signed_at else None,
        issued_on=local(issued).date() if issued else None,
        void=one.state == "void",
    )
    names = _authors(desk, found.case) if redacted else ()
    return sheet_of(found.form, one.fields, desk.bureau.bureau.name, standing, redacted, names)


def _for_draft(desk: Desk, user: User, case_id: int, kind: str) -> tuple[Case, FormRow]:
    case = desk.store.cases.get(case_id)
    permits.demand_on(user, "draft_form", case)
    form = form_of(desk, kind)
    if form.made_elsewhere:
        raise NotFound(f"{form.name}在{form.made_elsewhere}时生成", case=case.number)
    if not _drafts(user, form):
        raise NotAllowed(f"{form.name}不由您的角色拟稿", user=user.name)
    return case, form


def _corrected(desk: Desk, case: Case, kind: str, about: int) -> Document:
    """The paper that another of its kind corrects; raises NotFound."""
    found = desk.store.documents.get(about)
    if (found.case_id, found.kind) != (case.id, kind):
        raise NotFound("被更正的公文不属于本件，或者不是这一种", document=about)
    return found


def _named(desk: Desk, found: Proof, now: datetime) -> list[str]:
    """Fields beyond the secret ones that name whoever reported; held against the sealed identities, on record."""
    if not desk.store.people.has_reporter(found.case.id):
        return []
    sealed = desk.store.people.read_reporter(found.case.id, actor=SYSTEM, reason="公文签发前核查", now=now)
    names = [fact.value for one in sealed for fact in identities.facts(one) if identities.is_name(fact)]
    return [
        f"“{row.label}”里有反映人的姓名"
        for row in found.form.fields
        if not row.secret
        and any(one.kind == "reporter_name" for one in spans(found.document.fields.get(row.key, ""), names))
    ]


def _authors(desk: Desk, case: Case) -> tuple[str, ...]:
    """Whoever wrote the posts of the case, every witness."""
    return tuple({post.author for post in desk.store.cases.posts(case.id) if post.author})


def _drafts(user: User, form: FormRow) -> bool:
    """The head of a unit drafts what its handlers draft."""
    roles = {"handler" if one.role == "head" else one.role for one in (user, *user.stands_for)}
    return bool(roles & set(form.drafters))


def _about(desk: Desk, case: Case, now: datetime) -> About:
    replies = desk.store.outbox.listing(purpose="reply", case_id=case.id)
    reply = replies[0] if replies else None
    return About(
        case=case,
        bureau=desk.bureau.bureau,
        unit=desk.bureau.unit(case.unit),
        now=now,
        units={row.key: row.name for row in desk.bureau.units},
        people={one.name: one.full_name for one in desk.store.people.users()},
        objection=cases.clocks.objection(case, desk.clocks(now.date()), desk.calendar, now),
        extension=desk.store.documents.latest_extension(case.id),
        returned=desk.store.documents.latest_return(case.id),
        reply=reply,
        votes=tuple(desk.store.approvals.votes(reply.id)) if reply else (),
        checked=_checked(desk, reply) if reply else "",
        history=tuple(desk.store.cases.history(case.id)),
    )


def _checked(desk: Desk, reply: Message) -> str:
    found = checked(desk, reply).all
    told = "；".join(dict.fromkeys(f"“{one.text}”{one.reason}" for one in found))
    return (
        f"发现 {len(found)} 处：{told}"[: LONGEST["line"]]
        if found
        else "敏感词、个人信息、法规引用检查未发现问题"
    )


def _tidied(form: FormRow, typed: Mapping[str, str]) -> dict[str, str]:
    """Every field of the form within bounds; what the form does not know is left out."""
    return {row.key: _value(row, typed.get(row.key, "")) for row in form.fields}


def _value(row: FieldRow, text: str) -> str:
    value = tidy(row.label, text.replace("\r\n", "\n"))
    value = value.strip("\n ") if row.kind == "long" else " ".join(value.split(" ")).strip(" ")
    if len(value) > LONGEST[row.kind]:
        raise BadInput(f"“{row.label}”过长，最多 {LONGEST[row.kind]} 字")
    if row.choices and value and value not in row.choices:
        raise BadInput(f"“{row.label}”只能选{'、'.join(row.choices)}")
    blank = (
        row.value if not row.value.strip("　") else ""
    )  # a box that is filled in by hand stays on the paper
    return value or blank


def _problems(form: FormRow, fields: Mapping[str, str]) -> list[str]:
    """Why nobody may sign it yet."""
    told = [
        f"“{row.label}”没有填写" for row in form.fields if row.need and not fields.get(row.key, "").strip()
    ]
    told += [
        f"“{row.label}”里有手机号码，公文只印办公电话"
        for row in form.fields
        if not row.secret and any(span.kind == "phone" for span in spans(fields.get(row.key, "")))
    ]
    return told + (outline_faults(fields.get(form.outline, "")) if form.outline else [])


def _title(form: FormRow, fields: Mapping[str, str]) -> str:
    return sheet_of(form, fields, "", Standing()).title


def _demand_state(one: Document, state: str, act: str) -> None:
    if one.state != state:
        raise IllegalMove(f"这份公文{LABEL[one.state]}，不能{act}", document=one.id)


def _as_seen(one: Document, seen: str) -> None:
    if one.digest != seen:
        raise Conflict("这份公文刚被他人改动过, 请刷新后再试", document=one.id)
