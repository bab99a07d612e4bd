"""What is looked at again, and the figures of units, as people meet them on their pages, without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from made_console import Console
from test_browser import NAMELESS
from test_browser import has_session

from flow import findings
from flow import incidents
from huanyu.clock import local
from tests.flow.office import found

OpenPage = Callable[..., Any]


def reported(console: Console) -> int:
    """The unit of the handler orders something put right by a day."""
    desk, now, case = console.desk, console.clock(), console.desk.store.cases.get(console.made.mine)
    handler = next(
        one for one in desk.store.people.users() if one.unit == case.unit and one.role == "handler"
    )
    result = replace(
        found(),
        visited_at=now - timedelta(hours=1),
        found="现场检查时装置正在运行，废气未经处理直接外排，厂界可闻到酸味。",
        rectify_by=local(now).date() + timedelta(days=10),
    )
    findings.record_result(desk, handler, case.id, case.version, result, now)
    return case.id


def test_a_handler_says_on_a_phone_that_it_was_looked_at_again(console: Console, open_page: OpenPage) -> None:
    case_id = reported(console)
    page = open_page(width=390, java_script_enabled=False)
    has_session(page, console, "handler")
    page.goto(f"{console.url}/cases/{case_id}")
    page.get_by_text("整改复查（").click()
    page.get_by_label("已到位").check()
    page.get_by_label("复查时间、人员和现场情况").fill("程立群、易建东到场，治理设施已装好并运行")
    assert page.locator("html").evaluate("one => one.scrollWidth") <= 390
    assert not page.evaluate(NAMELESS)
    page.get_by_role("button", name="保存复查").click()
    page.get_by_text("已复查：").wait_for()
    assert "整改复查：已整改到位" in console.desk.store.cases.history(case_id)[-1].note


def test_a_choice_that_is_missing_is_told_and_nothing_is_kept(console: Console) -> None:
    case_id = reported(console)
    with console.sign_in("handler") as client:
        version = console.desk.store.cases.get(case_id).version
        for typed, told in (({}, "请选择整改是否到位"), ({"done": "no"}, "新的整改期限")):
            answer = client.post(
                f"/cases/{case_id}/recheck", data={"version": version, "found": "看过了现场", **typed}
            )
            assert answer.status_code == 422
            assert told in answer.text
    assert console.desk.store.cases.get(case_id).version == version


def test_the_statistics_tell_of_units_by_year_and_month(console: Console, open_page: OpenPage) -> None:
    reported(console)
    page = open_page(java_script_enabled=False)
    has_session(page, console, "leader")
    page.goto(f"{console.url}/bulletins/statistics")
    section = page.locator("#units")
    section.get_by_role("link", name="3 月").click()
    assert "month=3" in page.url
    assert "按时签收" in page.locator("#units").inner_text()
    assert "不计百分比" in page.locator("#units").inner_text()
    assert not page.evaluate(NAMELESS)
    narrow = open_page(width=390, java_script_enabled=False)
    has_session(narrow, console, "leader")
    narrow.goto(f"{console.url}/bulletins/statistics")
    assert narrow.locator("html").evaluate("one => one.scrollWidth") <= 390


def test_the_paper_of_a_report_is_on_the_page_of_its_incident_and_in_the_register(console: Console) -> None:
    desk, now, case = console.desk, console.clock(), console.desk.store.cases.get(console.made.mine)
    leader = next(one for one in desk.store.people.users() if one.role == "leader")
    press = next(one for one in desk.store.people.users() if one.role == "press")
    number = incidents.propose(desk, press, case.id, case.version, "河面大片死鱼", now)
    incidents.declare(desk, leader, number, "较大", "徒骇河水体异常", now)
    text = incidents.outline(desk, desk.store.incidents.get(number), "初报")
    with console.sign_in("press") as client:
        sent = {"kind": "初报", "whom": "市政府", "text": text, "signer": leader.name}
        assert client.post(f"/incidents/{number}/reports", data=sent).status_code == 303
        (row,) = desk.store.incidents.reports(number)
        page = client.get(f"/incidents/{number}").text
        assert "聊环突初〔2026〕1号" in page
        assert f"/incidents/{number}/reports/{row.id}.docx" in page
        paper = client.get(f"/incidents/{number}/reports/{row.id}.pdf")
        assert paper.headers["content-type"] == "application/pdf"
        assert paper.content.startswith(b"%PDF")
        register = client.get("/papers", params={"kind": "incident_first"}).text
        assert f'<a href="/incidents/{number}">聊环突初〔2026〕1号</a>' in register


def test_who_stands_back_is_chosen_by_name_and_unit_the_own_unit_first(console: Console) -> None:
    """Half a bureau may share a family name."""
    with console.sign_in("press") as client:
        page = client.get(f"/cases/{console.made.mine}").text
    listed = page.partition('aria-label="回避的人"')[2].partition("</select>")[0]
    names = [one.partition("</option>")[0].rpartition(">")[2] for one in listed.split("<option")[2:]]
    unit = console.desk.bureau.unit(console.desk.store.cases.get(console.made.mine).unit)
    assert unit is not None and names and names[0].endswith(f"（{unit.short}）")
    assert len(names) == len(set(names))
