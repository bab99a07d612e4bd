"""帮助: the manual is read in the console, opened at one's own day; its links and pictures lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from made_console import Console
from test_browser import come_in

from console import handbook

OpenPage = Callable[..., Any]


def test_help_opens_at_the_readers_own_day_with_its_pictures(
    reading_console: Console, open_page: OpenPage
) -> None:
    page = open_page(390, 844, java_script_enabled=False)
    come_in(page, reading_console, "reviewer")
    page.get_by_role("link", name="帮助").click()
    page.get_by_role("heading", name="审核的一天", level=1).wait_for()
    picture = page.get_by_role("img", name="今日页：等您审核的文稿")
    picture.scroll_into_view_if_needed()
    assert picture.evaluate("async one => { await one.decode(); return one.naturalWidth }") > 1000
    page.get_by_role("link", name="审核和局领导").click()
    page.get_by_role("heading", name="五、审核和局领导").wait_for()
    assert page.url.endswith("/help/manual#五审核和局领导") or "#%E4%BA%94" in page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("key", handbook.CHAPTERS)
def test_every_link_and_picture_of_a_chapter_leads_somewhere(reading_console: Console, key: str) -> None:
    told = {one: handbook.chapter(one).body for one in handbook.CHAPTERS}
    found = re.findall(r'(?:href|src)="(?!https?:)([^"]+)"', told[key])
    assert found
    with reading_console.sign_in("assessor") as client:
        for where in found:
            path, _, anchor = where.partition("#")
            other = path.removeprefix("/help/") if path else key
            if path.endswith(".png"):
                assert client.get(path).headers["content-type"] == "image/png"
            else:
                assert other in told, where
                assert not anchor or f'id="{unquoted(anchor)}"' in told[other], where


def unquoted(anchor: str) -> str:
    return re.sub(
        r"(?:%[0-9A-Fa-f]{2})+", lambda one: bytes.fromhex(one[0].replace("%", "")).decode(), anchor
    )


def test_nothing_but_the_manual_is_served(reading_console: Console) -> None:
    with reading_console.sign_in("admin") as client:
        for path in ("/help/security", "/help/pictures/..%2fmanual.md", "/help/pictures/nothing.png"):
            assert client.get(path).status_code == 404
    with reading_console.visitor() as stranger:
        assert stranger.get("/help").status_code == 303
        assert stranger.get("/help/pictures/press-today.png").status_code == 303
