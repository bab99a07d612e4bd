"""Rows are ticked, looked at once more and done, each told of: by mouse, by key, and without scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from made_console import Console
from test_browser import NAMELESS
from test_browser import has_session

from tests.live.lacking import FAINT

OpenPage = Callable[..., Any]


@pytest.mark.parametrize("scripts", [True, False])
def test_cases_are_ticked_looked_at_and_dispatched(
    console: Console, open_page: OpenPage, scripts: bool
) -> None:
    desk, made = console.desk, console.made
    over = desk.store.cases.get(made.replying)
    page = open_page(java_script_enabled=scripts)
    has_session(page, console, "press")
    page.goto(f"{console.url}/cases?view=all")
    for case_id in (made.undispatched, over.id):
        page.get_by_label(f"勾选 {desk.store.cases.get(case_id).number}").check()
    page.get_by_label("勾选的", exact=True).select_option("dispatch")
    page.get_by_role("button", name="下一步，核对").click()
    page.get_by_label("派给").select_option("zhifa")
    page.get_by_role("button", name="核对", exact=True).click()
    page.get_by_role("heading", name="派单：勾选了 2 件，能办 1 件").wait_for()
    assert page.evaluate(NAMELESS) == []
    assert desk.store.cases.get(made.undispatched).state != "assigned", (
        "nothing is done before it is confirmed"
    )
    page.get_by_role("button", name="确认派单 1 件").click()
    page.get_by_role("heading", name="派单：办了 1 件").wait_for()
    page.get_by_text("另有 1 件在核对时已说明不能办").wait_for()
    kept = desk.store.cases.get(made.undispatched)
    assert (kept.state, kept.unit) == ("assigned", "zhifa")
    assert desk.store.cases.get(over.id) == over
    page.reload()
    page.get_by_role("heading", name="派单：办了 0 件，1 件没有办成").wait_for()
    assert desk.store.cases.get(made.undispatched) == kept
    page.get_by_role("link", name=kept.title).click()
    page.wait_for_url(f"**/cases/{kept.id}")


def test_rows_are_ticked_by_key_by_shift_and_all_at_once(
    reading_console: Console, open_page: OpenPage
) -> None:
    page = open_page()
    has_session(page, reading_console, "press")
    page.goto(f"{reading_console.url}/posts")
    ticks = page.locator('.ticked-row input[type="checkbox"]')
    ticked = page.locator('.ticked-row input[type="checkbox"]:checked')
    page.locator(".ticked-row > a").nth(1).focus()
    page.keyboard.press("x")
    assert ticks.nth(1).is_checked()
    page.keyboard.press("x")
    assert ticked.count() == 0
    ticks.nth(0).click()
    ticks.nth(3).click(modifiers=["Shift"])
    assert ticked.count() == 4
    page.get_by_text("已勾选 4 条").wait_for()
    page.get_by_label("全选本页").check()
    assert ticked.count() == ticks.count()
    assert page.evaluate(NAMELESS) == []
    page.get_by_label("查找标题和正文").press("x")
    assert ticked.count() == ticks.count(), "what is typed ticks nothing"


def test_posts_are_judged_together_and_a_phone_shows_it_whole(console: Console, open_page: OpenPage) -> None:
    page = open_page(width=390, height=800, color_scheme="dark")
    has_session(page, console, "press")
    page.goto(f"{console.url}/posts?view=unsure")
    page.get_by_label("全选本页").check()
    page.get_by_label("勾选的", exact=True).select_option("no")
    page.get_by_role("button", name="下一步，核对").click()
    count = len(console.made.unsure)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate(FAINT) == []
    page.get_by_role("button", name=f"确认判为不是投诉 {count} 条").click()
    page.get_by_role("heading", name=f"判为不是投诉：办了 {count} 条").wait_for()
    assert console.desk.store.posts.listing(view="unsure") == []
    page.goto(f"{console.url}/several/cases?act=close&item={console.made.mine}&item={console.made.theirs}")
    page.get_by_role("heading", name="办结：勾选了 2 件，能办 0 件").wait_for()
    assert page.evaluate(FAINT) == []


def test_the_ticked_cases_come_as_a_file(console: Console) -> None:
    mine = console.desk.store.cases.get(console.made.mine)
    theirs = console.desk.store.cases.get(console.made.theirs)
    with console.sign_in("handler") as client:
        both = f"item={mine.id}&item={theirs.id}"
        told = client.get(f"/several/cases?act=export&{both}").text
        assert "勾选了 2 件，能办 1 件" in told
        assert theirs.number not in told
        assert client.get(f"/exports/ticked.csv?{both}").status_code == 403
        made = client.get(f"/exports/ticked.csv?item={mine.id}")
    assert mine.number in made.content.decode("utf-8-sig")
    assert "ticked" not in made.text


@pytest.mark.parametrize("item", ["x.1", "1.x", "1", "9999999999.1", "¹.1"])
def test_what_no_page_sends_is_told(reading_console: Console, item: str) -> None:
    with reading_console.sign_in("press") as client:
        answer = client.post("/several/cases", data={"act": "accept", "item": item})
    assert answer.status_code == 422
    assert "重新勾选" in answer.text


def test_at_most_a_hundred_and_at_least_one(reading_console: Console) -> None:
    with reading_console.sign_in("press") as client:
        none = client.get("/several/cases?act=accept")
        many = client.get("/several/cases", params={"act": "accept", "item": list(range(1, 102))})
        strange = client.get("/several/cases?act=yes&item=1")
    assert (none.status_code, many.status_code, strange.status_code) == (422, 422, 404)
    assert "请先勾选" in none.text
    assert "一次最多 100" in many.text
