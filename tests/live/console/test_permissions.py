"""Who may ask for what: every route, every role, one table; and which rows a handler may see."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import made_desk
import pytest
from fastapi.routing import APIRoute
from made_console import Console
from made_desk import MadeDesk
from starlette.routing import BaseRoute

from console.app import create_app

ROLES = ("press", "handler", "reviewer", "leader", "admin", "assessor")
EVERYBODY = frozenset(ROLES)


@dataclass(frozen=True)
class Entry:
    """A route as the matrix asks for it, and the roles that are let in."""

    ask: str
    allowed: frozenset[str]
    form: dict[str, str] | None = None
    found: int = 200  #: what a GET answers to those who are let in


def roles(*names: str) -> frozenset[str]:
    return frozenset(names)


SEERS = roles("press", "reviewer", "leader", "admin")
READERS = SEERS | {"assessor"}
TENDERS = roles("press", "admin")
SIGNERS = roles("press", "leader")
#: (method, route) -> how it is asked for and who may; `mine` is a case of the handler's unit.
#: A POST carries version 999: whoever is let in meets a conflict, so that the matrix changes nothing.
MATRIX = {
    ("GET", "/"): Entry("/", EVERYBODY),
    ("GET", "/calendar"): Entry("/calendar", SEERS),
    ("GET", "/calendar/new"): Entry("/calendar/new", roles("press")),
    ("POST", "/calendar/new"): Entry("/calendar/new", roles("press"), {"at": "没有这一天"}),
    ("GET", "/cases"): Entry("/cases", EVERYBODY),
    ("GET", "/cases/{case_id}"): Entry("/cases/{mine}", EVERYBODY),
    ("POST", "/cases/{case_id}/sign"): Entry("/cases/{unsigned}/sign", roles("handler", "press"), {}),
    ("POST", "/cases/{case_id}/return"): Entry(
        "/cases/{mine}/return", roles("handler"), {"reason": "不属本单位"}
    ),
    ("POST", "/cases/{case_id}/refuse"): Entry(
        "/cases/{undispatched}/refuse", roles("press", "leader"), {"reason": "不属环境问题"}
    ),
    ("POST", "/cases/{case_id}/dispatch"): Entry(
        "/cases/{undispatched}/dispatch", roles("press", "leader"), {"unit": "zhifa"}
    ),
    ("POST", "/cases/{case_id}/close"): Entry("/cases/{mine}/close", roles("press", "leader"), {}),
    ("POST", "/cases/{case_id}/result"): Entry("/cases/{mine}/result", roles("handler"), made_desk.FORM),
    ("POST", "/cases/{case_id}/stage"): Entry(
        "/cases/{mine}/stage", roles("press", "handler"), {"stage": "nothing"}
    ),
    ("POST", "/cases/{case_id}/by-hand"): Entry(
        "/cases/{mine}/by-hand", roles("press", "handler"), {"text": "太短"}
    ),
    ("POST", "/cases/{case_id}/send-to-unit"): Entry(
        "/cases/{replying}/send-to-unit", roles("press", "reviewer", "leader"), {"reason": "缺措施"}
    ),
    ("POST", "/cases/{case_id}/posts/{post_id}/apart"): Entry(
        "/cases/{mine}/posts/{pictured}/apart", roles("press", "leader"), {"reason": "说的是另一家"}
    ),
    ("POST", "/cases/{case_id}/join"): Entry(
        "/cases/{mine}/join", roles("press", "leader"), {"number": "HY2026-000001", "reason": "同一家"}
    ),
    ("POST", "/cases/{case_id}/unjoin"): Entry(
        "/cases/{mine}/unjoin", roles("press", "leader"), {"reason": "不是同一家"}
    ),
    ("GET", "/topics"): Entry("/topics", READERS),
    ("GET", "/suggestions"): Entry("/suggestions", roles("press", "leader")),
    ("POST", "/suggestions/{suggestion_id}"): Entry(
        "/suggestions/99", roles("press", "leader"), {"join": "1"}
    ),
    ("GET", "/posts"): Entry("/posts", SEERS),
    ("GET", "/posts/{post_id}"): Entry("/posts/{post}", SEERS),
    ("POST", "/posts/{post_id}/label"): Entry(
        "/posts/99999/label", roles("press", "reviewer"), {"type": "complaint"}
    ),
    ("POST", "/posts/{post_id}/judge"): Entry(
        "/posts/99999/judge", roles("press", "reviewer"), {"complaint": "1"}
    ),
    ("GET", "/samples"): Entry("/samples", SEERS),
    ("POST", "/samples/{sample_id}"): Entry("/samples/99999", roles("press", "reviewer"), {"type": "no"}),
    ("GET", "/outbox"): Entry("/outbox", SEERS),
    ("GET", "/outbox/{message_id}"): Entry("/outbox/{draft}", EVERYBODY - {"assessor"}),
    ("GET", "/outbox/{message_id}/pictures/{number}"): Entry(
        "/outbox/{draft}/pictures/1", EVERYBODY - {"assessor"}, found=404
    ),
    ("POST", "/outbox/{message_id}/discard"): Entry(
        "/outbox/{draft}/discard", roles("press", "handler"), {"reason": "不用了"}
    ),
    ("POST", "/outbox/{message_id}/accept"): Entry(
        "/outbox/{draft}/accept", roles("press", "leader"), {"note": "平台自动排版"}
    ),
    ("POST", "/outbox/{message_id}/edit"): Entry(
        "/outbox/{draft}/edit", roles("press", "handler"), {"text": "改"}
    ),
    ("POST", "/outbox/{message_id}/approve"): Entry(
        "/outbox/{draft}/approve",
        roles("press", "reviewer"),
        {},  # the first step; a leader takes the last
    ),
    ("POST", "/outbox/{message_id}/schedule"): Entry(
        "/outbox/{draft}/schedule", roles("press", "reviewer", "leader"), {"at": "2026-03-06T09:30"}
    ),
    ("POST", "/outbox/{message_id}/posted"): Entry(
        "/outbox/{unknown}/posted", roles("press", "leader"), {"url": "https://forum.example.org/1"}
    ),
    ("GET", "/publishing"): Entry("/publishing", SEERS),
    ("POST", "/publishing/live"): Entry("/publishing/live", roles("leader", "admin"), {}),
    ("POST", "/publishing/live/end"): Entry("/publishing/live/end", SEERS, {}),
    ("POST", "/publishing/freeze"): Entry(
        "/publishing/freeze", roles("press", "reviewer", "leader"), {"reason": " "}
    ),
    ("POST", "/publishing/thaw"): Entry("/publishing/thaw", roles("press", "leader"), {"reason": " "}),
    ("POST", "/publishing/rules"): Entry(
        "/publishing/rules",
        roles("press", "reviewer", "leader"),
        {"name": "告知", "stage": "x", "text": "编号{number}", "per_day": "1", "until": "2026-04-01"},
    ),
    ("POST", "/publishing/rules/{rule_id}/sign"): Entry(
        "/publishing/rules/99/sign", roles("reviewer", "leader"), {}
    ),
    ("POST", "/publishing/rules/{rule_id}/revoke"): Entry(
        "/publishing/rules/99/revoke", SEERS, {"reason": "不用了"}
    ),
    ("POST", "/outbox/{message_id}/send-back"): Entry(
        "/outbox/{draft}/send-back", roles("press", "reviewer", "leader"), {"reason": "措施不清"}
    ),
    ("POST", "/outbox/{message_id}/release"): Entry(
        "/outbox/{rehearsed}/release", roles("reviewer", "leader"), {}
    ),
    ("POST", "/outbox/{message_id}/settle"): Entry(
        "/outbox/{unknown}/settle", roles("press", "leader"), {"is_out": "0"}
    ),
    ("POST", "/outbox/{message_id}/correct"): Entry(
        "/outbox/{draft}/correct", roles("press"), {"wrong": "三天", "right": "五天", "reason": "写错"}
    ),
    ("POST", "/outbox/{message_id}/withdraw"): Entry(
        "/outbox/{draft}/withdraw", roles("press"), {"reason": "事实有误"}
    ),
    ("POST", "/outbox/{message_id}/drop"): Entry(
        "/outbox/{draft}/drop", roles("press"), {"reason": "不必更正"}
    ),
    ("GET", "/published"): Entry("/published", SEERS),
    ("POST", "/published/strays/{stray_id}"): Entry(
        "/published/strays/99999", roles("press", "leader"), {"note": "值班员手工发的"}
    ),
    ("POST", "/cases/{case_id}/take-over"): Entry("/cases/{mine}/take-over", roles("press", "leader"), {}),
    ("GET", "/statistics/publishing"): Entry("/statistics/publishing", READERS),
    ("GET", "/statistics/publishing/{year}.csv"): Entry("/statistics/publishing/2026.csv", READERS),
    ("GET", "/bulletins"): Entry("/bulletins", READERS),
    ("GET", "/bulletins/{bulletin_id}"): Entry("/bulletins/1", READERS),
    ("GET", "/bulletins/{bulletin_id}/paper.html"): Entry("/bulletins/1/paper.html", READERS),
    ("GET", "/bulletins/{bulletin_id}/paper.{form}"): Entry("/bulletins/1/paper.pdf", READERS),
    ("GET", "/bulletins/{bulletin_id}/verify"): Entry("/bulletins/1/verify", READERS),
    ("GET", "/bulletins/{bulletin_id}/sources"): Entry("/bulletins/1/sources?figure=cases_open", READERS),
    ("POST", "/bulletins/{bulletin_id}/sign"): Entry("/bulletins/99/sign", roles("press", "leader"), {}),
    ("POST", "/bulletins/{bulletin_id}/withdraw"): Entry(
        "/bulletins/99/withdraw", roles("press", "leader"), {"reason": "统计口径有误"}
    ),
    ("POST", "/bulletins/{bulletin_id}/correct"): Entry(
        "/bulletins/99/correct",
        roles("press", "leader"),
        {"figure": "cases_open", "value": "1", "why": "统计口径有误"},
    ),
    ("POST", "/bulletins/{bulletin_id}/anew"): Entry("/bulletins/99/anew", SIGNERS, {}),
    ("GET", "/bulletins/{bulletin_id}/copy.pdf"): Entry(
        "/bulletins/1/copy.pdf?number=1",
        SIGNERS,
        found=422,  # it is not classified
    ),
    ("GET", "/bulletins/waiting"): Entry("/bulletins/waiting", SIGNERS),
    ("GET", "/bulletins/brief"): Entry("/bulletins/brief", SIGNERS),
    ("GET", "/bulletins/special"): Entry("/bulletins/special", SIGNERS),
    ("GET", "/bulletins/draft"): Entry("/bulletins/draft?series=weekly", SIGNERS),
    ("GET", "/bulletins/draft/paper.html"): Entry("/bulletins/draft/paper.html?series=weekly", SIGNERS),
    ("GET", "/bulletins/draft/sources"): Entry(
        "/bulletins/draft/sources?series=weekly&figure=cases_open", SIGNERS
    ),
    ("POST", "/bulletins/draft/sign"): Entry(
        "/bulletins/draft/sign", SIGNERS, {"series": "nothing", "seen": "1"}
    ),
    ("POST", "/bulletins/draft/remark"): Entry(
        "/bulletins/draft/remark", SIGNERS, {"series": "nothing", "kind": "advice"}
    ),
    ("POST", "/bulletins/draft/propose"): Entry("/bulletins/draft/propose", SIGNERS, {"series": "nothing"}),
    ("POST", "/bulletins/searches"): Entry("/bulletins/searches", SIGNERS, {"name": "空的"}),
    ("POST", "/bulletins/deliveries/{delivery_id}/retry"): Entry(
        "/bulletins/deliveries/99/retry", SIGNERS, {}
    ),
    ("POST", "/bulletins/deliveries/{delivery_id}/settle"): Entry(
        "/bulletins/deliveries/99/settle", SIGNERS, {"arrived": "1"}
    ),
    ("GET", "/bulletins/statistics"): Entry("/bulletins/statistics", READERS),
    ("GET", "/bulletins/compare"): Entry("/bulletins/compare?left=1&right=2", READERS),
    ("GET", "/bulletins/open-data/{month}.{form}"): Entry("/bulletins/open-data/2026-02.csv", READERS),
    ("GET", "/import"): Entry("/import", roles("press")),
    ("POST", "/import"): Entry("/import", roles("press"), {}),
    ("GET", "/import/{token}"): Entry(f"/import/{'0' * 32}", roles("press")),
    ("POST", "/import/{token}"): Entry(f"/import/{'0' * 32}", roles("press"), {"act": "look"}),
    ("GET", "/accounts"): Entry("/accounts", SEERS),
    ("POST", "/accounts/{key}/lift"): Entry("/accounts/nobody/lift", TENDERS, {}),
    ("GET", "/sources"): Entry("/sources", READERS),
    ("GET", "/sources/{key}"): Entry("/sources/forum", READERS),
    ("POST", "/sources/{key}/pause"): Entry("/sources/forum/pause", TENDERS, {"reason": " "}),
    ("POST", "/sources/{key}/resume"): Entry("/sources/forum/resume", TENDERS, {}),
    ("POST", "/sources/{key}/visit"): Entry("/sources/hotline-12345/visit", TENDERS, {}),
    ("POST", "/sources/{key}/probes"): Entry(
        "/sources/forum/probes", TENDERS, {"url": "nonsense", "words": "一句原文"}
    ),
    ("POST", "/sources/{key}/probes/{probe_id}/retire"): Entry(
        "/sources/forum/probes/99999/retire", TENDERS, {}
    ),
    ("GET", "/rejects/{reject_id}"): Entry("/rejects/{reject}", READERS),
    ("GET", "/rejects/{reject_id}/payload.txt"): Entry("/rejects/{reject}/payload.txt", SEERS),
    ("POST", "/rejects/{reject_id}/replay"): Entry("/rejects/99999/replay", TENDERS, {}),
    ("GET", "/posts/{post_id}/raw"): Entry("/posts/{pictured}/raw", SEERS),
    ("GET", "/posts/{post_id}/raw.txt"): Entry("/posts/{pictured}/raw.txt", SEERS),
    ("GET", "/evidence/{sha256}"): Entry("/evidence/{picture}", EVERYBODY - {"assessor"}),
    ("POST", "/rejects/{reject_id}/resolve"): Entry("/rejects/99999/resolve", roles("press", "admin"), {}),
    ("GET", "/people"): Entry("/people", roles("admin")),
    ("POST", "/people"): Entry(
        "/people",
        roles("admin"),
        {"name": "1", "full_name": "某某", "role": "press", "password": "long-enough-1"},
    ),
    ("POST", "/people/{name}/active"): Entry("/people/nobody/active", roles("admin"), {"active": "0"}),
    ("POST", "/people/{name}/password"): Entry(
        "/people/nobody/password", roles("admin"), {"password": "long-enough-1"}
    ),
    ("GET", "/account"): Entry("/account", EVERYBODY),
    ("POST", "/account"): Entry("/account", EVERYBODY, {}),
    ("GET", "/audit"): Entry("/audit", roles("leader", "admin")),
    ("POST", "/kill-switch"): Entry("/kill-switch", SEERS, {"on": "0"}),
}
#: Open to whoever is not signed in.
OPEN = {("GET", "/login"), ("POST", "/login"), ("POST", "/logout"), ("GET", "/setup"), ("POST", "/setup")}


def ask(client: httpx.Client, method: str, entry: Entry, made: MadeDesk) -> httpx.Response:
    path = entry.ask.format_map(vars(made))
    return client.request(method, path, data=None if entry.form is None else {"version": "999", **entry.form})


def routes_of(routes: Iterable[BaseRoute]) -> Iterator[BaseRoute]:
    """Every route, also those of the routers that were included."""
    for route in routes:
        included = getattr(route, "original_router", None)
        yield from [route] if included is None else routes_of(included.routes)


def test_every_route_has_an_entry_in_the_matrix(reading_console: Console) -> None:
    routes = list(routes_of(create_app(reading_console.desk, reading_console.clock).routes))
    found = {
        (method, route.path) for route in routes if isinstance(route, APIRoute) for method in route.methods
    }
    assert found == MATRIX.keys() | OPEN
    assert {route.path for route in routes if not isinstance(route, APIRoute)} == {"/vendor", "/static"}


@pytest.mark.parametrize("role", ROLES)
def test_each_route_lets_in_exactly_the_roles_of_the_matrix(reading_console: Console, role: str) -> None:
    wrong = []
    with reading_console.sign_in(role) as client:
        for (method, route), entry in MATRIX.items():
            status = ask(client, method, entry, reading_console.made).status_code
            let_in = status in ({entry.found} if method == "GET" else {303, 404, 409, 422})
            if let_in is not (role in entry.allowed) or (not let_in and status != 403):
                wrong.append((method, route, status))
    assert not wrong


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
