"""The console over plain HTTP: what is refused and how it is told, and what every answer carries."""

from __future__ import annotations

import re
from datetime import timedelta

import made_desk
import pytest
from made_console import NAMES
from made_console import Console
from made_desk import FORM as RESULT


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example.org"},
        {"Origin": "null"},
        {},
    ],
)
def test_a_write_from_another_site_is_refused(console: Console, headers: dict[str, str]) -> None:
    with console.sign_in("press") as client:
        del client.headers["Origin"]
        answer = client.post("/kill-switch", data={"on": "1"}, headers=headers)
    assert answer.status_code == 403
    assert console.desk.store.settings.get("kill_switch") is None


PAGES = (
    "/login",
    "/setup",
    "/",
    "/cases",
    "/posts",
    "/outbox",
    "/bulletins",
    "/sources",
    "/nowhere",
    "/static/desk.css",
)


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_carries_a_strict_policy(reading_console: Console, path: str) -> None:
    with reading_console.sign_in("press") as client:
        answer = client.get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert ("no-store" in answer.headers.get("cache-control", "")) is not path.startswith("/static")


def test_pages_hold_no_inline_script_or_style(reading_console: Console) -> None:
    made = reading_console.made
    paths = [
        "/",
        "/cases",
        f"/cases/{made.mine}",
        "/posts",
        f"/posts/{made.post}",
        "/outbox",
        f"/outbox/{made.draft}",
    ]
    with reading_console.sign_in("press") as client:
        for path in [*paths, "/bulletins", "/bulletins/1", "/sources", "/suggestions"]:
            text = client.get(path).text
            assert not re.findall(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:", text), (
                path
            )


def test_every_asset_a_page_names_exists(reading_console: Console) -> None:
    with reading_console.sign_in("press") as client:
        named = set(re.findall(r'(?:href|src)="(/(?:vendor|static)/[^"]+)"', client.get("/").text))
        sheets = [client.get(path) for path in sorted(named)]
        fonts = (
            client.get("/vendor/webfonts/fa-solid-900.woff2"),
            client.get("/vendor/webfonts/fa-regular-400.woff2"),
        )
    assert {"/vendor/css/vendor/tabler.min.css", "/vendor/css/vendor/fontawesome.min.css"} <= named
    assert [answer.status_code for answer in (*sheets, *fonts)] == [200] * (len(named) + 2)


def test_every_icon_a_page_uses_is_in_the_icon_font(reading_console: Console) -> None:
    made = reading_console.made
    with reading_console.sign_in("leader") as client:
        sheet = client.get("/vendor/css/vendor/fontawesome.min.css").text
        pages = [
            "/",
            "/cases",
            f"/cases/{made.mine}",
            f"/outbox/{made.draft}",
            "/bulletins/1",
            "/audit",
            "/outbox?view=doubt",
        ]
        used = {
            icon
            for path in pages
            for icon in re.findall(r"fa-(?!solid|regular)[a-z-]+", client.get(path).text)
        }
    assert used
    assert {icon for icon in used if not re.search(rf"\.{icon}[,{{]", sheet)} == set()


def test_a_session_is_over_after_logging_out(console: Console) -> None:
    with console.sign_in("press") as client, console.visitor() as thief:
        thief.cookies.update(client.cookies)
        assert client.get("/").status_code == 200
        assert thief.get("/").status_code == 200
        client.post("/logout")
        assert thief.get("/").status_code == 303


