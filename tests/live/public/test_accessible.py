"""Every public page, at a desk, on a telephone in dark and at 320 pixels: labels, headings, focus, targets, contrast."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import made_public
import pytest
from made_public import NOW
from made_public import PLACE
from made_public import TEXT
from made_public import Public
from test_open import old_post

from tests.live.lacking import lacking

OpenPage = Callable[..., Any]
VIEWS = ((1366, 850, "light"), (1366, 850, "dark"), (390, 844, "dark"), (320, 568, "light"))


@pytest.mark.parametrize("path", ["/", "/report", "/progress", "/results", "/statistics", "/nowhere"])
def test_a_page_anybody_may_open_lacks_nothing(public: Public, open_page: OpenPage, path: str) -> None:
    posts = [old_post(index) for index in range(9)]
    public.desk.store.posts.add(posts, now=NOW - timedelta(days=20))
    page = open_page()
    page.goto(public.url + path)
    assert lacking(page, VIEWS) == []


def test_the_pages_of_a_report_lack_nothing_from_a_mistake_to_the_result(
    public: Public, open_page: OpenPage
) -> None:
    page = open_page()

    def hand_in() -> None:
        public.clock.on(seconds=5)
        page.get_by_role("button", name="提交", exact=True).click()

    def look_up(code: str, heading: str) -> None:
        page.goto(f"{public.url}/progress?number={number}")
        page.get_by_label("校验码").fill(code)
        page.get_by_role("button", name="查询").click()
        page.get_by_role("heading", name=heading).wait_for()

    found = {}
    page.goto(f"{public.url}/report")
    hand_in()
    page.get_by_role("alert").wait_for()
    found["mistakes"] = lacking(page, VIEWS)
    page.get_by_label("发生了什么").fill(TEXT)
    page.get_by_label("在哪里").fill(PLACE)
    page.get_by_label("我已阅读以上说明").check()
    hand_in()
    page.get_by_role("heading", name="已经收到").wait_for()
    found["receipt"] = lacking(page, VIEWS)
    number, code = made_public.receipt_of(page.content())
    look_up("ABCD-ABCD-ABCD", "没有查到")
    found["wrong code"] = lacking(page, VIEWS)
    case = made_public.answered(public.desk, number, public.clock)
    look_up(code, "办理进度")
    found["answer and rating"] = lacking(page, VIEWS)
    for path in ("/index.html", f"/r/{case.public_id}.html"):
        page.goto(public.url + path)
        found[path] = lacking(page, VIEWS)
    assert {name: told for name, told in found.items() if told} == {}
