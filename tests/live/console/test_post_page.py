"""What a post names, as the press office reads it on the page of the post."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import made_desk
import pytest
from made_console import Console
from test_browser import NAMELESS
from test_browser import has_session

from flow import cycle
from huanyu.types import RawPost
from huanyu.types import SourceKind
from tests.live.lacking import FAINT

OpenPage = Callable[..., Any]
PHONE = "13812345678"
TEXT = (
    "#聊城身边事# @聊城环境 老家莘县，现在住茌平乐平铺，宏达轧钢厂每天凌晨2点排黄烟，信发铝厂那边也是，"
    f"联系我电话{PHONE}，微信号 abc_12345"
)


@pytest.fixture
def post(console: Console) -> int:
    """A post that names everything a post may name."""
    raw = RawPost(
        source="forum",
        kind=SourceKind.FORUM,
        native_id="880001",
        url="https://forum.example.org/880001",
        text=TEXT,
        author="早起的人",
        posted_at=made_desk.NOW,
        fetched_at=made_desk.NOW,
    )
    console.desk.store.posts.add([raw], now=made_desk.NOW)
    (found,) = [one.id for one in console.desk.store.posts.without_verdict(10)]
    cycle.run(console.desk, "understand", console.clock())
    return found


def test_the_page_tells_what_the_post_names(console: Console, post: int, open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    has_session(page, console, "press")
    page.goto(f"{console.url}/posts/{post}")
    told = page.locator("dl.facts").first
    rows = dict(zip(told.locator("dt").all_inner_texts(), told.locator("dd").all_inner_texts(), strict=True))
    assert rows["企业"] == "信发集团、宏达轧钢厂"
    assert rows["时间"] == "每天凌晨2点"
    assert rows["话题"].strip() == "#聊城身边事#"
    assert rows["提到账号"].strip() == "@聊城环境"
    assert rows["联系方式"].startswith("手机号、微信或 QQ")
    assert PHONE not in told.inner_text()
    assert "乐平铺镇" in rows["地点"]
    assert "莘县" not in rows["地点"]
    with page.expect_navigation():
        page.get_by_role("link", name="#聊城身边事#").click()
    page.get_by_text("宏达轧钢厂").first.wait_for()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_the_page_is_readable_on_a_phone_and_in_the_dark(
    console: Console, post: int, open_page: OpenPage, width: int, scheme: str
) -> None:
    page = open_page(width, color_scheme=scheme)
    has_session(page, console, "press")
    page.goto(f"{console.url}/posts/{post}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(NAMELESS) + page.evaluate(FAINT) == []


def test_the_press_office_opens_a_case_for_a_post_the_program_left_without_one(
    console: Console, open_page: OpenPage
) -> None:
    page = open_page(java_script_enabled=False)
    has_session(page, console, "press")
    page.goto(f"{console.url}/posts?view=rest")
    page.locator("main a[href^='/posts/']").first.click()
    form = page.locator("#open form")
    form.get_by_label("理由").fill("看图片说的是排水口冒黑水")
    with page.expect_navigation():
        form.get_by_role("button", name="立案").click()
    assert "/cases/" in page.url
    page.get_by_text("人工立案：看图片说的是排水口冒黑水").first.wait_for()
    post = page.locator("a[href^='/posts/']").first.get_attribute("href")
    page.goto(f"{console.url}{post}")
    assert page.locator("#open").count() == 0
    page.get_by_role("link", name="所在案件").wait_for()


def test_what_the_author_changed_is_marked_and_pictures_open_above_the_page(
    console: Console, open_page: OpenPage
) -> None:
    page, store = open_page(), console.desk.store
    old = store.posts.get(console.made.pictured)
    raw = RawPost(
        source=old.source,
        kind=old.kind,
        native_id=old.native_id,
        url=old.url,
        text=f"{old.text}又来补充一句。",
        author=old.author,
        posted_at=old.posted_at,
        fetched_at=made_desk.NOW,
    )
    store.posts.add([raw], now=made_desk.NOW)
    has_session(page, console, "press")
    page.goto(f"{console.url}/posts/{old.id}")
    assert page.locator("ins").last.text_content() == "又来补充一句。"
    page.get_by_role("link", name="打开留存的图片 1").click()
    box = page.get_by_role("dialog", name="图片")
    box.wait_for()
    first = box.locator("img").get_attribute("src")
    page.keyboard.press("ArrowRight")
    assert box.locator("img").get_attribute("src") != first or len(console.made.pictures) == 1
    page.keyboard.press("Escape")
    box.wait_for(state="hidden")
    assert page.url.endswith(f"/posts/{old.id}")