def test_a_session_is_over_after_twelve_hours(console: Console) -> None:
    with console.sign_in("press") as client:
        console.clock.at += timedelta(hours=12)
        assert client.get("/").headers["location"] == "/login?next=/"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(reading_console: Console) -> None:
    with reading_console.visitor() as client:
        answer = client.post("/login", data={"name": NAMES["press"], "password": made_desk.PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example.org", "//evil.example.org", "/\\evil.example.org", "", "x"]
)
def test_logging_in_never_leads_off_the_console(reading_console: Console, elsewhere: str) -> None:
    form = {"name": NAMES["press"], "password": made_desk.PASSWORD, "next": elsewhere}
    with reading_console.visitor() as client:
        assert client.post("/login", data=form).headers["location"] == "/"


def test_after_five_wrong_passwords_a_name_rests(console: Console) -> None:
    wrong = {"name": NAMES["press"], "password": "wrong"}
    right = {"name": NAMES["press"], "password": made_desk.PASSWORD}
    with console.visitor() as client:
        assert [client.post("/login", data=wrong).status_code for _ in range(6)] == [401] * 5 + [429]
        assert client.post("/login", data=right).status_code == 429
        assert client.post("/login", data=right | {"name": NAMES["admin"]}).status_code == 303
        console.clock.at += timedelta(minutes=15)
        assert client.post("/login", data=right).status_code == 303


def test_two_people_on_one_case_meet_a_conflict_and_nothing_is_overwritten(console: Console) -> None:
    case = console.desk.store.cases.get(console.made.mine)
    form = {"version": str(case.version), **RESULT}
    with console.sign_in("handler") as first, console.sign_in("handler") as second:
        assert first.post(f"/cases/{case.id}/result", data=form).status_code == 303
        answer = second.post(
            f"/cases/{case.id}/result", data=form | {"found": "另一个人查到的完全不同的情况"}
        )
    kept = console.desk.store.cases.get(case.id)
    assert answer.status_code == 409
    assert "没有被覆盖" in answer.text
    assert "另一个人查到的完全不同的情况" in answer.text, "what was typed must come back"
    assert f'href="/cases/{case.id}"' in answer.text
    assert kept.result is not None
    assert kept.result.found == RESULT["found"]


def test_two_people_on_one_draft_meet_a_conflict(console: Console) -> None:
    message = console.desk.store.outbox.get(console.made.draft)
    with console.sign_in("press") as press, console.sign_in("reviewer") as reviewer:
        edit = {"version": str(message.version), "text": message.text + "特此说明。"}
        assert press.post(f"/outbox/{message.id}/edit", data=edit).status_code == 303
        answer = reviewer.post(f"/outbox/{message.id}/approve", data={"version": str(message.version)})
    assert answer.status_code == 409
    assert console.desk.store.outbox.get(message.id).approved_version is None


@pytest.mark.parametrize(
    ("form", "told"),
    [
        (RESULT | {"found": "没问题"}, "查明情况过短"),
        (RESULT | {"finding": "好像是"}, "请选择是否属实"),
        (RESULT | {"visited_at": "昨天"}, "现场检查时间"),
        (RESULT | {"visited_at": "2027-03-05T10:00"}, "晚于现在"),
        ({"finding": "属实"}, "不完整"),
    ],
)
def test_a_wrong_form_is_told_in_chinese(reading_console: Console, form: dict[str, str], told: str) -> None:
    case = reading_console.desk.store.cases.get(reading_console.made.mine)
    with reading_console.sign_in("handler") as client:
        answer = client.post(f"/cases/{case.id}/result", data={"version": str(case.version), **form})
    assert answer.status_code == 422
    assert told in answer.text
    assert reading_console.desk.store.cases.get(case.id).result is None


@pytest.mark.parametrize(
    "path",
    ["/cases/abc", "/cases/0", "/cases/99999999999999999999", "/posts/987654", "/outbox/987654", "/bulletins/987654",
     "/bulletins/1/paper.exe", "/nowhere"],
)  # fmt: skip
def test_what_does_not_exist_is_a_page_in_chinese(reading_console: Console, path: str) -> None:
    with reading_console.sign_in("press") as client:
        answer = client.get(path)
    assert answer.status_code == 404
    assert "没有" in answer.text
    assert "回到今日" in answer.text


@pytest.mark.parametrize("query", ["?at=-1", "?at=x", "?at=99999999999999999999"])
def test_a_page_number_that_is_none_is_refused(reading_console: Console, query: str) -> None:
    with reading_console.sign_in("press") as client:
        assert client.get(f"/cases{query}").status_code == 422


@pytest.mark.parametrize("form", [{"type": "gossip"}, {"type": "complaint", "kinds": "air.moon"}, {}])
def test_a_label_outside_the_tables_is_refused(reading_console: Console, form: dict[str, str]) -> None:
    made = reading_console.made
    before = reading_console.desk.store.posts.verdict(made.post)
    with reading_console.sign_in("press") as client:
        assert client.post(f"/posts/{made.post}/label", data=form).status_code == 422
    assert reading_console.desk.store.posts.verdict(made.post) == before


def test_a_posts_text_is_never_markup(console: Console) -> None:
    hostile = made_desk.raw_posts()[0]
    text = '<script>alert(1)</script><img src=x onerror="alert(2)"> 茌平区化工厂夜里排废气'
    raw = made_desk.replace(
        hostile, native_id="x1", text=text, author="<b>某人</b>", url="javascript:alert(3)"
    )
    added = console.desk.store.posts.add([raw], now=console.clock())
    with console.sign_in("press") as client:
        answer = client.get(f"/posts/{added.new[0]}").text + client.get("/posts").text
    assert "&lt;script&gt;alert(1)" in answer
    assert "<script>alert" not in answer
    assert "<img" not in answer.replace('<img src="/static/icon.svg"', "")
    assert 'href="javascript:' not in answer


def test_papers_of_a_bulletin_can_be_fetched_in_every_form(reading_console: Console) -> None:
    with reading_console.sign_in("assessor") as client:
        html, pdf, docx = (client.get(f"/bulletins/1/paper.{form}") for form in ("html", "pdf", "docx"))
    assert "default-src 'none'" in html.headers["content-security-policy"]
    assert "环保舆情" in html.text
    assert pdf.content.startswith(b"%PDF")
    assert docx.content.startswith(b"PK")
    assert "filename*=UTF-8''%" in docx.headers["content-disposition"]
