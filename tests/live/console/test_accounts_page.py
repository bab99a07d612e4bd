"""The official accounts as the press office sees them: what is wrong, what a person does, and going on afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from made_console import Console
from made_desk import NOW
from test_browser import NAMELESS
from test_browser import come_in
from test_browser import has_session

from tests.live.lacking import FAINT

OpenPage = Callable[..., Any]
REVOKED = "授权被收回（21327），已停止发布"


@pytest.fixture
def broken(console: Console) -> Console:
    """The Weibo account lost its authorisation half an hour ago and rests."""
    store = console.desk.store.accounts
    store.hold("weibo", NOW + timedelta(minutes=30), "令牌失效，等待重新授权", NOW)
    kept = store.state("weibo")
    store.save(
        replace(
            kept,
            state="revoked",
            note=REVOKED,
            checked_at=NOW,
            followers=20310,
            token_expires_at=NOW + timedelta(days=60),
        ),
        NOW,
    )
    return console


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_broken_account_says_what_is_wrong_and_goes_on_when_it_is_repaired(
    broken: Console, open_page: OpenPage, scripts: bool
) -> None:
    page = open_page(java_script_enabled=scripts)
    come_in(page, broken, "press")
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name="账号").click()
    page.get_by_role("heading", name="1 个账号等人处理").wait_for()
    page.get_by_text("请管理员重新授权").wait_for()
    row = page.get_by_role("row").filter(has_text="聊城环境")
    for told in (REVOKED, "令牌失效，等待重新授权", "关注 20310", "05-04 10:20", "接口还没有人试过"):
        assert told in row.inner_text()
    with page.expect_navigation():
        row.get_by_role("button", name="恢复").click()
    assert page.get_by_text("暂停到").count() == 0
    assert broken.desk.store.accounts.state("weibo").held_until is None
    assert page.get_by_role("heading", name="等人处理").count() == 0


def test_who_does_not_tend_accounts_sees_them_without_the_button(
    broken: Console, open_page: OpenPage
) -> None:
    page = open_page()
    has_session(page, broken, "reviewer")
    page.goto(f"{broken.url}/accounts")
    page.get_by_text(REVOKED).first.wait_for()
    assert page.get_by_role("button", name="恢复", exact=True).count() == 0


def test_what_nobody_has_looked_at_is_not_called_well(reading_console: Console, open_page: OpenPage) -> None:
    page = open_page()
    has_session(page, reading_console, "admin")
    page.goto(f"{reading_console.url}/accounts")
    page.get_by_text("现在是演练模式，不向平台查看账号").wait_for()
    assert page.get_by_role("row").filter(has_text="舆情工作邮箱").get_by_text("还没有查看").count() == 1


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")])
def test_the_accounts_read_well(broken: Console, open_page: OpenPage, width: int, scheme: str) -> None:
    page = open_page(width=width, color_scheme=scheme)
    has_session(page, broken, "press")
    page.goto(f"{broken.url}/accounts")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(NAMELESS) == []
    assert page.evaluate(FAINT) == []
