"""What is one matter, said on the pages: a post taken out, two cases joined, both undone, and the hot topics."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from made_console import Console
from test_browser import NAMELESS
from test_browser import come_in
from test_browser import has_session

from tests.live.lacking import FAINT

OpenPage = Callable[..., Any]


def with_several(console: Console) -> int:
    """A case that more than one post belongs to."""
    return next(case.id for case in console.desk.store.cases.listing(limit=100) if case.posts > 1)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_post_is_taken_out_and_put_back_by_joining(
    console: Console, open_page: OpenPage, scripts: bool
) -> None:
    page, store = open_page(java_script_enabled=scripts), console.desk.store
    come_in(page, console, "press")
    case = store.cases.get(with_several(console))
    last = store.cases.posts(case.id)[-1]
    page.goto(f"{console.url}/cases/{case.id}")
    item = page.locator(".list-group-item", has=page.locator(f'form[action$="/posts/{last.id}/apart"]'))
    item.get_by_text("不是同一事项").click()
    item.get_by_label("理由").fill("说的是另一家")
    item.get_by_role("button", name="移出本件").click()
    page.get_by_text("移出一条反映").wait_for()
    opened = store.posts.case_of(last.id)
    assert opened not in {None, case.id}
    page.goto(f"{console.url}/cases/{opened}")
    page.get_by_text("更多操作").click()
    page.get_by_text("并入其他办件").click()
    page.get_by_label("另一件的编号").fill(case.number)
    page.get_by_label("为什么是同一事项").fill("看错了，就是同一家")
    page.get_by_role("button", name="并案", exact=True).click()
    page.get_by_text("并入本件的有").wait_for()
    assert page.url == f"{console.url}/cases/{case.id}"
    assert store.posts.case_of(last.id) == case.id


def test_a_join_is_undone_on_the_page_of_the_case_that_ended(console: Console, open_page: OpenPage) -> None:
    page, store = open_page(), console.desk.store
    come_in(page, console, "press")
    mine, other = sorted((console.made.mine, console.made.unsigned))
    page.goto(f"{console.url}/cases/{other}")
    page.get_by_text("更多操作").click()
    page.get_by_text("并入其他办件").click()
    page.get_by_label("另一件的编号").fill(store.cases.get(mine).number)
    page.get_by_label("为什么是同一事项").fill("同一家")
    page.get_by_role("button", name="并案", exact=True).click()
    page.get_by_text("并入本件的有").wait_for()
    page.goto(f"{console.url}/cases/{other}")
    assert page.get_by_role("button", name="提交结果").count() == 0, "nobody works on a case that has ended"
    page.get_by_label("撤销并案的理由").fill("不是同一家")
    page.get_by_role("button", name="撤销并案").click()
    page.get_by_text("撤销并入").wait_for()
    assert store.cases.get(other).state == "assigned"


def test_a_number_that_does_not_exist_is_told_in_chinese(console: Console, open_page: OpenPage) -> None:
    page = open_page()
    has_session(page, console, "press")
    page.goto(f"{console.url}/cases/{console.made.mine}")
    page.get_by_text("更多操作").click()
    page.get_by_text("并入其他办件").click()
    page.get_by_label("另一件的编号").fill("HY2026-999999")
    page.get_by_label("为什么是同一事项").fill("同一家")
    page.get_by_role("button", name="并案", exact=True).click()
    page.get_by_text("没有这个案件").wait_for()


def test_a_handler_sees_no_way_to_take_apart_or_join(reading_console: Console, open_page: OpenPage) -> None:
    page = open_page()
    has_session(page, reading_console, "handler")
    page.goto(f"{reading_console.url}/cases/{reading_console.made.mine}")
    assert page.get_by_text("不是同一事项").count() == 0
    assert page.get_by_text("并入其他办件").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_topics_show_their_terms_and_lead_to_posts_and_cases(
    reading_console: Console, open_page: OpenPage, scheme: str, width: int
) -> None:
    page = open_page(width=width, color_scheme=scheme)
    has_session(page, reading_console, "press")
    page.goto(f"{reading_console.url}/topics?period=month")
    first = page.locator(".topic").first
    first.get_by_text("条数").wait_for()
    first.get_by_text("查看").click()
    page.get_by_text("热度怎么算").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(NAMELESS) + page.evaluate(FAINT) == []
    link = first.locator('a[href^="/posts/"]').first
    link.click()
    assert "/posts/" in page.url


def test_a_period_of_ones_own_is_asked_for_without_scripts(
    reading_console: Console, open_page: OpenPage
) -> None:
    page = open_page(java_script_enabled=False)
    has_session(page, reading_console, "leader")
    page.goto(f"{reading_console.url}/topics")
    page.get_by_label("从").fill("2026-01-01")
    page.get_by_label("到").fill("2026-01-02")
    page.get_by_role("button", name="查看").click()
    page.get_by_text("这个时段没有热点").wait_for()
    assert page.goto(f"{reading_console.url}/topics?since=heute").status == 422
    assert page.goto(f"{reading_console.url}/topics?since=2026-03-05&until=2026-03-01").status == 422
    assert page.goto(f"{reading_console.url}/topics?since=0001-01-01").status == 422
    assert page.goto(f"{reading_console.url}/topics?until=9999-12-31").status == 422


def test_where_nothing_can_be_joined_nothing_is_offered(console: Console, open_page: OpenPage) -> None:
    page, store = open_page(), console.desk.store
    come_in(page, console, "press")
    case = store.cases.get(console.made.mine)
    store.moves.move(case, "closed", action="closed", note="办结", now=case.opened_at)
    page.goto(f"{console.url}/cases/{case.id}")
    page.get_by_role("heading", name=case.title).wait_for()
    assert page.get_by_text("并入其他办件").count() == 0


def test_a_handler_reads_the_number_of_another_units_case_but_is_not_led_there(
    console: Console, open_page: OpenPage
) -> None:
    page, store = open_page(), console.desk.store
    mine = store.cases.get(console.made.mine)
    elsewhere = next(
        one
        for one in store.cases.listing(states={"pending", "assigned", "signed"}, limit=100)
        if one.unit != mine.unit and one.id != mine.id
    )
    has_session(page, console, "press")
    page.goto(f"{console.url}/cases/{mine.id}")
    page.get_by_text("更多操作").click()
    page.get_by_text("并入其他办件").click()
    page.get_by_label("另一件的编号").fill(elsewhere.number)
    page.get_by_label("为什么是同一事项").fill("同一家")
    page.get_by_role("button", name="并案", exact=True).click()
    page.get_by_text("并入本件的有").wait_for()
    reader = open_page()
    has_session(reader, console, "handler")
    reader.goto(f"{console.url}/cases/{mine.id}")
    reader.get_by_text(elsewhere.number).first.wait_for()
    assert reader.locator(f'main a[href="/cases/{elsewhere.id}"]').count() == 0
