"""The interface over real HTTP, on both databases: who may ask for what, what is refused how, what is shown of a case."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from itertools import product
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from console.api import examples
from console.api import problems
from console.api.app import create_api
from console.api.pace import Pace
from console.sessions import COOKIE
from console.sessions import digest
from flow import cycle
from flow import tokens
from tests.flow.office import NOW
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.flow.outside import OTHER
from tests.flow.outside import UNIT
from tests.flow.outside import System
from tests.flow.outside import install
from tests.flow.outside import issue
from tests.flow.outside import serving

MANUAL = (Path(__file__).resolve().parents[2] / "docs" / "manual.md").read_text(encoding="utf-8")
SCOPES = (tokens.ITEMS, tokens.ALARMS, tokens.CASES)
#: Every route that asks for a token -> the scope it asks for; `{mine}` is a case of UNIT, the station is UNIT's.
ROUTES = {
    ("POST", "/items"): tokens.ITEMS,
    ("POST", "/alarms"): tokens.ALARMS,
    ("GET", "/cases"): tokens.CASES,
    ("GET", "/cases/{public_id}"): tokens.CASES,
}
OPEN = {("GET", "/docs"), ("GET", "/openapi.json")}
#: What another unit's token of the right scope is told: a station and a case are their unit's, an item is anybody's.
ELSEWHERE = {"/items": 200, "/alarms": 403, "/cases": 200, "/cases/{public_id}": 404}
AT = datetime.fromisoformat(json.loads(examples.ALARM)["time"]) + timedelta(
    minutes=5
)  # when the examples are sent


class Clock:
    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Served:
    """A running console, and a system with every right for UNIT."""

    office: Office
    url: str
    clock: Clock
    system: System

    def other(self, name: str, **more: object) -> System:
        issued = issue(self.office.desk, self.clock.at, name, **more)
        return System(self.url, issued, self.clock, self.system.station)


@pytest.fixture
def served(store_url: str, tmp_path: Path) -> Iterator[Served]:
    with at_work(tmp_path, store_url) as office:
        clock = Clock(NOW)
        with serving(office.desk, clock) as url:
            system = System(url, issue(office.desk, NOW), clock, install(office.desk, NOW))
            yield Served(office, url, clock, system)


def alarm(**more: object) -> dict[str, object]:
    return {**json.loads(examples.ALARM), "time": NOW.isoformat(), **more}


def item(number: int) -> dict[str, object]:
    return {
        "number": f"WG-{number:04}",
        "text": f"许营镇赵庄西头第 {number} 户门前有人烧垃圾，黑烟呛人，联系人焦守田",
        "place": "许营镇赵庄",
        "fields": {"grid": "许营镇第一网格"},
        "reporter": {"name": "焦守田", "phone": f"1380635{number:04}"},
    }


def ask(system: System, method: str, route: str, public_id: str) -> httpx.Response:
    if route == "/alarms":
        return system.alarm(alarm())
    body = {"json": {"items": [item(1)]}} if route == "/items" else {}
    return system.ask(method, route.format(public_id=public_id), **body)


def test_every_route_stands_in_the_table(served: Served) -> None:
    api = create_api(served.office.desk, served.clock, Pace())
    found = {(method, route.path) for route in api.routes for method in route.methods - {"HEAD"}}
    assert found == ROUTES.keys() | OPEN
    assert {path for path, of in api.openapi()["paths"].items() for _ in of} == {path for _, path in ROUTES}


def test_each_scope_of_each_unit_is_let_in_exactly_there(served: Served) -> None:
    """Scope by route by unit."""
    first = served.system.hand_in(item(1)).json()["results"][0]
    case = served.office.desk.store.cases.by_public_id(first["public_id"])
    mine = give(served.office, case.number, UNIT)
    wrong = []
    for unit, scope in product((UNIT, OTHER), SCOPES):
        system = served.other(f"{unit} {scope}", unit=unit, scopes=(scope,))
        for (method, route), needed in ROUTES.items():
            answer = ask(system, method, route, mine)
            expected = 403 if scope != needed else 200 if unit == UNIT else ELSEWHERE[route]
            if answer.status_code != expected:
                wrong.append((unit, scope, route, answer.status_code, answer.text))
    assert wrong == []
    listed = served.other("只读", unit=OTHER, scopes=(tokens.CASES,)).ask("GET", "/cases").json()
    assert listed == {"cases": [], "after": ""}


def give(office: Office, number: str, unit: str) -> str:
    """Route everything, then hand the case to `unit` whatever the rules say; returns its public name."""
    cycle.turn(office.desk, NOW, ("open", "route"))
    with office.desk.store._database.write() as tx:
        tx.exec_driver_sql(f"UPDATE cases SET unit = '{unit}' WHERE number = '{number}'")
    return office.desk.store.cases.by_number(number).public_id


def test_without_a_good_token_nothing_opens_and_a_session_is_none(served: Served) -> None:
    admin = served.office.desk.store.people.user("admin")
    assert admin is not None
    expires = NOW + timedelta(hours=9)
    served.office.desk.store.people.start_session(admin[0].id, digest("s" * 43), expires, now=NOW)
    secret = served.system.issued.secret
    wrong = (
        None,
        "",
        secret,
        f"Basic {secret}",
        f"Bearer {secret}x",
        "Bearer hy_",
        f"Bearer {secret[:-1]}",
        "Bearer",
    )
    for (method, route), shown in product(ROUTES, wrong):
        headers = {"Cookie": f"{COOKIE}={'s' * 43}", "Content-Type": "application/json"}
        headers |= {} if shown is None else {"Authorization": shown}
        path = route.format(public_id="b" * 28)
        answer = httpx.request(method, f"{served.url}/api/v1{path}", headers=headers, timeout=120)
        assert (answer.status_code, answer.headers["content-type"]) == (401, problems.MEDIA)
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json()["code"] in {"token_missing", "token_invalid"}
        assert "set-cookie" not in answer.headers


def test_refusals_are_problems_with_a_code_that_is_explained(served: Served) -> None:
    system, most = served.system, served.office.desk.bureau.api
    signed = {"Content-Type": "application/json"}
    answers = [
        system.ask("POST", "/items", content=b"{", headers=signed),
        system.ask("POST", "/items", content=b'{"items": [NaN]}', headers=signed),
        system.ask("POST", "/items", content=b'{"items": ["\xff"]}', headers=signed),
        system.ask("POST", "/items", content=b"[" * 100_000, headers=signed),
        system.ask("POST", "/items", content=b"a=1"),
        system.ask("POST", "/items", json=[]),
        system.ask("POST", "/items", json={"items": []}),
        system.ask("POST", "/items", json={"items": [1], "more": 1}),
        system.ask("POST", "/items", json={"items": [{}] * (most.items + 1)}),
        system.ask("POST", "/items", json={"items": [{}], "channel": "inspection"}),
        system.ask("POST", "/items", content=b" " * (most.body_bytes + 1), headers=signed),
        system.ask("POST", "/items", content=iter([b" " * most.body_bytes, b" "]), headers=signed),
        system.ask("PUT", "/items"),
        system.ask("GET", "/nothing"),
        system.ask("GET", "/cases", params={"state": "lost"}),
        system.ask("GET", "/cases", params={"since": "gestern"}),
        system.ask("GET", "/cases", params={"after": "nobody"}),
        system.ask("GET", "/cases", params={"limit": 0}),
        system.ask("GET", "/cases?state=%00"),
        system.ask("GET", "/cases/1"),
        system.alarm(alarm(), **{"X-Huanyu-Signature": "sha256=" + "0" * 64}),
        system.alarm(alarm(), **{"X-Huanyu-Timestamp": "1"}),
        system.alarm(alarm(value="高")),
    ]
    told = [(one.status_code, one.json()["code"]) for one in answers]
    assert told == [
        *[(400, "json_invalid")] * 4,
        (415, "not_json"),
        *[(422, "batch_invalid")] * 4,
        (403, "channel_forbidden"),
        *[(413, "too_large")] * 2,
        (405, "method_not_allowed"),
        (404, "not_found"),
        *[(422, "invalid")] * 4,
        (400, "address_invalid"),
        (404, "not_found"),
        *[(401, "signature_wrong")] * 2,
        (422, "alarm_invalid"),
    ]
    assert {one.headers["content-type"] for one in answers} == {problems.MEDIA}
    assert {one.json()["code"] for one in answers} <= problems.CODES.keys()
    assert all(re.search("[\u4e00-\u9fff]", one.json()["detail"]) for one in answers)


def test_no_header_of_a_signature_breaks_it(served: Served) -> None:
    body = json.dumps(alarm()).encode()
    good = served.system.signed(body)
    strange = (
        "",
        "0",
        "-1",
        "9" * 20,
        "1e9",
        "\u0661",
        "sha256=",
        "sha256=" + "g" * 64,
        "SHA256=" + "0" * 64,
        "\xff" * 71,
    )
    for name, value in product(("X-Huanyu-Station", "X-Huanyu-Timestamp", "X-Huanyu-Signature"), strange):
        served.clock.at += timedelta(seconds=1)  # not too fast
        headers = {**good, name: value.encode()}
        answer = served.system.ask("POST", "/alarms", content=body, headers=headers)
        assert answer.status_code in {401, 422}, (name, value)
        assert answer.json()["code"] in {"signature_missing", "signature_wrong", "signature_stale", "invalid"}
    assert served.system.alarm(body).json()["result"] == "new"


def test_who_asks_too_fast_is_told_how_long_to_wait(served: Served) -> None:
    burst = served.office.desk.bureau.api.burst
    patient = served.other("有耐心的")
    answers = [served.system.ask("GET", "/cases") for _ in range(burst + 1)]
    assert [one.status_code for one in answers] == [200] * burst + [429]
    assert patient.ask("GET", "/cases").status_code == 200
    served.clock.at += timedelta(seconds=int(answers[-1].headers["retry-after"]))
    assert served.system.ask("GET", "/cases").status_code == 200


def test_a_hundred_items_are_read_back_page_by_page_without_who_reported(served: Served) -> None:
    answer = served.system.hand_in(*(item(number) for number in range(100)))
    assert (answer.status_code, answer.json()["taken"]) == (200, 100)
    cycle.turn(served.office.desk, NOW, ("open", "route"))
    with served.office.desk.store._database.write() as tx:
        tx.exec_driver_sql(f"UPDATE cases SET unit = '{UNIT}'")
    seen, after, pages = [], "", 0
    while not pages or after:
        page = served.system.ask("GET", "/cases", params={"limit": 40, "after": after}).json()
        seen, after, pages = seen + page["cases"], page["after"], pages + 1
    assert pages == 3
    assert [one["external_number"] for one in seen] == [f"WG-{number:04}" for number in range(100)]
    whole = served.system.ask("GET", f"/cases/{seen[0]['public_id']}")
    told = json.dumps(seen, ensure_ascii=False) + whole.text
    assert "焦守田" not in told
    assert "1380635" not in told
    later = {"since": (NOW + timedelta(minutes=1)).isoformat(), "state": ["assigned", "pending"]}
    assert served.system.ask("GET", "/cases", params=later).json()["cases"] == []
    served.system.hand_in({**item(7), "text": "许营镇赵庄西头又有人烧垃圾，这回是塑料"})
    served.clock.at += timedelta(minutes=5)
    served.system.hand_in({**item(8), "text": "许营镇赵庄西头烧垃圾的换了地方，挪到河边"})
    changed = served.system.ask("GET", "/cases", params={"since": later["since"]}).json()["cases"]
    assert [one["external_number"] for one in changed] == ["WG-0008"]


def test_what_the_manual_shows_is_what_is_answered(served: Served) -> None:
    for shown in (
        examples.ITEMS,
        examples.ALARM,
        examples.CURL_ITEMS,
        examples.CURL_ALARM,
        examples.CURL_CASES,
    ):
        assert shown in MANUAL
    served.clock.at = AT
    headers = {"Content-Type": "application/json"}
    answer = served.system.ask("POST", "/items", content=examples.ITEMS.encode(), headers=headers)
    assert (answer.status_code, answer.json()["bad"]) == (200, 0)
    shapes = re.findall(r"```json\n(.*?)```", MANUAL, flags=re.DOTALL)
    (shown,) = [found for text in shapes if "results" in (found := json.loads(text))]
    assert shown.keys() == answer.json().keys()
    assert {key for one in shown["results"] for key in one} == answer.json()["results"][0].keys()
    assert served.system.alarm(examples.ALARM.encode()).json()["result"] == "new"
    query = re.search(r"/cases\?(\S+)\"", examples.CURL_CASES)
    assert query is not None
    assert served.system.ask("GET", f"/cases?{query[1]}").status_code == 200
    assert quote("+") in query[1]


def test_the_description_is_a_page_that_needs_nothing_from_elsewhere(served: Served) -> None:
    page = httpx.get(f"{served.url}/api/v1/docs", timeout=120)
    assert page.status_code == 200
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", page.text)
    for name in (
        "/api/v1/items",
        "/api/v1/alarms",
        "X-Huanyu-Signature",
        "WG-20260305-0017",
        'id="token_invalid"',
    ):
        assert name in page.text
    anchors = set(re.findall(r'href="#([^"]+)"', page.text)) - {"main"}
    assert anchors <= set(re.findall(r'id="([^"]+)"', page.text))
    described = httpx.get(f"{served.url}/api/v1/openapi.json", timeout=120).json()
    assert "HTTPValidationError" not in described["components"]["schemas"]
