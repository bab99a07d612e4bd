"""Who may ask for what: every route, every role, one table (`matrix`); and which rows a handler may see."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import made_desk
import pytest
from fastapi.routing import APIRoute
from made_console import Console
from made_desk import MadeDesk
from matrix import merged
from matrix import pages
from matrix.entry import ROLES
from matrix.entry import Entry

from console.app import create_app
from console.sessions import COOKIE
from console.sessions import digest

MATRIX = merged()
#: Open to whoever is not signed in.
OPEN = {("GET", "/login"), ("POST", "/login"), ("POST", "/logout"), ("GET", "/setup"), ("POST", "/setup")}
#: Whoever has shown the password only, which the token of that step says.
OPEN |= {("GET", "/login/code"), ("POST", "/login/code")}
#: Whoever has the key of the screen on the wall sees counts.
OPEN |= {("GET", "/screen/by-key/{key}")}
#: Machines that watch the desk; what they read has no word about anybody: see test_health.
OPEN |= {("GET", "/healthz"), ("GET", "/healthz/live"), ("GET", "/metrics")}
#: Whoever holds a one-time link needs no log-in.
OPEN |= {("GET", "/l/{token}")} | {
    ("POST", f"/l/{{token}}/{act}") for act in ("sign", "send-back", "report", "opinion")
}
#: What a head may beyond a handler of the same unit: its roster, and work for squads.
HEAD_TOO = {("POST", "/roster"), ("POST", "/roster/{shift_id}/end"), ("POST", "/cases/{case_id}/hand-down")}
#: What a handler of another unit may with everybody's open cases while they have the bureau's duty.
ON_DUTY = {
    ("GET", "/field"),
    ("GET", "/field/worker.js"),
    ("GET", "/account"),
    ("POST", "/account"),
    ("POST", "/account/sessions/end"),
    ("POST", "/account/sessions/end-others"),
    ("POST", "/account/news"),
    ("POST", "/account/chat/code"),
    ("POST", "/account/chat/wants"),
    ("POST", "/account/chat/unbind"),
    ("GET", "/help"),
    ("GET", "/help/{key}"),
    ("GET", "/help/pictures/{name}"),
    ("POST", "/account/factor"),
    ("POST", "/account/factor/confirm"),
    ("POST", "/account/factor/codes"),
    ("POST", "/account/factor/off"),
    ("GET", "/cases/{case_id}/files/{file_id}"),
    ("GET", "/cases/{case_id}/files/{file_id}/clean"),
    ("POST", "/cases/{case_id}/accept"),
    ("POST", "/cases/{case_id}/dispatch"),
    ("POST", "/cases/{case_id}/assist"),
    ("POST", "/cases/{case_id}/end-assist"),
    ("GET", "/confirm"),
    ("POST", "/cases/{case_id}/reroute"),
    ("POST", "/cases/{case_id}/level"),
    ("POST", "/cases/{case_id}/redo"),
    ("POST", "/cases/{case_id}/recuse"),
    ("GET", "/cases"),
    ("GET", "/cases/{case_id}"),
    ("GET", "/deadlines"),
    ("GET", "/papers/{paper_id}"),
    ("GET", "/papers/{paper_id}/paper.{kind}"),
    ("GET", "/exports/cases.csv"),
    ("GET", "/exports/ticked.csv"),
    ("GET", "/several/cases"),
    ("POST", "/several/cases"),
    ("GET", "/hand-overs"),
    ("GET", "/regulations"),
    ("POST", "/cases/{case_id}/hand-overs/{assignment_id}/link"),
    ("GET", "/ledger"),
    ("GET", "/ledger/files/lists.xlsx"),
    ("POST", "/ledger/{line_id}/progress"),
    ("POST", "/ledger/{line_id}/check"),
    ("GET", "/rankings"),
    ("GET", "/rankings/look"),
    ("GET", "/incidents"),
    ("GET", "/incidents/{incident_id}"),
    ("GET", "/incidents/{incident_id}/reports/{report_id}.{form}"),
    ("POST", "/cases/{case_id}/incident"),
    ("POST", "/cases/{case_id}/incident/attach"),
    ("POST", "/incidents/{incident_id}/declare"),
    ("POST", "/incidents/{incident_id}/dismiss"),
    ("POST", "/incidents/{incident_id}/reports"),
    ("GET", "/register"),
    ("POST", "/register"),
    ("GET", "/register/{form}"),
    ("POST", "/register/{form}"),
    ("POST", "/register/{form}/near"),
    ("POST", "/register/drafts/{token}/remove"),
    ("GET", "/register/receipt/{post_id}"),
    ("GET", "/roster"),
    ("POST", "/absences"),
    ("POST", "/absences/{absence_id}/end"),
    ("GET", "/"),
    ("GET", "/inbox"),
    ("GET", "/inbox/counts"),
    ("GET", "/live"),
    ("POST", "/presence"),
    ("POST", "/presence/leave"),
    ("GET", "/search"),
    ("POST", "/filters"),
    ("POST", "/filters/{filter_id}/remove"),
}


def ask(client: httpx.Client, method: str, entry: Entry, made: MadeDesk) -> httpx.Response:
    path = entry.ask.format_map(vars(made))
    return client.request(method, path, data=None if entry.form is None else {"version": "999", **entry.form})


def test_every_route_has_an_entry_in_the_matrix(reading_console: Console) -> None:
    routes = create_app(reading_console.desk, reading_console.clock).routes
    found = {
        (method, route.path) for route in routes if isinstance(route, APIRoute) for method in route.methods
    }
    assert found == MATRIX.keys() | OPEN
    assert {route.path for route in routes if not isinstance(route, APIRoute)} == {
        *("/vendor", "/static"),
        "/api/v1",  # tokens instead of roles: see test_api
    }


def test_no_two_pages_speak_of_the_same_route() -> None:
    named = [key for lines in pages().values() for key in lines]
    assert sorted(named) == sorted(MATRIX)


@pytest.mark.parametrize("role", ROLES)
def test_each_route_lets_in_exactly_the_roles_of_the_matrix(reading_console: Console, role: str) -> None:
    wrong = []
    with reading_console.sign_in(role) as client:
        for (method, route), entry in MATRIX.items():
            answer = ask(client, method, entry, reading_console.made)
            status, sheet = answer.status_code, "text/csv" in answer.headers.get("content-type", "")
            assert answer.content.startswith(b"\xef\xbb\xbf") is sheet, f"{route}: a sheet of huanyu.cells"
            let_in = status in ({entry.found} if method == "GET" else {303, 404, 409, 422})
            if let_in is not (role in entry.allowed) or (not let_in and status != 403):
                wrong.append((method, route, status))
    assert not wrong


@pytest.mark.parametrize(
    ("role", "shift", "allowed"),
    [
        ("head", False, HEAD_TOO | {key for key, entry in MATRIX.items() if "handler" in entry.allowed}),
        ("handler", True, ON_DUTY),
    ],
)
def test_a_head_and_whoever_is_on_duty_are_let_in_exactly_there(
    console: Console, role: str, shift: bool, allowed: set[tuple[str, str]]
) -> None:
    desk, ours = console.desk, console.desk.store.cases.get(console.made.mine).unit
    section = next(row.key for row in desk.bureau.units if row.kind == "section" and row.key != ours)
    unit, now = section if shift else ours, made_desk.NOW
    person = desk.store.people.add_user("linban", "林斑", role, unit, "", now=now)
    token = made_desk.session_of(person.name)
    desk.store.people.start_session(person.id, digest(token), now + timedelta(hours=9), now=now)
    if shift:
        begun, ends = now - timedelta(hours=2), now + timedelta(hours=8)
        desk.store.rosters.add_shift(unit, person.id, begun, ends, "day", "guanli", now)
    with console.visitor() as client:
        client.cookies.set(COOKIE, token)
        answers = {key: ask(client, key[0], entry, console.made).status_code for key, entry in MATRIX.items()}
    assert {key for key, status in answers.items() if status != 403} == allowed
    assert max(answers.values()) < 500


def test_without_a_session_every_route_leads_to_the_log_in_page(reading_console: Console) -> None:
    with reading_console.visitor() as client:
        answers = {key: ask(client, key[0], entry, reading_console.made) for key, entry in MATRIX.items()}
    assert {key for key, answer in answers.items() if answer.status_code != 303} == set()
    assert all(answer.headers["location"].startswith("/login?next=/") for answer in answers.values())


@pytest.mark.parametrize(
    "path", ["/cases/{theirs}", "/cases/{undispatched}", "/outbox/{their_notice}", "/outbox", "/posts/{post}"]
)
def test_a_handler_cannot_open_what_belongs_to_another_unit(reading_console: Console, path: str) -> None:
    desk, made = reading_console.desk, reading_console.made
    notice = desk.store.outbox.listing(case_id=made.theirs)[0].id
    with reading_console.sign_in("handler") as client:
        answer = client.get(path.format(their_notice=notice, **vars(made)))
    assert answer.status_code == 403
    assert desk.store.cases.get(made.theirs).number not in answer.text


@pytest.mark.parametrize("query", ["", "?view=all", "?view=all&unit={unit}", "?view=all&text={number}"])
def test_a_handlers_list_holds_only_cases_of_the_own_unit(reading_console: Console, query: str) -> None:
    desk, made = reading_console.desk, reading_console.made
    theirs = desk.store.cases.get(made.theirs)
    own = {case.number for case in desk.store.cases.listing(unit=desk.store.cases.get(made.mine).unit)}
    with reading_console.sign_in("handler") as client:
        listed = client.get("/cases" + query.format(unit=theirs.unit, number=theirs.number)).text
        today = client.get("/").text
    assert set(re.findall(r"HY2026-\d{6}(?=</td>)", listed)) <= own
    assert set(re.findall(r"HY2026-\d{6}", today)) <= own


def test_a_handler_reads_the_complaint_without_the_persons_name(reading_console: Console) -> None:
    store = reading_console.desk.store
    unit = store.cases.get(reading_console.made.mine).unit
    case = next(case for case in store.cases.listing(unit=unit) if case.first_author)
    with reading_console.sign_in("handler") as handler, reading_console.sign_in("press") as press:
        assert case.first_author not in handler.get(f"/cases/{case.id}").text
        assert case.first_author in press.get(f"/cases/{case.id}").text


def test_the_assessor_reads_results_but_neither_internal_reports_nor_drafts(console: Console) -> None:
    desk, secret = console.desk, "仅供局内参考的话"
    case = desk.store.cases.get(console.made.mine)
    form = {"version": str(case.version), **made_desk.FORM, "internal_report": secret}
    with console.sign_in("handler") as handler:
        assert handler.post(f"/cases/{case.id}/result", data=form).status_code == 303
        assert secret in handler.get(f"/cases/{case.id}").text
    with console.sign_in("assessor") as assessor:
        told = assessor.get(f"/cases/{case.id}").text
    assert made_desk.FOUND in told
    assert secret not in told
    assert "/outbox/" not in told


@pytest.mark.parametrize("role", ["assessor", "handler"])
def test_who_reads_masked_texts_cannot_probe_them_by_searching(reading_console: Console, role: str) -> None:
    desk, made = reading_console.desk, reading_console.made
    case = desk.store.cases.get(made.mine)
    said = case.first_text[4:14]
    with reading_console.sign_in(role) as outsider, reading_console.sign_in("press") as press:
        assert case.number in press.get("/cases", params={"text": said}).text
        assert case.number not in outsider.get("/cases", params={"text": said}).text
        assert case.number in outsider.get("/cases", params={"text": case.number}).text


def test_who_may_not_manage_people_costs_no_hashing(reading_console: Console) -> None:
    form = {"name": "x1", "full_name": "某某", "role": "press", "password": "weak"}
    with reading_console.sign_in("press") as client:
        for path in ("/people", "/people/guanli/password"):
            assert client.post(path, data=form).status_code == 403, "a weak password would be told with 422"
