"""The tables as the administrator meets them: found, changed as a form, compared, saved, taken back; without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Iterator
from typing import Any

import pytest
from made_console import Console
from made_console import pages
from test_browser import come_in
from test_browser import has_session

from flow import tables
from flow.table_journal import FILE
from huanyu.cells import sheet
from huanyu.table_files import LISTS
from huanyu.table_files import SINGLES

OpenPage = Callable[..., Any]


def test_a_unit_is_found_changed_compared_saved_and_taken_back(console: Console, open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    has_session(page, console, "admin")
    page.goto(f"{console.url}/tables")
    page.get_by_label("在各表中查找").fill("市执法支队")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("link", name=re.compile("聊城市生态环境保护综合执法支队")).first.click()
    page.get_by_label("电话").fill("0635-8000099")
    page.get_by_role("button", name="比较", exact=True).click()
    assert page.locator("#preview ins").inner_text() == "0635-8000099"
    assert console.desk.bureau.unit("zhifa").phone == "0635-8000001"
    page.get_by_role("button", name="保存，立即生效").click()
    page.get_by_text("已保存，立即生效").wait_for()
    assert console.desk.bureau.unit("zhifa").phone == "0635-8000099"
    page.get_by_role("main").get_by_role("link", name="改动记录").click()
    page.get_by_role("button", name="撤销").click()
    page.get_by_text("已撤销").wait_for()
    assert console.desk.bureau.unit("zhifa").phone == "0635-8000001"


def test_what_was_changed_after_the_look_is_looked_at_again(console: Console, open_page: OpenPage) -> None:
    page = open_page()
    has_session(page, console, "admin")
    page.goto(f"{console.url}/tables/units/rows/0")
    page.get_by_label("电话").fill("1")
    page.get_by_role("button", name="比较", exact=True).click()
    page.get_by_label("电话").fill("2")
    page.get_by_role("button", name="保存，立即生效").click()
    page.locator("#preview ins", has_text="2").wait_for()
    assert console.desk.bureau.units[0].phone == "0635-8000001"


def test_what_was_typed_is_given_back_with_the_mistake(console: Console, open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    has_session(page, console, "admin")
    page.goto(f"{console.url}/tables/units/rows/1")
    page.get_by_label("辖区").fill("远方")
    page.get_by_role("button", name="比较", exact=True).click()
    assert "远方" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("辖区").input_value() == "远方"


@pytest.fixture(scope="module")
def page_of_forms(browser: object, reading_console: Console) -> Iterator[Any]:
    """The administrator's page without scripts, opened once: opening one takes longer than sending a form."""
    with pages(browser) as opened:
        page = opened(java_script_enabled=False)
        come_in(page, reading_console, "admin")
        yield page


@pytest.mark.parametrize("table", [*LISTS, *SINGLES])
def test_a_row_sent_back_as_it_was_shown_changes_nothing(
    reading_console: Console, page_of_forms: Any, table: str
) -> None:
    count = len(tables.rows(table, tables.current(reading_console.desk, table)))
    page = page_of_forms
    for number in sorted({0, count // 2, count - 1} & set(range(count))):
        page.goto(f"{reading_console.url}/tables/{table}/rows/{number}")
        page.locator("form[action$='/rows']").evaluate("form => form.noValidate = true")
        page.get_by_role("button", name="比较", exact=True).click()
        told = page.get_by_role("main").inner_text()
        assert "没有改动" in told or "请写依据" in told, f"{table} {number}: {told[:600]}"


def test_every_table_and_its_pages_are_in_chinese_and_fit_a_phone(
    reading_console: Console, open_page: OpenPage
) -> None:
    phone = open_page(390, 844)
    come_in(phone, reading_console, "admin")
    for path in (
        "/tables?q=油烟",
        "/tables/clocks",
        "/tables/clocks/rows/0",
        "/tables/units/new",
        "/tables/enterprises/import",
        "/tables/changes",
    ):
        phone.goto(f"{reading_console.url}{path}")
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390, path


def test_the_press_office_reads_and_is_offered_no_change(reading_console: Console) -> None:
    with reading_console.sign_in("press") as press:
        told = press.get("/tables/units/rows/0").text
        assert "保存" not in told
        assert 'value="look"' not in told
        assert press.get("/tables/nosuch").status_code == 404
        assert press.get("/tables/units/rows/99999").status_code == 404


def test_a_table_that_moves_cases_says_which(console: Console) -> None:
    rows = tables.rows("routes", tables.current(console.desk, "routes"))
    number = next(
        place for place, row in enumerate(rows) if row["id"].startswith("cooking") and not row.get("adds")
    )
    with console.sign_in("admin") as admin:
        page = admin.get(f"/tables/routes/rows/{number}").text
        seen = re.search(r'name="seen" value="(\w+)"', page)[1]
        told = admin.post(
            "/tables/routes/rows", data={"row": number, "seen": seen, "act": "end", "until": "2026-03-01"}
        ).text
    assert "最近" in told
    assert "件中换人承办" in told


def test_a_list_of_enterprises_is_taken_in_and_its_bad_row_put_right(
    console: Console, open_page: OpenPage
) -> None:
    """Without scripts, as far as the enterprise's own page."""
    head = ("企业名称", "所在县（市、区）", "行业", "名录类别", "正面清单")
    good = ("东阿清源造纸有限公司", "东阿县", "造纸", "水环境、大气环境", "是")
    body = sheet([head, good, ("月球化工有限公司", "月球县", "化工", "大气环境", "")])
    page = open_page(java_script_enabled=False)
    has_session(page, console, "admin")
    page.goto(f"{console.url}/tables/enterprises")
    page.get_by_role("link", name="导入名录").click()
    page.get_by_label("名录").set_input_files({"name": "名录.csv", "mimeType": "text/csv", "buffer": body})
    page.get_by_role("button", name="导入", exact=True).click()
    page.get_by_text("添上 1 家，补全 0 家，没有变化 0 家，有错 1 行").wait_for()
    page.get_by_role("link", name="到来源页逐行改正").click()
    page.get_by_role("link", name="不认识“月球县”").click()
    page.get_by_label("所在县（市、区）").fill("冠县")
    page.get_by_role("button", name="改好，取用这一行").click()
    page.get_by_text("读懂了：新增 1 条").wait_for()
    page.goto(f"{console.url}/enterprises/东阿清源造纸有限公司")
    told = page.get_by_role("main").inner_text()
    assert "水环境、大气环境" in told and "先非现场核实" in told
    assert {row.name for row in console.desk.bureau.enterprises} >= {good[0], "月球化工有限公司"}


def test_a_line_of_the_journal_that_cannot_be_read_is_named_on_the_page_of_changes(console: Console) -> None:
    (console.desk.config.data_dir / FILE).write_bytes(b"\0\0\n\xff{\n")
    with console.sign_in("admin") as admin:
        told = admin.get("/tables/changes").text
        assert admin.get("/tables").status_code == 200
    assert "第 1、2 行读不出" in told and "没有读得出的改动" in told
