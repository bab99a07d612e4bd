"""`huanyu doctor` says of every source what a person should know, and leaves with 1 when there is anything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from console.commands.work import unproven
from console.commands.work import unwell
from flow import staff
from flow.desk import Desk
from huanyu import clock
from huanyu.config import Config
from huanyu.types import Reject
from huanyu.types import SourceState

SOURCES = """
[[source]]
key = "luntan"
name = "鲁西生活圈论坛"
spider = "discuz"
kind = "forum"
base_url = "https://forum.example.org"
boards = ["2"]

[[source]]
key = "weibo"
name = "微博关键词"
spider = "weibo"
kind = "weibo"
mode = "search"
permission = "演示"
keywords = ["聊城"]

[[source]]
key = "chenxun"
name = "水城晨讯"
spider = "feed"
kind = "news"
urls = ["https://news.example.org/rss.xml"]
enabled = false
"""
NOW = clock.now()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "sources.toml").write_text(SOURCES, encoding="utf-8")
    (tmp_path / "huanyu.toml").write_text('data_dir = "data"\nconfig_dir = "config"\n', encoding="utf-8")
    opened = Desk.open(Config.load(tmp_path / "huanyu.toml"))
    yield opened
    opened.close()


def stands(desk: Desk, key: str, state: str, sentence: str) -> None:
    since = NOW - timedelta(hours=2)
    kept = SourceState(source=key, state=state, since=since, sentence=sentence)
    desk.store.sources.save_state(kept, now=NOW)


def test_of_sources_that_are_well_or_were_never_read_nothing_is_said(desk: Desk) -> None:
    assert list(unwell(desk, NOW)) == []
    stands(desk, "luntan", "ok", "正常, 没有新内容")
    stands(desk, "chenxun", "failing", "停用以前就坏了")
    assert list(unwell(desk, NOW)) == []


def test_a_source_in_trouble_is_named_with_its_state_since_when_and_why(desk: Desk) -> None:
    stands(desk, "weibo", "login_needed", "登录已失效, 请更新该来源的登录凭据")
    stands(desk, "luntan", "silent", "已有 31 小时没有新内容")
    first, second = unwell(desk, NOW)
    since = f"{clock.local(NOW - timedelta(hours=2)):%m-%d %H:%M}"
    assert first == f"来源 weibo (微博关键词) 需登录, 自 {since}: 登录已失效, 请更新该来源的登录凭据"
    assert second.startswith("来源 luntan (鲁西生活圈论坛) 无新内容") and "31 小时" in second


def test_a_paused_source_is_named_with_who_and_why(desk: Desk) -> None:
    stands(desk, "luntan", "ok", "正常")
    desk.store.sources.pause("luntan", "对方正在搬家", actor="xuanjiao", now=NOW)
    (told,) = unwell(desk, NOW)
    assert "已暂停" in told and "xuanjiao" in told and "对方正在搬家" in told


def test_coverage_below_nine_in_ten_and_items_unread_are_told(desk: Desk) -> None:
    for number in range(10):
        url = f"https://forum.example.org/thread-{number}-1-1.html"
        probe = desk.store.probes.add("luntan", url, "", f"第{number}条已知的帖文", NOW, "xuanjiao", NOW)
        desk.store.probes.save_found(probe, NOW.date(), None, NOW)
    bad = Reject(source="luntan", where="https://forum.example.org/x", reason="?", payload=b"", at=NOW)
    desk.store.posts.add_rejects([bad], now=NOW)
    blind, unread = unwell(desk, NOW)
    assert "10 条帖文里只有 0 条" in blind
    assert "有 1 项读不懂" in unread and "huanyu replay --source luntan" in unread


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("", ""),
        ("publish_live = true", "签发: 管丽娟 ("),  # only to sign for live mode; the others when it has begun
        ('second_factor = "always"', "签发: 管丽娟、申建国 ("),
        ('publish_live = true\nsecond_factor = "never"', "只凭密码"),
    ],
)
def test_who_lacks_a_second_factor_is_named_where_it_is_asked_for(
    tmp_path: Path, settings: str, told: str
) -> None:
    (tmp_path / "huanyu.toml").write_text(f'data_dir = "data"\n{settings}\n', encoding="utf-8")
    opened = Desk.open(Config.load(tmp_path / "huanyu.toml"))
    for name, full_name, role in (("guanli", "管丽娟", "admin"), ("shenhe", "申建国", "reviewer")):
        staff.add(opened, None, staff.NewUser(name, full_name, role), "h", NOW)
    staff.add(opened, None, staff.NewUser("pinggu", "平安宁", "assessor"), "h", NOW)
    found = [*unproven(opened)]
    opened.close()
    assert len(found) == bool(told)
    assert all(told in one for one in found)
