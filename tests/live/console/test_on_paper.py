"""Pages as they come out of a printer: what they say stands there, black on white; what is clicked does not."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import made_desk
import pypdfium2
import pytest
from made_console import Console
from test_browser import come_in
from test_browser import has_session

OpenPage = Callable[..., Any]

#: A4 without its margins, in CSS pixels.
WIDTH = 688
#: Page -> what must stand on its first sheet.
SHEETS = {
    "/": ("今日", "最紧的时限", "今日动态"),
    "/cases/{mine}": ("群众反映", "承办", "经过", "立案"),
    "/cases?view=all": ("案件", "全部单位", "HY2026-000047"),
    "/deadlines": ("时限", "全部等级", "首次回应"),
    "/outbox/{notice}": ("转办单", "承办单位", "办理要求"),
    "/bulletins/statistics": ("2026 年统计", "上年同期", "承办单位办理情况"),
    "/statistics/charts": ("统计图", "每天投诉", "2026-03-05", "投诉类别"),
}
CLICKED = "main button, main .btn, main form:not(.filters), main [type=checkbox], nav.side, .statusbar, .skip, .pager"
#: What somebody would click, rows with fewer cells shown than heads, and ink too pale for a printer.
ODD = """clicked => {
  const shown = one => one.checkVisibility({ visibilityProperty: true });
  const all = (selector, root = document) => [...root.querySelectorAll(selector)].filter(shown);
  const light = colour => Math.min(...colour.match(/[\\d.]+/g).slice(0, 3).map(Number));
  const cells = row => all("td, th", row).reduce((sum, one) => sum + one.colSpan, 0);
  return [
    ...all(clicked),
    ...all("table").flatMap(table => {
      const [head, ...rows] = all("tr", table);
      return all("thead", table).length ? rows.filter(row => cells(row) !== cells(head)) : [];
    }),
    ...all("main *").filter(one => [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
      .filter(one => !one.closest("svg, .badge.bg-red") && light(getComputedStyle(one).color) > 120),
  ].map(one => one.outerHTML.slice(0, 120));
}"""


def sheets(page: Any) -> list[str]:
    """The texts of the sheets that come out of the printer."""
    document = pypdfium2.PdfDocument(BytesIO(page.pdf(prefer_css_page_size=True)))
    try:
        return [sheet.get_textpage().get_text_range() for sheet in document]
    finally:
        document.close()


def on_paper(page: Any, console: Console, path: str) -> None:
    """Open a page, in dark, and look at it as a printer does."""
    page.goto(console.url + path.format_map(vars(console.made)))
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": WIDTH, "height": 970})


@pytest.mark.parametrize("path", SHEETS)
def test_a_page_on_paper_says_what_it_says_and_by_whom_it_was_printed(
    reading_console: Console, open_page: OpenPage, path: str
) -> None:
    page = open_page(color_scheme="dark")
    come_in(page, reading_console, "press")
    on_paper(page, reading_console, path)
    assert page.evaluate(ODD, CLICKED) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator(".paper-head").inner_text().split("\n")[0] == "聊城市生态环境局宣教科"
    found = sheets(page)
    by_whom = f"{made_desk.PEOPLE['press'][1]} {made_desk.NOW:%Y-%m-%d %H:%M}"
    assert f"{by_whom} 打印" in found[0]
    assert all("内部使用" in sheet for sheet in found), "the watermark stands on every sheet"
    assert len(found[0].replace("内部使用", "")) > 400, "the first sheet is not left empty"
    assert [word for word in SHEETS[path] if word not in "".join(found)] == []


def test_what_is_folded_away_on_the_screen_stands_on_paper(
    reading_console: Console, open_page: OpenPage
) -> None:
    page = open_page()
    has_session(page, reading_console, "press")
    page.goto(f"{reading_console.url}/statistics/charts")
    assert not page.locator(".chart details table").first.is_visible()
    assert not page.locator(".paper-head").is_visible()
    on_paper(page, reading_console, "/statistics/charts")
    assert page.locator(".chart details table").first.is_visible()


def test_a_bulletin_says_where_its_text_is_printed(reading_console: Console, open_page: OpenPage) -> None:
    page = open_page()
    come_in(page, reading_console, "press")
    on_paper(page, reading_console, "/bulletins/1")
    assert page.get_by_text("正文不在这一页上打印，请用右上角的 PDF。").is_visible()
    assert not page.locator("iframe.paper").is_visible()


def test_what_is_known_of_a_reporter_is_not_printed_in_passing(console: Console, open_page: OpenPage) -> None:
    page = open_page()
    has_session(page, console, "press")
    page.goto(f"{console.url}/cases/{console.made.mine}/reporter")
    page.get_by_label("为什么要看").fill("电话核实地点")
    page.get_by_role("button", name="查看", exact=True).click()
    card = page.locator("section", has=page.get_by_role("heading", name="举报人", exact=True))
    card.wait_for()
    page.emulate_media(media="print")
    assert not card.is_visible()
    assert page.get_by_text("举报人信息不在这一页上打印").is_visible()
