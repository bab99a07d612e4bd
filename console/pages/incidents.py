"""突发环境事件: what goes on, what was decided, which report is due. Each POST calls one function of the flow."""

from __future__ import annotations

from typing import Literal
from urllib.parse import quote

from fastapi import APIRouter
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console import payloads
from console.case_incident import state
from console.fields import Key
from console.fields import Text
from console.fields import Version
from console.pages.cases import back
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import incident_papers
from flow import incidents
from flow import permits
from flow.desk import Desk
from huanyu.incident_rows import LEVELS
from huanyu.media import PAPERS
from huanyu.store.incidents import FIRST
from huanyu.store.incidents import FURTHER
from huanyu.store.incidents import LAST
from huanyu.types import Case
from huanyu.types import Incident
from huanyu.types import IncidentReport
from huanyu.types import User

router = APIRouter()


@router.get("/incidents")
def listing(request: Request, desk: TheDesk, user: SignedIn) -> Response:
    permits.demand(user, "see_incidents")
    found = [(one, cases, next_report(desk, one)) for one, cases in visible(desk, user)]
    return page(request, "incidents.html", found=found, state=state)


@router.get("/incidents/{incident_id}")
def one(request: Request, desk: TheDesk, now: Now, user: SignedIn, incident_id: Key) -> Response:
    incident = incidents.seen(desk, user, incident_id)
    kinds = () if incident.confirmed_at is None else (LAST,) if incident.closed_at else (FIRST, FURTHER)
    out = ((row.sent_at, row.id, row) for row in desk.store.incidents.reports(incident_id) if row.sent_at)
    sent = [row for _, _, row in sorted(out, key=lambda one: one[:2])]
    open_kinds = [kind for kind in kinds if kind == FURTHER or kind not in {row.kind for row in sent}]
    return page(
        request,
        "incident.html",
        incident=incident,
        state=state(incident),
        cases=[case for case in desk.store.incidents.cases(incident_id) if permits.may_see(user, case)],
        due=next_report(desk, incident),
        sent=sent,
        outlines={kind: incidents.outline(desk, incident, kind) for kind in open_kinds},
        to_whom=incidents.to_whom(desk, incident.level, now),
        levels=LEVELS,
        leaders=incident_papers.leaders(desk),
        serials={row.id: desk.store.documents.get(row.document_id).serial for row in sent if row.document_id},
    )


def visible(desk: Desk, user: User) -> list[tuple[Incident, list[Case]]]:
    """Incidents with those of their cases this person may see; without one, none but for the office."""
    found = [(one, desk.store.incidents.cases(one.id)) for one in desk.store.incidents.listing()]
    seen = [(one, [case for case in own if permits.may_see(user, case)], own) for one, own in found]
    handles = permits.may(user, "handle_incident")
    return [(one, mine) for one, mine, own in seen if mine or (handles and not own)]


def next_report(desk: Desk, incident: Incident) -> IncidentReport | None:
    """The report that is due next; nothing where the incident was dismissed."""
    if incident.closed_at and not incident.confirmed_at:
        return None
    return next((row for row in desk.store.incidents.reports(incident.id) if row.sent_at is None), None)


@router.post("/cases/{case_id}/incident")
def propose(
    desk: TheDesk, now: Now, user: SignedIn, case_id: Key, version: Version, reason: Text = ""
) -> Response:
    return to(incidents.propose(desk, user, case_id, version, reason, now))


@router.post("/cases/{case_id}/incident/attach")
def attach(
    desk: TheDesk, now: Now, user: SignedIn, case_id: Key, version: Version, incident: Version
) -> Response:
    incidents.attach(desk, user, case_id, version, incident, now)
    return back(case_id)


@router.post("/incidents/{incident_id}/declare")
def declare(
    desk: TheDesk, now: Now, user: SignedIn, incident_id: Key, level: Text, title: Text = ""
) -> Response:
    incidents.declare(desk, user, incident_id, level, title, now)
    return to(incident_id)


@router.post("/incidents/{incident_id}/dismiss")
def dismiss(desk: TheDesk, now: Now, user: SignedIn, incident_id: Key, reason: Text = "") -> Response:
    incidents.dismiss(desk, user, incident_id, reason, now)
    return to(incident_id)


@router.post("/incidents/{incident_id}/line")
def set_line(desk: TheDesk, now: Now, user: SignedIn, incident_id: Key, line: Text = "") -> Response:
    incidents.set_line(desk, user, incident_id, line, now)
    return to(incident_id)


@router.post("/incidents/{incident_id}/reports")
def report(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    incident_id: Key,
    kind: Text,
    whom: Text = "",
    text: Text = "",
    signer: Text = "",
) -> Response:
    incidents.report(desk, user, incident_id, kind, whom, text, now, signer)
    return to(incident_id)


@router.get("/incidents/{incident_id}/reports/{report_id}.{form}")
def paper(
    desk: TheDesk, user: SignedIn, incident_id: Key, report_id: Key, form: Literal["pdf", "docx"]
) -> Response:
    name, body = incidents.paper(desk, user, incident_id, report_id, form)
    headers = {**payloads.LOCKED, "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(body, media_type=PAPERS[form], headers=headers)


@router.post("/incidents/{incident_id}/close")
def close(desk: TheDesk, now: Now, user: SignedIn, incident_id: Key, reason: Text = "") -> Response:
    incidents.close(desk, user, incident_id, reason, now)
    return to(incident_id)


def to(incident_id: int) -> Response:
    return RedirectResponse(f"/incidents/{incident_id}", status_code=303)
