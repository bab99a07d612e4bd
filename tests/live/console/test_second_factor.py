"""The second factor over HTTP: set up once, asked for at the second step, no way around it, and what waits for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import made_desk
import pytest
from made_console import NAMES
from made_console import Console
from test_browser import NAMELESS
from test_browser import come_in

from console.sessions import COOKIE
from console.sessions import HALF_COOKIE
from flow import factors
from flow.desk import Desk
from huanyu import totp
from tests.live.lacking import FAINT

PERIOD = timedelta(seconds=totp.PERIOD)


def set_up(console: Console, role: str) -> tuple[str, tuple[str, ...]]:
    """A confirmed factor of a made person: the secret and the sheet."""
    desk, now = console.desk, console.clock()
    user = made_desk.user(desk, NAMES[role])
    session = made_desk.digest(made_desk.session_of(user.name))
    secret = factors.begin(desk, user, now)
    code = totp.code_at(secret, totp.step_of(now) - 1)  # the one of now stays good for a log-in
    return secret, factors.confirm(desk, user, code, session, now)


def code_now(console: Console, secret: str) -> str:
    return totp.code_at(secret, totp.step_of(console.clock()))


@contextmanager
def at_the_second_step(console: Console, role: str, next: str = "/") -> Iterator[httpx.Client]:
    """Somebody who has shown the password."""
    with console.visitor() as client:
        form = {"name": NAMES[role], "password": made_desk.PASSWORD, "next": next}
        answer = client.post("/login", data=form)
        assert answer.headers["location"].startswith("/login/code")
        yield client


def test_a_factor_is_set_up_with_password_and_first_code_and_its_sheet_is_shown_once(
    console: Console,
) -> None:
    with console.sign_in("reviewer") as client:
        assert "未启用" in client.get("/account").text
        begun = client.post("/account/factor", data={"password": made_desk.PASSWORD})
        secret = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', begun.text)[1].replace(" ", "")
        assert "<svg" in begun.text
        assert not re.search(r"\sstyle=|<script(?![^>]*\ssrc=)", begun.text)
        wrong = client.post("/account/factor/confirm", data={"code": "000000"})
        assert wrong.status_code == 422
        assert "动态码不对" in wrong.text
        done = client.post("/account/factor/confirm", data={"code": code_now(console, secret)})
        sheet = re.findall(r"<li><code>([a-z2-9]{5}-[a-z2-9]{5})</code></li>", done.text)
        assert len(sheet) == totp.RECOVERY
        later = client.get("/account").text
    assert secret not in later
    assert not any(code in later for code in sheet)
    assert "已启用" in later
    assert "no-store" in done.headers["cache-control"]


def test_an_unattended_screen_is_not_enough_to_set_one_up(console: Console) -> None:
    with console.sign_in("reviewer") as client:
        answers = [client.post("/account/factor", data={"password": "guess"}).status_code for _ in range(6)]
    assert answers == [403] * 5 + [429]
    assert (
        console.desk.store.factors.pending(
            made_desk.user(console.desk, NAMES["reviewer"]).id, made_desk.NOW - PERIOD
        )
        == ""
    )


def test_logging_in_asks_for_the_code_and_opens_nothing_before_it(console: Console) -> None:
    secret, _ = set_up(console, "reviewer")
    with at_the_second_step(console, "reviewer", next="/cases") as client:
        half = client.cookies[HALF_COOKIE]
        assert COOKIE not in client.cookies
        client.cookies.set(COOKIE, half)  # the token of the first step is no session
        assert client.get("/").headers["location"].startswith("/login")
        del client.cookies[COOKIE]
        form = {"code": code_now(console, secret), "next": "/cases"}
        answer = client.post("/login/code", data=form)
        assert (answer.status_code, answer.headers["location"]) == (303, "/cases")
        assert client.cookies[COOKIE] != half
        assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example.org", "//evil.example.org", "/\\evil.example.org"]
)
def test_the_second_step_never_leads_off_the_console(console: Console, elsewhere: str) -> None:
    secret, _ = set_up(console, "reviewer")
    with at_the_second_step(console, "reviewer", next=elsewhere) as client:
        form = {"code": code_now(console, secret), "next": elsewhere}
        assert client.post("/login/code", data=form).headers["location"] == "/"


def test_a_code_is_good_once_even_for_somebody_who_looked_over_the_shoulder(console: Console) -> None:
    secret, _ = set_up(console, "reviewer")
    seen = code_now(console, secret)
    with at_the_second_step(console, "reviewer") as client:
        assert client.post("/login/code", data={"code": seen}).status_code == 303
    with at_the_second_step(console, "reviewer") as thief:
        answer = thief.post("/login/code", data={"code": seen})
        assert answer.status_code == 401
        assert "已经用过" in answer.text
        assert COOKIE not in thief.cookies
        console.clock.at += PERIOD
        assert thief.post("/login/code", data={"code": code_now(console, secret)}).status_code == 303


def test_a_recovery_code_stands_in_for_the_telephone_once(console: Console) -> None:
    _, sheet = set_up(console, "reviewer")
    shown = totp.shown(sheet[3]).upper()
    with at_the_second_step(console, "reviewer") as client:
        assert client.post("/login/code", data={"code": shown}).status_code == 303
        told = client.get("/account").text
        assert "您的账号有" in told
        assert f"<strong>{totp.RECOVERY - 1}</strong>" in told
    with at_the_second_step(console, "reviewer") as client:
        assert client.post("/login/code", data={"code": shown}).status_code == 401


def test_guessing_codes_stops_from_wherever_and_the_owner_is_told(console: Console) -> None:
    secret, _ = set_up(console, "reviewer")
    with at_the_second_step(console, "reviewer") as client:
        answers = [client.post("/login/code", data={"code": f"{n:06d}"}).status_code for n in range(6)]
    assert answers == [401] * 5 + [429]
    with at_the_second_step(console, "reviewer") as client:
        assert client.post("/login/code", data={"code": code_now(console, secret)}).status_code == 429
    with console.sign_in("reviewer") as owner:
        assert "发现有人用您的密码登录" in owner.get("/account").text
    console.clock.at += timedelta(minutes=15)
    with at_the_second_step(console, "reviewer") as client:
        assert client.post("/login/code", data={"code": code_now(console, secret)}).status_code == 303


def test_the_second_step_waits_five_minutes_and_belongs_to_one_browser(console: Console) -> None:
    secret, _ = set_up(console, "reviewer")
    with at_the_second_step(console, "reviewer") as first, at_the_second_step(console, "reviewer") as second:
        code = {"code": code_now(console, secret)}
        assert first.post("/login/code", data=code).status_code == 401, "a later log-in ends the earlier one"
        with console.visitor() as stranger:
            assert stranger.post("/login/code", data=code).status_code == 401
            assert stranger.get("/login/code").headers["location"] == "/login"
        console.clock.at += timedelta(minutes=5)
        answer = second.post("/login/code", data={"code": code_now(console, secret)})
    assert answer.status_code == 401
    assert "重新输入密码" in answer.text


def test_a_token_planted_before_the_log_in_is_worth_nothing_after_it(console: Console) -> None:
    with console.visitor() as client:
        client.cookies.set(COOKIE, "planted-by-somebody-else")
        client.post("/login", data={"name": NAMES["press"], "password": made_desk.PASSWORD})
        tokens = {cookie.value for cookie in client.cookies.jar if cookie.name == COOKIE}
        assert len(tokens - {"planted-by-somebody-else"}) == 1
    with console.visitor() as attacker:
        attacker.cookies.set(COOKIE, "planted-by-somebody-else")
        assert attacker.get("/").status_code == 303


def test_logging_in_again_ends_the_session_the_browser_had(console: Console) -> None:
    with console.sign_in("press") as client, console.sign_in("press") as copy:
        assert copy.get("/").status_code == 200
        client.post("/login", data={"name": NAMES["press"], "password": made_desk.PASSWORD})
        assert copy.get("/").status_code == 303


@pytest.fixture
def live(console: Console) -> Console:
    """A desk where texts really leave: the configuration says so, and two people have signed."""
    settings = console.desk.config.settings.model_copy(update={"publish_live": True})
    object.__setattr__(console.desk.config, "settings", settings)
    for role in ("leader", "admin"):
        console.desk.store.switches.sign_live(NAMES[role], ("admin", "leader"), console.clock())
    return console


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_reviewer_sets_up_on_a_phone_and_logs_in_with_the_code(
    live: Console, open_page: Callable[..., Any], scripts: bool
) -> None:
    page = open_page(width=390, height=844, color_scheme="dark", java_script_enabled=scripts)
    come_in(page, live, "reviewer")
    page.get_by_role("link", name="须启用动态码").click()
    page.get_by_label("先输入您的密码").fill(made_desk.PASSWORD)
    page.get_by_role("button", name="启用动态码").click()
    page.locator("summary", has_text="不便扫描").click()
    secret = page.locator("code.secret").text_content().replace(" ", "")
    assert page.locator(".qr svg").bounding_box()["width"] > 180
    page.get_by_label("6 位动态码").fill("000000")
    page.get_by_role("button", name="确认启用").click()
    page.get_by_role("alert").get_by_text("动态码不对").wait_for()
    page.get_by_label("6 位动态码").fill(code_now(live, secret))
    page.get_by_role("button", name="确认启用").click()
    page.get_by_role("heading", name="恢复码").wait_for()
    if scripts:
        assert page.evaluate(NAMELESS) == page.evaluate(FAINT) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    with page.expect_navigation():
        page.get_by_role("link", name="已经抄好").click()
    assert page.get_by_text("须启用动态码").count() == 0
    page.context.clear_cookies()
    live.clock.at += PERIOD
    page.goto(f"{live.url}/login")
    page.get_by_label("用户名").fill(NAMES["reviewer"])
    page.get_by_label("密码").fill(made_desk.PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_label("6 位动态码").fill(code_now(live, secret))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="今日", exact=True).wait_for()


def writes(desk: Desk, console: Console) -> list[tuple[str, str, dict[str, str]]]:
    """Somebody who may, and what they would let out or sign for."""
    made, draft = console.made, desk.store.outbox.get(console.made.draft)
    version = {"version": str(draft.version)}
    return [
        ("reviewer", f"/outbox/{made.draft}/approve", version),
        ("reviewer", f"/outbox/{made.rehearsed}/release", version),
        ("leader", "/bulletins/1/sign", {}),
        ("leader", "/publishing/live", {"on": "1"}),
        ("admin", "/people/chengban/password", {"password": "Linshi-2026-Mima"}),
        ("admin", "/people/shenhe/factor", {}),
        ("admin", "/tokens/1/revoke", {}),
    ]


def test_while_texts_really_leave_nobody_approves_or_signs_without_a_factor_but_may_look(
    live: Console,
) -> None:
    desk, made = live.desk, live.made
    before = desk.store.outbox.get(made.draft)
    for role, path, form in writes(desk, live):
        with live.sign_in(role) as client:
            answer = client.post(path, data=form)
            assert answer.status_code == 403, path
            assert 'href="/account#factor"' in answer.text, path
    for role, path in (
        ("reviewer", f"/outbox/{made.draft}"),
        ("leader", "/bulletins/1"),
        ("admin", "/people"),
    ):
        with live.sign_in(role) as client:
            seen = client.get(path)
            assert seen.status_code == 200
            assert "须启用动态码" in seen.text
    assert desk.store.outbox.get(made.draft) == before


def test_with_a_factor_a_reviewer_approves(live: Console) -> None:
    set_up(live, "press")
    draft = live.desk.store.outbox.get(live.made.draft)
    with live.sign_in("press") as client:
        answer = client.post(f"/outbox/{draft.id}/approve", data={"version": str(draft.version)})
        assert answer.status_code != 403, answer.text
        assert "须启用动态码" not in client.get("/").text


def test_to_send_back_needs_no_factor_since_nothing_leaves(live: Console) -> None:
    draft = live.desk.store.outbox.get(live.made.draft)
    form = {"version": str(draft.version), "reason": "请补充现场情况"}
    with live.sign_in("reviewer") as client:
        assert client.post(f"/outbox/{draft.id}/send-back", data=form).status_code == 303


def test_while_rehearsing_nobody_is_asked_for_a_factor(console: Console) -> None:
    draft = console.desk.store.outbox.get(console.made.draft)
    with console.sign_in("press") as client:
        answer = client.post(f"/outbox/{draft.id}/approve", data={"version": str(draft.version)})
        assert answer.status_code != 403


def test_who_has_no_part_in_publishing_is_not_asked_even_then(live: Console) -> None:
    with live.sign_in("handler") as client:
        assert "须启用动态码" not in client.get("/").text


def test_a_deputy_does_not_borrow_the_factor_of_whom_they_stand_for(live: Console) -> None:
    desk, now = live.desk, live.clock()
    set_up(live, "leader")
    deputy, leader = (made_desk.user(desk, NAMES[role]) for role in ("press", "leader"))
    stands = replace(deputy, stands_for=(leader,))
    assert factors.locked(desk, stands)
    assert not factors.present(desk, leader, now).locked


def test_an_administrator_resets_a_factor_and_its_owner_reads_who_did(console: Console) -> None:
    set_up(console, "reviewer")
    with console.sign_in("admin") as admin:
        assert admin.post(f"/people/{NAMES['reviewer']}/factor").status_code == 303
        assert admin.post(f"/people/{NAMES['admin']}/factor").status_code == 422
    with console.visitor() as client:
        client.post("/login", data={"name": NAMES["reviewer"], "password": made_desk.PASSWORD})
        page = client.get("/account").text
        assert "管丽娟重置了您的动态码" in page
        latest = re.search(r'name="latest" value="(\d+)"', page)[1]
        client.post("/account/news", data={"latest": latest})
        assert "您的账号有" not in client.get("/").text


def test_a_factor_is_taken_away_and_its_sheet_renewed_against_a_code_only(console: Console) -> None:
    secret, sheet = set_up(console, "reviewer")
    with console.sign_in("reviewer") as client:
        for path in ("/account/factor/off", "/account/factor/codes"):
            assert client.post(path, data={"code": "000000"}).status_code == 403
        renewed = client.post("/account/factor/codes", data={"code": code_now(console, secret)}).text
        assert client.post("/account/factor/off", data={"code": sheet[0]}).status_code == 403, (
            "of the old sheet"
        )
        fresh = re.search(r"<li><code>([a-z2-9-]+)</code></li>", renewed)[1]
        assert client.post("/account/factor/off", data={"code": fresh}).status_code == 303
    assert not made_desk.user(console.desk, NAMES["reviewer"]).second_factor
