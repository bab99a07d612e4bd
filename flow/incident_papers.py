"""初报, 续报 and 处理结果报告 as papers: a series of its own for each, drawn and numbered as the report is filed.

What a report must say is decided by `incidents`; how it looks, by its row of forms.toml.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flow import filing
from flow.desk import Desk
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import NotFound
from huanyu.form_rows import FormRow
from huanyu.store.documents import Filed
from huanyu.types import Incident
from huanyu.types import User

#: lines of a report that the paper says in places of its own
ELSEWHERE = ("报告单位：", "联系电话：")


def leaders(desk: Desk) -> list[User]:
    """Who may have signed a report."""
    return [one for one in desk.store.people.users() if one.active and one.role == "leader"]


def report(
    desk: Desk,
    incident: Incident,
    kind: str,
    contents: Sequence[str],
    to_whom: str,
    text: str,
    signer: str,
    actor: str,
    now: datetime,
) -> int:
    """File the report with its paper in one write; without a form for it, the text alone. Raises Conflict."""
    signed_by = _signer(desk, signer)
    form = form_of(desk, kind, now)
    if form is None:
        return desk.store.incidents.report(incident, kind, to_whom, text, actor, now)
    fields = _fields(desk, incident, contents, to_whom, text)

    def write(filed: Filed) -> int:
        return desk.store.incidents.report(incident, kind, to_whom, text, actor, now, filed)

    return filing.numbered(desk, form, fields, signed_by, now, write)


def form_of(desk: Desk, kind: str, now: datetime) -> FormRow | None:
    """The form of a kind of report; None where forms.toml has none."""
    day = local(now).date()
    return next((row for row in desk.bureau.forms if row.report == kind and row.valid_on(day)), None)


def file(desk: Desk, incident: Incident, report_id: int, form: str) -> tuple[str, bytes]:
    """(name, bytes) of the paper of a report, as it was filed; raises NotFound."""
    reports = desk.store.incidents.reports(incident.id)
    found = next((one.document_id for one in reports if one.id == report_id), None)
    if found is None:
        raise NotFound("这份报告没有公文", report=report_id)
    paper = desk.store.documents.get(found)
    return f"{paper.serial}.{form}", desk.store.documents.body(paper.pdf if form == "pdf" else paper.docx)


def _fields(
    desk: Desk, incident: Incident, contents: Sequence[str], to_whom: str, text: str
) -> dict[str, str]:
    bureau = desk.bureau.bureau
    known = local(incident.known_at)
    return {
        "addressee": to_whom,
        "incident": incident.title,
        "number": incident.number,
        "level": incident.level,
        "known": f"{known.year}年{known.month}月{known.day}日{known:%H:%M}",
        "text": _told(text, contents),
        "contact": bureau.office,
        "telephone": bureau.phone,
    }


def _told(text: str, contents: Sequence[str]) -> str:
    """What was reported, content by content; head and foot of the text stand elsewhere on the paper."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    begins = (place for place, line in enumerate(lines) if line.startswith(tuple(contents)))
    kept = lines[next(begins, 0) :]
    return "\n".join(line for line in kept if not line.startswith(ELSEWHERE))


def _signer(desk: Desk, name: str) -> User | None:
    if not name.strip():
        return None
    found = next((one for one in leaders(desk) if one.name == name.strip()), None)
    if found is None:
        raise BadInput("签发人请从局领导中选择")
    return found
