"""新闻宣传 on its pages, without JavaScript: a conference from its plan to what was printed of it, and the year's figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from made_console import Console
from test_ledger_page import press
from test_ledger_page import signed_in

OpenPage = Callable[..., Any]
PAGES = (
    *("/press", "/press/new", "/press/batches", "/press/answers", "/press/log", "/press/figures"),
    *("/press/contacts", "/press/log/new", "/press/log/import"),
)


def test_a_conference_is_held_on_its_pages_and_counted(console: Console, open_page: OpenPage) -> None:
    at = f"/press/{console.made.conference}"
    page = signed_in(open_page, console, "leader", at)
    page.get_by_role("button", name="审定方案").click()
    assert "已审定" in page.locator("h1").inner_text()
    page = signed_in(open_page, console, "press", at)
    page.get_by_text("添人").click()
    page.get_by_label("聊城日报 闻笔（驻点记者）").check()
    press(page, "添上", 其他媒体="聊城电视台", 姓名="程声")
    page.get_by_label("聊城日报 闻笔").check()
    page.get_by_role("button", name="勾选的都到了").click()
    assert page.get_by_label("聊城日报 闻笔").is_checked()
    phone = signed_in(open_page, console, "press", "/press", width=390)
    for where in (at, *PAGES):
        phone.goto(f"{console.url}{where}")
        assert phone.locator("html").evaluate("one => one.scrollWidth") <= 390, where
    with console.sign_in("press") as client:
        got = {
            paper: client.get(f"{at}/files/{paper}.pdf").content for paper in ("plan", "answers", "signing")
        }
        assert client.get(f"{at}/files/plan.html").status_code == 404
        told = client.get("/press/figures").text
    assert {body[:4] for body in got.values()} == {b"%PDF"}
    assert "报道1条" in told
