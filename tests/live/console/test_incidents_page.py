"""An incident on its pages, without JavaScript: a unit proposes, the leader declares and sets the line, the office reports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from made_console import Console
from test_browser import NAMELESS
from test_browser import has_session

OpenPage = Callable[..., Any]
LINE = "事故已得到控制，周边水质正在监测，后续由市政府统一发布"


def test_from_the_case_page_to_the_final_report(console: Console, open_page: OpenPage) -> None:
    page, store, case_id = open_page(java_script_enabled=False), console.desk.store, console.made.mine
    has_session(page, console, "handler")
    page.goto(f"{console.url}/cases/{case_id}")
    page.get_by_text("更多操作").click()
    page.get_by_text("按突发环境事件处置").click()
    page.get_by_label("为什么").fill("河面大片死鱼，上游罐车侧翻")
    page.get_by_role("button", name="提请认定").click()
    page.get_by_text("待认定").first.wait_for()
    (found,) = store.incidents.going_on()
    assert page.get_by_role("button", name="认定为突发环境事件").count() == 0, "not for the unit"
    decided(open_page, console, found.id)
    reported(open_page, console, found.id)
    page.goto(f"{console.url}/cases/{case_id}")
    page.get_by_text(f"突发环境事件 {found.number}").first.wait_for()
    assert [row.kind for row in store.incidents.reports(found.id) if row.sent_at] == ["初报"]


def decided(open_page: OpenPage, console: Console, incident_id: int) -> None:
    page = open_page(width=390, java_script_enabled=False)
    has_session(page, console, "leader")
    page.goto(f"{console.url}/incidents/{incident_id}")
    page.get_by_label("等级").select_option("重大")
    page.get_by_role("button", name="认定为突发环境事件").click()
    page.get_by_label("对外说什么").fill(LINE)
    page.get_by_role("button", name="定下口径").click()
    page.get_by_text("处置中", exact=True).first.wait_for()
    assert page.locator("html").evaluate("one => one.scrollWidth") <= 390
    page.goto(f"{console.url}/")
    page.get_by_text("突发冻结：宣传暂停").wait_for()


def reported(open_page: OpenPage, console: Console, incident_id: int) -> None:
    page = open_page()
    has_session(page, console, "press")
    page.goto(f"{console.url}/incidents")
    assert not page.evaluate(NAMELESS)
    page.goto(f"{console.url}/incidents/{incident_id}")
    assert not page.evaluate(NAMELESS)
    page.get_by_role("button", name="已报送，存档").first.click()
    page.get_by_role("heading", name="已报送").wait_for()
