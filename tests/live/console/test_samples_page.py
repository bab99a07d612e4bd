"""抽查 as the press office meets it: one key for one answer, without scripts too, and a rate that says how sure it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import made_desk
import pytest
from made_console import NAMES
from made_console import Console
from test_browser import NAMELESS
from test_browser import come_in
from test_browser import has_session

from flow import cycle
from flow import teaching
from huanyu.types import PostType
from huanyu.types import Sentiment
from tests.live.lacking import FAINT

OpenPage = Callable[..., Any]


@pytest.fixture
def drawn(console: Console) -> Console:
    """A desk with six posts drawn for a look."""
    assert cycle.run(console.desk, "sample", console.clock()) >= 4
    return console


def said(console: Console) -> list[str]:
    return [one.type for one in console.desk.store.samples.judged()]


def test_samples_are_judged_with_one_key_each(drawn: Console, open_page: OpenPage) -> None:
    page = open_page()
    come_in(page, drawn, "press")
    page.get_by_role("link", name="抽查待判").click()
    page.get_by_text("还没有人判过抽查的帖文").wait_for()
    held = [one.post_id for one in drawn.desk.store.samples.waiting()]
    for key in ("n", "y", "3"):
        with page.expect_navigation():
            page.keyboard.press(key)
    assert said(drawn)[1:3] == ["complaint", "opinion"]
    page.locator(".rate").wait_for()
    assert drawn.desk.store.posts.verdict(held[1]).is_complaint
    cycle.run(drawn.desk, "open", drawn.clock())
    assert held[1] not in {post.id for post, _ in drawn.desk.store.posts.complaints_without_case(10)}


def test_samples_are_judged_without_scripts_by_enter_and_tab(drawn: Console, open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    has_session(page, drawn, "press")
    page.goto(f"{drawn.url}/samples")
    page.locator("button:focus").wait_for()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.locator("button:focus").get_by_text("不是投诉").wait_for()
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_role("heading", name="漏判率").wait_for()
    assert said(drawn)[1:] == ["complaint"]


def test_a_complaint_with_its_kind_keeps_the_kind(drawn: Console, open_page: OpenPage) -> None:
    page = open_page()
    has_session(page, drawn, "reviewer")
    page.goto(f"{drawn.url}/samples")
    page.get_by_text("写明类别").click()
    page.get_by_label("生活垃圾").check()
    with page.expect_navigation():
        page.keyboard.press("y")  # the box has the focus
    (kept,) = drawn.desk.store.samples.judged()
    assert drawn.desk.store.posts.verdict(kept.post_id).kinds == ("waste.household",)


def test_who_may_only_look_sees_no_buttons(drawn: Console, open_page: OpenPage) -> None:
    page = open_page()
    has_session(page, drawn, "leader")
    page.goto(f"{drawn.url}/samples")
    page.get_by_role("heading", name="漏判率").wait_for()
    assert page.get_by_role("button", name="是投诉").count() == 0


def test_what_waits_too_long_is_told_on_the_first_page(console: Console, open_page: OpenPage) -> None:
    began = console.clock() - timedelta(days=3, hours=1)
    count = cycle.run(console.desk, "sample", began)
    page = open_page()
    come_in(page, console, "press")
    page.get_by_role("link", name="抽查逾期").click()
    page.get_by_role("status").get_by_text(f"有 {count} 条抽出超过 3 天").wait_for()


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_can_be_read_and_used_by_everybody(
    drawn: Console, open_page: OpenPage, width: int, scheme: str
) -> None:
    page = open_page(width=width, color_scheme=scheme)
    has_session(page, drawn, "press")
    page.goto(f"{drawn.url}/samples")
    page.get_by_text("写明类别").click()
    assert page.evaluate(NAMELESS) == []
    assert page.evaluate(FAINT) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_post_page_shows_who_corrected_what(console: Console, open_page: OpenPage) -> None:
    page, post = open_page(), console.made.post
    has_session(page, console, "press")
    page.goto(f"{console.url}/posts/{post}")
    page.get_by_label("情绪").select_option("正面")
    page.get_by_label("紧急").select_option("是")
    page.get_by_role("button", name="保存更正").click()
    history = page.locator("section", has_text="更正记录")
    history.get_by_text("→ 正面").wait_for()
    verdict = console.desk.store.posts.verdict(post)
    assert (verdict.sentiment, verdict.urgent) == (Sentiment.POSITIVE, True)
    assert [one.actor for one in console.desk.store.posts.corrections(post)] == [NAMES["press"]]
    assert history.get_by_text("宣晓敏").count() == 1


def test_a_judged_doubt_is_marked_as_one(console: Console, open_page: OpenPage) -> None:
    page, post = open_page(), console.made.unsure[0]
    press = made_desk.user(console.desk, NAMES["press"])
    teaching.correct_label(console.desk, press, post, PostType.OPINION, (), console.clock())
    has_session(page, console, "press")
    page.goto(f"{console.url}/posts/{post}")
    page.locator("section", has_text="更正记录").get_by_text("拿不准").wait_for()
