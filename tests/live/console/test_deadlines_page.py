"""What must be answered by when: the list in order, and more time asked for and granted on the page of a case."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from made_console import Console
from test_browser import has_session

from flow import cycle
from huanyu.clock import local

OpenPage = Callable[..., Any]
OUTSIDE = """() => [...document.querySelectorAll(".card td, .card th")].filter(cell =>
    cell.getBoundingClientRect().right > cell.closest(".card").getBoundingClientRect().right + 1
).map(cell => cell.textContent.trim())"""

LINES = """() => [...document.querySelectorAll("td.unit")].map(cell => {
    const inside = document.createRange()
    inside.selectNodeContents(cell)
    return [cell.textContent.trim(), new Set([...inside.getClientRects()].map(line => Math.round(line.top))).size]
})"""


def test_every_running_limit_stands_in_the_order_it_is_due(reading_console: Console) -> None:
    running = reading_console.desk.store.limits.running(500)
    with reading_console.sign_in("press") as press:
        listed = re.findall(r'href="/cases/(\d+)"', press.get("/deadlines").text)
        assert [int(number) for number in listed] == [one.case.id for one in running[:50]]
        only = press.get("/deadlines?clock=sign").text
    signs = {one.case.number for one in running if one.clock.name == "sign"}
    others = {one.case.number for one in running} - signs
    assert all(number in only for number in signs)
    assert not any(number in only for number in others)


def test_a_unit_reads_its_own_limits_only(reading_console: Console) -> None:
    made, desk = reading_console.made, reading_console.desk
    with reading_console.sign_in("handler") as handler:
        text = handler.get("/deadlines").text
    assert desk.store.cases.get(made.mine).number in text
    assert desk.store.cases.get(made.theirs).number not in text
    assert "承办单位" not in text


@pytest.mark.parametrize(
    "after", ["x", "2026-03-05_1", "2026-03-05T10:00:00_99", "2026-99-05T10:00:00+08:00_1"]
)
def test_an_address_made_up_by_hand_begins_at_the_beginning(reading_console: Console, after: str) -> None:
    with reading_console.sign_in("press") as press:
        plain = press.get("/deadlines").text.count("<tr>")
        assert press.get("/deadlines", params={"after": after}).text.count("<tr>") == plain


def test_the_next_page_begins_after_the_last_line(reading_console: Console) -> None:
    running = reading_console.desk.store.limits.running(500)
    last = running[-4].clock
    with reading_console.sign_in("press") as press:
        rest = press.get("/deadlines", params={"after": f"{last.due.isoformat()}_{last.id}"}).text
        assert rest.count("<tr>") == 3 + 1  # with the head of the table


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_a_short_name_of_a_unit_stands_on_one_line(
    reading_console: Console, open_page: OpenPage, width: int
) -> None:
    page = open_page(width=width)
    has_session(page, reading_console, "press")
    page.goto(f"{reading_console.url}/deadlines")
    lines = dict(page.evaluate(LINES))
    short = {name for name in lines if len(name) <= len("东昌府区分局")}
    assert len(short) >= 3
    assert {name for name in short if lines[name] > 1} == set()


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_the_list_stays_inside_its_card(reading_console: Console, open_page: OpenPage, width: int) -> None:
    page = open_page(width=width)
    has_session(page, reading_console, "press")
    page.goto(f"{reading_console.url}/deadlines")
    assert page.locator("td").count() > 0
    assert page.evaluate(OUTSIDE) == []


def test_more_time_is_asked_for_and_granted_without_scripts(console: Console, open_page: OpenPage) -> None:
    case_id, desk = console.made.mine, console.desk
    cycle.turn(desk, console.clock(), ("recalendar", "plan_cards"))
    before = next(clock for clock in desk.store.cases.get(case_id).clocks if clock.name == "handling")
    page = open_page(java_script_enabled=False)
    has_session(page, console, "handler")
    page.goto(f"{console.url}/cases/{case_id}")
    form = page.locator('form[action$="/extensions"]')
    page.get_by_text("申请延期").first.click()
    form.get_by_label("延长").fill("1")
    form.get_by_label("具体情况").fill("等检测报告")
    form.get_by_role("button").click()
    page.get_by_text("待批准").first.wait_for()
    has_session(page, console, "leader")
    page.goto(f"{console.url}/deadlines")
    page.locator("section", has_text="等您批准的延期").locator(f'a[href="/cases/{case_id}"]').click()
    page.get_by_role("button", name="批准", exact=True).click()
    page.locator('form[action$="/told"]').get_by_label("怎样告知反映人").fill("电话")
    page.get_by_role("button", name="登记已告知").click()
    page.get_by_text("已告知反映人（电话）").first.wait_for()
    after = next(clock for clock in desk.store.cases.get(case_id).clocks if clock.name == "handling")
    assert local(after.due).date() - local(before.due).date() >= timedelta(days=1)
