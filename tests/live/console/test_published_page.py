"""After publishing as the press office meets it: what was changed, what is not ours, whom nobody satisfied, and 更正."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import made_afterwards
import pytest
from made_afterwards import RIGHT
from made_afterwards import WRONG
from made_afterwards import Afterwards
from made_console import Console
from test_browser import NAMELESS
from test_browser import come_in
from test_browser import has_session

from huanyu.types import MessageState
from tests.live.lacking import FAINT

OpenPage = Callable[..., Any]


@pytest.fixture
def after(console: Console) -> Afterwards:
    return made_afterwards.fill(console.desk, console.made.rehearsed)


def test_what_was_found_is_on_todays_page_and_one_click_away(
    console: Console, after: Afterwards, open_page: OpenPage
) -> None:
    page = open_page()
    come_in(page, console, "press")
    for card in ("账号不明内容", "被改、被删", "等人接手"):
        page.get_by_role("link", name=card).wait_for()
    page.get_by_role("link", name="被改、被删").click()
    page.get_by_role("link", name="内容被改").click()
    page.get_by_text("平台现在显示的与本局发布的不同").wait_for()
    assert "基本不" in "".join(page.locator(".alert-danger mark").all_inner_texts())


def test_a_strange_text_is_settled_with_a_note(
    console: Console, after: Afterwards, open_page: OpenPage
) -> None:
    page = open_page(java_script_enabled=False)
    has_session(page, console, "press")
    page.goto(f"{console.url}/published")
    page.get_by_label("核实结果").fill("值班员手工转发，已删除，口令已改")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_text("没有不明内容").wait_for()
    (settled,) = console.desk.store.strays.settled()
    assert (settled.note, settled.settled_by) == ("值班员手工转发，已删除，口令已改", "xuanjiao")


def test_a_case_is_taken_on_with_one_click(console: Console, after: Afterwards, open_page: OpenPage) -> None:
    page = open_page()
    has_session(page, console, "press")
    page.goto(f"{console.url}/cases/{after.case}")
    page.get_by_text("糊弄人，电话1386351****也没人接").wait_for()
    with page.expect_navigation():
        page.get_by_role("button", name="由我接手").click()
    page.get_by_text("已接手").wait_for()
    assert console.desk.store.published.taken_over(after.case)
    assert console.desk.store.heard.waiting() == []


def test_a_correction_shows_what_it_puts_right_and_can_be_dropped(
    console: Console, after: Afterwards, open_page: OpenPage
) -> None:
    page = open_page()
    has_session(page, console, "press")
    page.goto(f"{console.url}/outbox/{after.slips[0]}")
    page.get_by_role("heading", name="更正〔2026〕1号").wait_for()
    assert page.get_by_text(RIGHT, exact=True).count() == 1
    page.get_by_text("作废这一条").click()
    page.get_by_label("理由").last.fill("原文没有错")
    with page.expect_navigation():
        page.get_by_role("button", name="作废").click()
    assert console.desk.store.outbox.get(after.slips[0]).state is MessageState.CANCELLED
    page.goto(f"{console.url}/published")
    page.get_by_text("更正〔2026〕1号").wait_for()


def test_a_withdrawal_is_proposed_from_the_message(
    console: Console, after: Afterwards, open_page: OpenPage
) -> None:
    with console.sign_in("press") as client:
        client.post(f"/outbox/{after.slips[0]}/drop", data={"version": "1", "reason": "改为撤回"})
    page = open_page()
    has_session(page, console, "press")
    page.goto(f"{console.url}/outbox/{after.changed}")
    page.locator("#correct summary").last.click()
    page.locator("#f-why-back").fill("事实需要重新核实")
    with page.expect_navigation():
        page.get_by_role("button", name="提出撤回").click()
    page.get_by_role("link", name="更正〔2026〕2号").wait_for()
    assert [one.kind for one in console.desk.store.corrections.register()] == ["withdrawal", "correction"]


def test_a_phrase_that_stands_nowhere_is_told_in_words(console: Console, after: Afterwards) -> None:
    with console.sign_in("press") as client:
        form = {"wrong": "从来没有的话", "right": RIGHT, "reason": "写错"}
        told = client.post(f"/outbox/{after.changed}/correct", data=form)
    assert told.status_code == 422
    assert "照原文抄写有误之处" in told.text


def test_who_may_only_look_is_offered_no_correction(console: Console, after: Afterwards) -> None:
    with console.sign_in("admin") as client:
        shown = client.get(f"/outbox/{after.changed}").text
        listed = client.get("/published").text
    assert "提出更正" not in shown and "内容被改" in shown
    assert "已核实</button>" not in listed and "由我接手" not in listed


def test_the_statistics_name_accounts_and_cases_but_no_person(console: Console, after: Afterwards) -> None:
    with console.sign_in("assessor") as client:
        shown = client.get("/statistics/publishing").text
        rows = list(csv.reader(io.StringIO(client.get("/statistics/publishing/2026.csv").text)))
    main = shown.split('<main id="main"')[1]
    people = {name for user in console.desk.store.people.users() for name in (user.name, user.full_name)}
    assert [name for name in people if name in main] == []
    assert [name for row in rows for cell in row for name in people if name in cell] == []
    for told in ("1 期", "1 条", "1260", "办理结果公开率", "20310（自 1月24日 +2080）"):
        assert told in main
    assert rows[0] == ["\ufeff账号", "月份", "期", "条", "阅读量", "有阅读量的条数"]
    assert rows[1] == ["本局网站·办理结果", "2026-03", "1", "1", "1260", "1"]


def test_a_year_nobody_has_posts_of_is_empty_not_an_error(console: Console) -> None:
    with console.sign_in("press") as client:
        shown = client.get("/statistics/publishing?year=2019")
    assert shown.status_code == 200 and "还没有发布过" in shown.text


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_readable_and_every_control_has_a_name(
    console: Console, after: Afterwards, open_page: OpenPage, scheme: str
) -> None:
    page = open_page(color_scheme=scheme)
    come_in(page, console, "press")
    for path in ("/published", "/statistics/publishing", f"/outbox/{after.changed}", f"/cases/{after.case}"):
        page.goto(console.url + path)
        assert page.evaluate(NAMELESS) == []
        assert page.evaluate(FAINT) == []


def test_on_a_telephone_nothing_runs_off_the_edge(
    console: Console, after: Afterwards, open_page: OpenPage
) -> None:
    page = open_page(width=390, height=844)
    come_in(page, console, "press")
    for path in ("/published", "/statistics/publishing", f"/outbox/{after.slips[0]}"):
        page.goto(console.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_wrong_phrase_and_the_right_one_stand_in_the_case(console: Console, after: Afterwards) -> None:
    with console.sign_in("leader") as client:
        shown = client.get(f"/cases/{after.case}").text
    assert f"“{WRONG}”更正为“{RIGHT}”" in shown
