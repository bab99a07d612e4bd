"""督察信访件 on its pages, without JavaScript: a list is taken in, a bad row is told, a letter put right, files taken out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import python_calamine
from made_console import Console
from test_ledger_page import press
from test_ledger_page import signed_in

from huanyu.cells import workbook

OpenPage = Callable[..., Any]
HEAD = ("序号", "受理编号", "交办问题基本情况", "行政区域", "污染类型")
ROWS = (
    (1, "*X3LC20260305101", "柳园街道振兴路一家饭店油烟直排，夜间气味刺鼻。", "东昌府区", "大气"),
    (2, "X3LC20260305102", "许营镇一家具厂夜间机器噪声扰民。", "东昌府区、高新区", "噪声"),
    (3, "X3LC20260305103", "振兴街道徒骇河排口排出黑水。", "水城县", "水"),
)


def test_a_batch_from_its_list_to_its_table(console: Console, open_page: OpenPage, tmp_path: Path) -> None:
    page = signed_in(open_page, console, "press", "/inspections")
    page.get_by_role("link", name="登记一批").click()
    path = tmp_path / "第2批.xlsx"
    hand_in(page, path, ROWS, "3")
    assert "“行政区域”列不认识 水城县" in page.content()
    page.get_by_role("link", name="看这一批").click()
    assert "交办单写明3件，已登记2件" in page.content()
    page.goto(f"{console.url}/inspections/new")
    hand_in(page, path, (*ROWS[:2], (*ROWS[2][:3], "茌平区", "水")), "3")
    text = page.locator(".post-text").inner_text()
    assert "第2批信访举报件3件（重点关注1件），其中东昌府区2件、茌平区1件、高新区1件" in text
    assert "各处合计4件，重复计数1件，实为3件" in text
    page.get_by_role("link", name="修改 X3LC20260305102").click()
    page.get_by_label("东昌府区").uncheck()
    press(page, "保存", 责任人被处理情况="约谈1人", 为什么改="与督察组核对")
    assert "重复计数" not in page.locator(".post-text").inner_text()
    at = page.url.removeprefix(console.url)
    phone = signed_in(open_page, console, "leader", f"{at}/table", width=390)
    assert phone.locator("html").evaluate("one => one.scrollWidth") <= 390
    with console.sign_in("leader") as leader:
        got = {form: leader.get(f"{at}/files/table.{form}").content for form in ("pdf", "docx", "xlsx")}
        assert leader.get(f"{at}/files/table.html").status_code == 404
    assert (got["pdf"][:4], got["docx"][:2]) == (b"%PDF", b"PK")
    kept = tmp_path / "table.xlsx"
    kept.write_bytes(got["xlsx"])
    rows = python_calamine.CalamineWorkbook.from_path(kept).get_sheet_by_name("公开情况一览表").to_python()
    assert [row[1] for row in rows[1:]] == ["*X3LC20260305101", "X3LC20260305102", "X3LC20260305103"]
    assert rows[2][3] == "高新区"


def hand_in(page: Any, path: Path, rows: tuple[tuple[object, ...], ...], many: str) -> None:
    """Fill the form of a batch and send its list."""
    path.write_bytes(workbook({"第2批": [HEAD, *rows]}))  # type: ignore[list-item]
    page.get_by_label("清单").set_input_files(path)
    press(page, "登记", 第几批="2", 收到日期="2026-03-05", 交办单写明的件数=many, 其中重点关注="1")
