"""Rewards on their pages, without JavaScript: judged, agreed to, told, taken by telephone, read and paid by whoever pays."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import python_calamine
from made_console import Console
from test_ledger_page import press
from test_ledger_page import signed_in

from console.sessions import COOKIE
from console.sessions import digest

OpenPage = Callable[..., Any]


def payer(console: Console) -> httpx.Client:
    """Somebody of the treasury with a session."""
    now = console.clock()
    person = console.desk.store.people.add_user(
        name="caiwu", full_name="钱守义", role="payer", unit="", password_hash="", now=now
    )
    console.desk.store.people.start_session(person.id, digest("caiwu"), now + timedelta(hours=9), now=now)
    client = console.visitor()
    client.cookies.set(COOKIE, "caiwu")
    return client


def test_a_reward_goes_its_whole_way(console: Console, open_page: OpenPage) -> None:
    desk, at = console.desk, f"/rewards/{console.made.reward}"
    page = signed_in(open_page, console, "press", f"/cases/{console.made.replying}")
    assert page.locator("#reward").inner_text().split() == ["奖励", "JL2026-000001", "待认定"]
    page.goto(f"{console.url}{at}")
    press(page, "认定，报请审批", **{"金额（元）": "50"})
    leader = signed_in(open_page, console, "leader", at, width=390)
    assert leader.locator("html").evaluate("one => one.scrollWidth") <= 390
    press(leader, "同意")
    page.reload()
    press(page, "通知举报人")
    told = page.locator(".post-text").inner_text()
    assert "可以申领通讯补贴" in told
    reward = desk.store.rewards.get(console.made.reward)
    assert reward.report_number in told
    page.get_by_text("代填申领").click()
    press(page, "登记申领", 姓名="苏文清", 手机号码="13806350000")
    assert "苏文清" not in page.content()
    with payer(console) as money:
        version = str(desk.store.rewards.get(reward.id).version)
        assert "苏文清" not in money.get(at).text
        blunt = money.post(f"{at}/claimant", data={"version": version, "reason": ""})
        assert (blunt.status_code, "苏文清" in blunt.text) == (422, False)
        seen = money.post(f"{at}/claimant", data={"version": version, "reason": "核对领取信息"})
        assert "13806350000" in seen.text
        assert seen.headers["cache-control"] == "no-store"
        book = money.post("/rewards/list", data={"reason": "本月支付"})
        rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0)
        assert [row[3] for row in rows.to_python()[1:2]] == ["苏文清"]
        paid = {"version": version, "paid": "2026-03-05", "voucher": "记-0317"}
        assert [money.post(f"{at}/pay", data=paid).status_code for _ in range(2)] == [303, 303]
        assert "50.00 元" in money.get("/rewards/figures?year=2026").text
    page.reload()
    assert "凭证 记-0317" in page.content()
    assert "查看领取信息" in page.content(), "each look stands in the history"
    for path in ("/rewards", at, f"/cases/{console.made.replying}", "/rewards/figures"):
        page.goto(f"{console.url}{path}")
        assert "苏文清" not in page.content()
        assert "13806350000" not in page.content()


def test_whoever_pays_sees_rewards_and_neither_cases_nor_posts(reading_console: Console) -> None:
    made = reading_console.made
    with payer(reading_console) as money:
        assert money.get("/").status_code == 200
        assert "HY2026-000123" not in money.get("/cases").text
        for path in (f"/cases/{made.mine}", "/posts", f"/posts/{made.post}", "/outbox", "/ledger", "/people"):
            assert money.get(path).status_code == 403, path
        told = money.get("/rewards").text
        assert "JL2026-000001" in told
        assert f"/cases/{made.replying}" not in told
        assert "列入待认定" not in told


def test_a_claim_that_will_not_do_is_not_shown_again(reading_console: Console) -> None:
    with reading_console.sign_in("press") as client:
        typed = {"version": "1", "name": "苏文清", "phone": "13806350000", "account": "6222021234567890128"}
        told = client.post(f"/rewards/{reading_console.made.reward}/claim", data=typed)
    assert told.status_code == 409
    assert [value for value in ("苏文清", "13806350000", "6222021234567890128") if value in told.text] == []


def test_a_case_says_whether_its_reporter_may_be_rewarded_and_why_not(
    console: Console, open_page: OpenPage
) -> None:
    page = signed_in(open_page, console, "press", "/rewards")
    row = page.locator(".list-group-item").first
    case = row.locator("a").first.inner_text()
    row.get_by_role("button").click()
    page.get_by_role("heading", name="按规定").wait_for()
    assert case in page.content()
    page.get_by_role("button", name="认定，报请审批").wait_for()
    with console.sign_in("handler") as unit:
        shown = unit.get(f"/cases/{console.made.mine}").text
    assert 'id="reward"' not in shown
