"""Filters are saved with a name, counted to 99+, shared with the office, and dropped by who saved them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from made_console import Console
from test_browser import has_session

OpenPage = Callable[..., Any]


def test_a_filter_is_saved_used_from_today_and_dropped(console: Console, open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    has_session(page, console, "press")
    page.goto(f"{console.url}/cases?view=all&text=油烟")
    listed = page.locator("tbody tr").count()
    page.get_by_text("存下这个筛选").click()
    page.get_by_label("筛选的名字").fill("油烟全部")
    page.get_by_role("button", name="存下", exact=True).click()
    page.goto(console.url)
    link = page.get_by_role("navigation", name="存下的筛选").get_by_role("link", name="油烟全部")
    assert link.locator(".count").text_content() == str(listed)
    with page.expect_navigation():
        link.click()
    assert page.locator("tbody tr").count() == listed
    with page.expect_navigation():
        page.get_by_role("button", name="删去筛选 油烟全部").click()
    assert page.get_by_text("油烟全部").count() == 0


def test_a_shared_filter_shows_each_person_their_own_rows(console: Console) -> None:
    saved = {"page": "cases", "view": "all", "name": "全部案件", "shared": "1"}
    with console.sign_in("press") as press, console.sign_in("handler") as handler:
        assert press.post("/filters", data=saved).status_code == 303
        assert press.post("/filters", data=saved | {"name": "我的", "shared": ""}).status_code == 303
        told = handler.get("/cases").text
    assert "全部案件" in told
    assert "我的<" not in told
    (one,) = console.desk.store.saved_filters.of("chengban")
    assert one.owner == "xuanjiao"
    with console.sign_in("handler") as handler:
        assert handler.post(f"/filters/{one.id}/remove", data={}).status_code == 404
        assert handler.post("/filters", data=saved | {"page": "posts"}).status_code == 403


def test_a_name_is_asked_for_and_the_same_name_replaces(console: Console) -> None:
    with console.sign_in("press") as press:
        assert press.post("/filters", data={"page": "posts", "name": " "}).status_code == 422
        for view in ("unsure", "complaint"):
            press.post("/filters", data={"page": "posts", "name": "甲", "view": view})
    (one,) = console.desk.store.saved_filters.of("xuanjiao")
    assert one.query == "view=complaint"
