"""The calendar of what goes out, and a press text written on the page, with and without scripts."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from made_console import Console
from test_browser import NAMELESS
from test_browser import come_in
from test_browser import has_session

from huanyu.types import MessageState
from tests.live.lacking import FAINT

OpenPage = Callable[..., Any]
FILLED = {"标题": "公众开放日报名", "正文": "市生态环境监测中心向公众开放，欢迎报名参观空气质量监测。"}


def png() -> bytes:
    """One grey pixel."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0\x80"))
        + chunk(b"IEND", b"")
    )


def fill(page: Any, console: Console, picture: Path | None = None) -> None:
    page.goto(f"{console.url}/calendar")
    page.get_by_role("link", name="写宣传稿", exact=True).click()
    for label, value in FILLED.items():
        page.get_by_label(label, exact=True).fill(value)
    if picture is not None:
        page.get_by_label("第 1 张图片").set_input_files(picture)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_press_text_becomes_a_draft_for_each_account_with_its_picture(
    console: Console, open_page: OpenPage, tmp_path: Path, scripts: bool
) -> None:
    page, store = open_page(java_script_enabled=scripts), console.desk.store
    come_in(page, console, "press")
    picture = tmp_path / "开放日.png"
    picture.write_bytes(png())
    fill(page, console, picture)
    page.get_by_label("第 1 张说明").fill("3月5日，学生参观空气自动监测站")
    page.get_by_label("第 1 张署名").fill("岳明 摄")
    page.get_by_role("button", name="生成草稿").click()
    page.wait_for_url("**/outbox/*")
    made = store.outbox.listing(states=(MessageState.DRAFT,), purpose="press")
    assert {one.content_class for one in made} == {"press"}
    assert len({one.account for one in made}) == len(made) > 0
    for one in made:
        (kept,) = store.composing.pictures(one.id)
        assert (kept.caption, kept.credit) == ("3月5日，学生参观空气自动监测站", "岳明 摄")
    page.goto(f"{console.url}/calendar")
    assert page.get_by_role("link", name="公众开放日报名").count() == len(made)


def test_a_picture_without_caption_or_credit_is_refused_and_nothing_typed_is_lost(
    console: Console, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page()
    come_in(page, console, "press")
    picture = tmp_path / "现场.png"
    picture.write_bytes(png())
    fill(page, console, picture)
    page.get_by_role("button", name="生成草稿").click()
    page.get_by_text("没有说明").wait_for()
    assert page.get_by_label("正文").input_value() == FILLED["正文"]
    assert console.desk.store.outbox.listing(purpose="press") == []


@pytest.mark.parametrize("path", ["/calendar", "/calendar?month=2026-06", "/calendar/new?product=air"])
@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (1440, "dark"), (390, "light")])
def test_the_calendar_reads_well(
    reading_console: Console, open_page: OpenPage, path: str, width: int, theme: str
) -> None:
    page = open_page(width=width, color_scheme=theme)
    has_session(page, reading_console, "press")
    page.goto(f"{reading_console.url}{path}")
    assert page.evaluate(NAMELESS) == []
    assert page.evaluate(FAINT) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_handler_writes_no_press_texts(console: Console, open_page: OpenPage) -> None:
    page = open_page()
    come_in(page, console, "handler")
    assert page.goto(f"{console.url}/calendar/new").status == 403
