"""Somebody is away, walked in a browser: told on the roster's page, stood in for, shown as such, over when they are back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from made_console import NAMES
from made_console import Console
from test_browser import has_session

OpenPage = Callable[..., Any]
TOLD = "三日内查清屠宰点废水去向并书面报告"


def test_a_deputy_acts_for_an_absent_leader_and_the_history_says_for_whom(
    console: Console, open_page: OpenPage
) -> None:
    case = f"{console.url}/cases/{console.made.mine}"
    leader, deputy = open_page(), open_page()
    has_session(deputy, console, "reviewer")
    deputy.goto(case)
    assert deputy.get_by_role("button", name="督办", exact=True).count() == 0, "a reviewer urges nobody"
    has_session(leader, console, "leader")
    leader.goto(f"{console.url}/roster")
    leader.get_by_label("代理人").select_option(label="申建国")
    leader.locator("#f-away-to").fill("2026-03-09T17:30")
    leader.get_by_role("button", name="登记", exact=True).click()
    row = leader.locator("tr", has_text="申建国")
    row.wait_for()
    assert "2026-03-09 17:30" in row.inner_text()
    assert "不在岗" in row.inner_text(), "who is away now stands out"
    deputy.goto(case)
    assert "兼代高志远" in deputy.locator(".who").inner_text()
    deputy.get_by_text("督办", exact=True).first.click()
    deputy.get_by_label("要求和时限").fill(TOLD)
    deputy.get_by_role("button", name="督办", exact=True).click()
    line = deputy.locator(".history li", has_text=TOLD).first
    line.wait_for()
    assert re.search(r"申建国（兼代高志远）", line.inner_text())
    console.clock.at += timedelta(minutes=10)
    leader.goto(f"{console.url}/roster")
    leader.get_by_role("button", name="回到岗位：高志远").click()
    deputy.goto(case)
    assert "兼代" not in deputy.locator(".who").inner_text()
    assert deputy.get_by_role("button", name="督办", exact=True).count() == 0
    assert "申建国（兼代高志远）" in deputy.locator(".history").inner_text(), "what was done then stays so"


def test_a_unit_is_asked_to_assist_and_let_go_from_the_page(console: Console, open_page: OpenPage) -> None:
    page, case_id = open_page(java_script_enabled=False), console.made.mine
    has_session(page, console, "press")
    page.goto(f"{console.url}/cases/{case_id}")
    page.get_by_text("更多操作").click()
    page.get_by_text("协办单位", exact=False).and_(page.locator("#assist > summary")).click()
    page.get_by_label("增加协办单位").select_option("gongan")
    page.get_by_label("请其协办什么").fill("夜间共同到场")
    page.get_by_role("button", name="增加协办").click()
    page.locator(".history li", has_text="增加协办：市公安局，请其夜间共同到场").first.wait_for()
    assert "意见时限" in page.locator("#now").inner_text()
    page.get_by_text("更多操作").click()
    page.locator("#assist > summary").click()
    page.get_by_text("撤销市公安局的协办").click()
    page.locator("#assist").get_by_label("理由").fill("无需夜间行动")
    page.get_by_role("button", name="撤销协办").click()
    page.locator(".history li", has_text="撤销协办：市公安局；理由：无需夜间行动").first.wait_for()
    assert console.desk.store.cases.get(case_id).assisting == ()


def test_who_keeps_the_roster_may_name_a_deputy_for_others_and_nobody_is_offered_one_who_may_not_be(
    reading_console: Console,
) -> None:
    offered = {role: deputies(reading_console, role) for role in ("admin", "reviewer")}
    assert f'value="{NAMES["press"]}"' in offered["admin"], (
        "it may be somebody of the press office who is away"
    )
    assert f'value="{NAMES["press"]}"' in offered["reviewer"]
    assert f'value="{NAMES["admin"]}"' not in offered["reviewer"]


def deputies(console: Console, role: str) -> str:
    with console.sign_in(role) as person:
        page = person.get("/roster").text
    return str(page.partition('id="f-deputy"')[2].partition("</select>")[0])
