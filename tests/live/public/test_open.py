"""What everybody may open: results, feeds, figures; with strict headers, and nothing of the console."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import made_public
import pytest
from made_public import NOW
from made_public import Public
from starlette.routing import Route

from console.app import create_app
from console.public.guards import POLICY
from huanyu.types import LedgerEntry
from huanyu.types import RawPost
from huanyu.types import SourceKind

PAGES = (
    "/",
    "/report",
    "/progress",
    "/index.html",
    "/statistics",
    "/notices",
    "/nowhere",
    "/r/unknown123.html",
)
FIRST_LOAD = 200_000  # bytes


def test_every_answer_has_the_headers_and_no_cookie(public: Public):
    with public.visitor() as client:
        answers = [client.get(path) for path in PAGES]
        answers += [client.post("/report", data={}), client.put("/report"), client.get("/%00")]
    for answer in answers:
        assert answer.headers["content-security-policy"] == POLICY, answer.url
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["cache-control"] == "no-store"
        assert "set-cookie" not in answer.headers
        assert "server" not in answer.headers or answer.headers["server"] == "uvicorn"


def test_a_head_is_that_of_the_page_without_its_body(public: Public):
    with public.visitor() as client:
        for path in (*PAGES, "/static/public.css", "/feed.xml"):
            asked, got = client.head(path), client.get(path)
            assert (asked.status_code, asked.content) == (got.status_code, b""), path
            assert asked.headers["content-type"] == got.headers["content-type"]
            assert asked.headers["cache-control"] == got.headers["cache-control"]


def test_no_route_of_the_console_answers_here(public: Public):
    ours = {"/", "/{name}"}
    console = {
        route.path
        for route in create_app(public.desk, public.clock).routes
        if isinstance(route, Route) and route.path not in ours
    }
    with public.visitor() as client:
        found = {
            path: client.get(re.sub(r"\{[^}]*\}", "1", path)).status_code for path in sorted(console) if path
        }
        also = [
            client.get(path).status_code
            for path in ("/api/v1/cases", "/login", "/vendor/x", "/cases/1", "/docs")
        ]
    assert {path for path, status in found.items() if status != 404} <= {"/statistics"}
    assert set(also) == {404}


def test_text_from_outside_is_never_markup(public: Public):
    evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    with public.visitor() as client:
        form = public.report(client, text="", place=evil, name=evil, phone=evil, kind=evil)
        asked = client.get("/progress", params={"number": evil})
        looked = client.post("/progress", data={"number": evil, "code": evil})
    for page in (form, asked, looked):
        assert "<script>alert" not in page.text
        assert "<img" not in page.text


def test_a_result_is_listed_opened_and_fed_but_what_the_channel_keeps_is_not(public: Public):
    with public.visitor() as client:
        assert "还没有公布" in client.get("/index.html").text
        number, _ = made_public.receipt_of(public.report(client).text)
        case = made_public.answered(public.desk, number, public.clock)
        listed, feed = client.get("/results", follow_redirects=True), client.get("/feed.xml")
        assert f"r/{case.public_id}.html" in listed.text
        assert case.public_id in feed.text
        assert feed.headers["content-type"].startswith("application/rss+xml")
        assert "夜间打桩属实" in client.get(f"/r/{case.public_id}.html").text
        for hidden in (
            f"/data/{case.public_id}.json",
            "/r/..%2fdata%2fx.html",
            "/r/../data/x.json",
            "/huanyu.db",
        ):
            assert client.get(hidden).status_code == 404


def test_a_finished_month_is_told_with_small_numbers_held_back(public: Public):
    public.desk.store.posts.add([old_post(index) for index in range(9)], now=NOW - timedelta(days=20))
    with public.visitor() as client:
        page = client.get("/statistics")
        assert page.status_code == 200
        assert "2026年2月" in page.text
        table, sheet = client.get("/open/2026-02.json"), client.get("/open/2026-02.csv")
        assert client.get("/open/2026-03.json").status_code == 404
        assert client.get("/open/1999-01.csv").status_code == 404
    told = json.loads(table.content)
    values = [one["value"] for group in told["groups"] for one in group["counts"]]
    assert all(value is None or value == 0 or value >= 3 for value in values)
    assert sheet.content.startswith(b"\xef\xbb\xbf")


def old_post(index: int) -> RawPost:
    return RawPost(
        source="forum",
        kind=SourceKind.FORUM,
        native_id=str(index),
        url="",
        text=f"东昌府区第 {index} 次闻到臭味",
        author="湖畔行人",
        posted_at=NOW - timedelta(days=20),
        fetched_at=NOW - timedelta(days=20),
    )


@pytest.mark.parametrize("path", ["/", "/report", "/progress", "/statistics"])
def test_a_first_load_is_light(public: Public, path: str):
    with public.visitor() as client:
        page = client.get(path)
        parts = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text))
        assert "/static/public.css" in parts
        whole = len(page.content) + sum(len(client.get(part).content) for part in parts)
    assert whole < FIRST_LOAD / 4
    assert (
        len((Path(made_public.__file__).parents[3] / "console/public/static/public.css").read_bytes())
        <= 15_000
    )


def test_a_notice_is_read_for_its_days_and_names_nobody(public: Public):
    desk, unit = public.desk, next(row.key for row in public.desk.bureau.units if row.kind == "section")
    store, now = desk.store.ledger, public.clock()
    entry = LedgerEntry(
        title="内部题目",
        origin="patrol",
        unit=unit,
        person="王某某科长",
        due=now.date(),
        goal="达标",
        measures="治理",
    )
    line = store.enter(entry, "sampled", "xuanjiao", now)
    told = "沟渠黑水问题已完成截污清淤，检测达标，现予公示。电话13800001234"
    days = {"notice_from": now.date(), "notice_to": now.date() + timedelta(days=7), "notice": told}
    store.change(line, "noticed", "公示", "juzhang", now, {"state": "noticed", **days})
    with public.visitor() as client:
        shown = client.get("/notices").text
        assert line.number in shown
        assert "截污清淤" in shown
        for inner in ("王某某", "内部题目", "13800001234"):
            assert inner not in shown
        public.clock.at += timedelta(days=8)
        assert line.number not in client.get("/notices").text
