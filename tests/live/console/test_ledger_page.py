"""台账 on its pages, without JavaScript: put in, worked on, checked, drawn, shown to the public, signed for, taken off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import python_calamine
from made_console import NAMES
from made_console import Console
from test_browser import NAMELESS
from test_browser import come_in

from console.sessions import COOKIE
from console.sessions import digest

OpenPage = Callable[..., Any]


def press(page: Any, button: str, **fields: str) -> None:
    """Fill the fields, by their labels, and press the button."""
    for label, value in fields.items():
        page.get_by_label(label, exact=True).first.fill(value)
    page.get_by_role("button", name=button).first.click()


def signed_in(open_page: OpenPage, console: Console, role: str, path: str, width: int = 1280) -> Any:
    """The page with a session begun now: those that were made are over when the clock has been turned."""
    page, now = open_page(width=width, java_script_enabled=False), console.clock()
    person = next(one for one in console.desk.store.people.users() if one.name == NAMES[role])
    token = f"{role}-{now:%d}-{path}".replace("/", "-").replace("?", "-").replace("=", "-")
    console.desk.store.people.start_session(person.id, digest(token), now + timedelta(hours=9), now=now)
    page.context.add_cookies([{"name": COOKIE, "value": token, "url": console.url}])
    page.goto(f"{console.url}{path}")
    return page


def test_a_line_goes_its_whole_way(console: Console, open_page: OpenPage) -> None:
    desk, case = console.desk, console.desk.store.cases.get(console.made.mine)
    page = signed_in(open_page, console, "press", f"/cases/{case.id}")
    page.get_by_text("更多操作").click()
    page.get_by_role("link", name="挂账").click()
    page.get_by_label("责任单位").select_option(case.unit)
    press(page, "挂账", 责任人="分局局长", 整改时限="2026-04-30", 整改目标="不再外溢", 整改措施="改造烟道")
    at = page.url.removeprefix(console.url)
    line = desk.store.ledger.get(int(at.rpartition("/")[2]))
    assert (line.case_id, line.state, line.number) == (case.id, "pending", "ZG2026-002")
    unit = signed_in(open_page, console, "handler", at, width=390)
    press(unit, "报进展", 进展="已进场施工")
    press(unit, "自验通过", 整改完成情况="烟道改造完工", 佐证材料="验收单", 自验意见="达标")
    assert unit.locator("html").evaluate("one => one.scrollWidth") <= 390
    reviewer = signed_in(open_page, console, "reviewer", at)
    press(reviewer, "同意", 核查人员="本局王某", 复核意见="同意销号")
    page.goto(f"{console.url}/ledger/draws")
    press(page, "抽取", 种子="2026-03-05 公开抽取")
    page.get_by_text("一致", exact=True).wait_for()
    reviewer.reload()
    press(reviewer, "合格", 抽查意见="现场复看，未见反弹")
    noticed_and_signed(console, open_page, page, at)
    done = desk.store.ledger.get(line.id)
    assert (done.state, done.serial) == ("cancelled", "聊环销〔2026〕1号")


def noticed_and_signed(console: Console, open_page: OpenPage, page: Any, at: str) -> None:
    page.goto(console.url + at)
    press(page, "拟定", 公示什么="沿街烟道油烟外溢问题已改造烟道并安装净化设施，检测达标，现予公示。")
    leader = signed_in(open_page, console, "leader", at)
    press(leader, "签发，今天起公示")
    leader.get_by_text("公示到 2026-03-12，期满后办理").wait_for()
    console.clock.at += timedelta(days=8)
    page = signed_in(open_page, console, "press", at)
    press(page, "无异议")
    press(page, "登记签字", 责任单位主要负责人姓名="丙某")
    leader = signed_in(open_page, console, "leader", at)
    press(leader, "销号")
    leader.get_by_text("聊环销〔2026〕1号").first.wait_for()


@pytest.mark.parametrize("role", ["press", "leader", "handler"])
def test_the_list_shows_the_line_with_its_card(reading_console: Console, role: str) -> None:
    with reading_console.sign_in(role) as client:
        shown = client.get("/ledger?view=yellow").text
        assert "ZG2026-001" in shown
        assert "黄牌" in shown
        assert "这里没有问题" in client.get("/ledger?view=cancelled").text


def test_the_lists_come_as_a_workbook_that_our_own_reader_opens(
    reading_console: Console, tmp_path: Any
) -> None:
    with reading_console.sign_in("press") as client:
        answer = client.get("/ledger/files/lists.xlsx")
    assert answer.content[:2] == b"PK"
    path = tmp_path / "lists.xlsx"
    path.write_bytes(answer.content)
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    assert book.sheet_names == ["问题清单", "任务清单", "责任清单", "调度表", "按辖区汇总"]
    tasks = book.get_sheet_by_name("任务清单").to_python()
    assert tasks[0][:4] == ["序号", "编号", "问题", "整改目标"]
    assert tasks[1][:3] == [1.0, "ZG2026-001", "沿街烟道油烟外溢"]


def test_the_register_of_papers_leads_to_the_line(reading_console: Console) -> None:
    with reading_console.sign_in("press") as client:
        answer = client.get("/papers?kind=ledger_closure&year=2026")
    assert answer.status_code == 200
    assert "销号表" in answer.text


def test_every_field_has_a_name(reading_console: Console, open_page: OpenPage) -> None:
    page = open_page()
    come_in(page, reading_console, "leader")
    for path in (
        "/ledger",
        "/ledger/new",
        f"/ledger/{reading_console.made.line}",
        "/ledger/draws",
        "/enterprises",
        "/enterprises/泉林纸业",
        "/hotspots",
        "/regulations",
        f"/cases/{reading_console.made.mine}/alike",
    ):
        page.goto(reading_console.url + path)
        assert not page.evaluate(NAMELESS), path
