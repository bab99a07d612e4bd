"""The console over plain HTTP: what is refused and how it is told, and what every answer carries."""

from __future__ import annotations

import re
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import made_desk
import pytest
from made_console import NAMES
from made_console import Console
from made_desk import FORM as RESULT

from console.throttle import TRIES
from huanyu.types import PostType


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
            answer = client.get(path)
            assert answer.status_code == 200, path
            text = answer.text
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


def test_guessing_in_parallel_gets_no_more_guesses(console: Console) -> None:
    wrong = {"name": NAMES["press"], "password": "wrong"}
    start = threading.Barrier(30)

    def guess() -> int:
        with console.visitor() as client:
            start.wait()
            return client.post("/login", data=wrong).status_code

    with ThreadPoolExecutor(30) as pool:
        answers = Counter(future.result() for future in [pool.submit(guess) for _ in range(30)])
    assert answers == {401: TRIES, 429: 30 - TRIES}
    refused = [row for row in console.desk.store.audit.listing(limit=100) if row.action == "session.refused"]
    assert len(refused) == TRIES, "only what was verified leaves a line"


def test_a_stranger_elsewhere_does_not_lock_a_colleague_out(console: Console) -> None:
    wrong = {"name": NAMES["press"], "password": "wrong"}
    with console.visitor() as stranger, console.visitor() as press:
        stranger.headers["X-Forwarded-For"] = "203.0.113.9"
        assert [stranger.post("/login", data=wrong).status_code for _ in range(6)][-1] == 429
        right = {"name": NAMES["press"], "password": made_desk.PASSWORD}
        assert press.post("/login", data=right).status_code == 303


def test_who_came_in_and_who_left_stands_in_the_audit_trail(console: Console) -> None:
    with console.visitor() as client:
        client.post("/login", data={"name": NAMES["press"], "password": "wrong"})
        client.post("/login", data={"name": "nobody", "password": "wrong"})
        client.post("/login", data={"name": NAMES["press"], "password": made_desk.PASSWORD})
        client.post("/logout")
    lines = console.desk.store.audit.listing(limit=4)
    assert [(line.action, line.actor) for line in reversed(lines)] == [
        ("session.refused", "系统"),
        ("session.refused", "系统"),
        ("session.start", NAMES["press"]),
        ("session.end", NAMES["press"]),
    ]
    assert lines[2].ids == ()
    assert lines[3].ids == (console.desk.store.people.user(NAMES["press"])[0].id,)


OWN_CHANGE = {"old": made_desk.PASSWORD, "new": "Tuhai-2026-Hepan", "again": "Tuhai-2026-Hepan"}


@pytest.mark.parametrize(
    ("change", "status", "told"),
    [
        ({"old": "not-the-password"}, 403, "原密码不对"),
        ({"again": "Tuhai-2026-Hepam"}, 422, "不一样"),
        ({"new": "short", "again": "short"}, 422, "至少 10 位"),
        ({"new": made_desk.PASSWORD, "again": made_desk.PASSWORD}, 422, "与原密码不同"),
    ],
)
def test_a_password_is_not_changed_by_mistake(
    reading_console: Console, change: dict[str, str], status: int, told: str
) -> None:
    before = reading_console.desk.store.people.user(NAMES["leader"])
    with reading_console.sign_in("leader") as client:
        answer = client.post("/account", data=OWN_CHANGE | change)
    assert answer.status_code == status
    assert told in answer.text
    assert reading_console.desk.store.people.user(NAMES["leader"]) == before


def test_guessing_the_old_password_at_an_open_screen_is_throttled_too(console: Console) -> None:
    with console.sign_in("leader") as client:
        wrong = OWN_CHANGE | {"old": "not-the-password"}
        assert [client.post("/account", data=wrong).status_code for _ in range(6)] == [403] * 5 + [429]


def test_ones_own_new_password_ends_every_other_session(console: Console) -> None:
    with console.sign_in("leader") as elsewhere, console.visitor() as client:
        client.post("/login", data={"name": NAMES["leader"], "password": made_desk.PASSWORD})
        assert client.post("/account", data=OWN_CHANGE).headers["location"] == "/account?changed=1"
        assert client.get("/").status_code == 200
        assert elsewhere.get("/").headers["location"].startswith("/login")


def test_a_password_somebody_else_gave_opens_nothing_but_its_change(console: Console) -> None:
    given = "Linshi-2026-Mima"
    with console.sign_in("admin") as admin, console.visitor() as client:
        answer = admin.post(f"/people/{NAMES['press']}/password", data={"password": given})
        assert answer.status_code == 303
        client.post("/login", data={"name": NAMES["press"], "password": given})
        for path in ("/", "/posts", f"/cases/{console.made.mine}"):
            assert client.get(path).headers["location"] == "/account"
        assert client.post("/kill-switch", data={"on": "1"}).headers["location"] == "/account"
        assert console.desk.store.settings.get("kill_switch") is None
        assert client.post("/account", data=OWN_CHANGE | {"old": given}).headers["location"] == "/"
        assert client.get("/").status_code == 200


def test_a_colleague_who_was_locked_out_is_out_at_once(console: Console) -> None:
    right = {"name": NAMES["press"], "password": made_desk.PASSWORD}
    with console.sign_in("admin") as admin, console.sign_in("press") as press:
        admin.post(f"/people/{NAMES['press']}/active", data={"active": "0"})
        assert press.get("/").headers["location"].startswith("/login")
        assert press.post("/login", data=right).status_code == 401
        admin.post(f"/people/{NAMES['press']}/active", data={"active": "1"})
        assert press.post("/login", data=right).status_code == 303
        answer = admin.post(f"/people/{NAMES['admin']}/active", data={"active": "0"})
    assert answer.status_code == 422
    assert "不能停用自己" in answer.text


def test_a_post_is_judged_once(console: Console) -> None:
    post_id = console.made.unsure[0]
    with console.sign_in("press") as press, console.sign_in("reviewer") as reviewer:
        answer = press.post(f"/posts/{post_id}/judge", data={"complaint": "1"})
        assert answer.headers["location"] == f"/posts/{console.made.unsure[1]}"
        assert reviewer.post(f"/posts/{post_id}/judge", data={"complaint": "0"}).status_code == 409
    kept = console.desk.store.posts.verdict(post_id)
    assert (kept.type, kept.is_complaint, kept.unsure) == (PostType.COMPLAINT, True, False)


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


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/cases/{mine}/dispatch", {"version": "9" * 5000, "unit": "x"}),
        ("/cases/{mine}/facts", {"version": "1", "happened_at": "0001-01-01T00:00", "reason": "更正"}),
        ("/cases/{mine}/level", {"version": "1", "level": "\x00"}),
    ],
)
def test_odd_input_is_told_in_chinese_and_breaks_nothing(
    reading_console: Console, path: str, form: dict[str, str]
) -> None:
    with reading_console.sign_in("press") as client:
        answer = client.post(path.format_map(vars(reading_console.made)), data=form)
    assert answer.status_code in {409, 422}
    assert "程序出错" not in answer.text


@pytest.mark.parametrize("path", ["/cases", "/posts", "/exports/cases.csv"])
def test_an_address_with_a_nul_is_refused(reading_console: Console, path: str) -> None:
    with reading_console.sign_in("press") as client:
        answer = client.get(f"{path}?text=a%00b")
    assert answer.status_code == 400
    assert "content-security-policy" in answer.headers
