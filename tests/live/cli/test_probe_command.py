"""`huanyu probe`: known posts are added, listed with what is missing, and retired."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from console import cli
from huanyu.clock import now
from huanyu.config import SHIPPED
from huanyu.config import Config
from huanyu.store import Store
from huanyu.types import RawPost
from huanyu.types import SourceKind

WORDS = "许营镇夜里又有刺鼻气味"
URL = "https://m.weibo.cn/detail/5123456789012345"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "huanyu.toml").write_text('data_dir = "data"\nconfig_dir = "config"\n', encoding="utf-8")
    shutil.copytree(SHIPPED, tmp_path / "config")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def collect(native_id: str, link: str) -> None:
    config = Config.load()
    raw = RawPost(
        source="weibo-mentions", kind=SourceKind.WEIBO, native_id=native_id, url=URL, text=WORDS,
        fetched_at=now(), link=link,
    )  # fmt: skip
    with Store.open(config.database, config.store_key) as store:
        store.posts.add([raw], now())


def probe(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    capsys.readouterr()
    code = cli.run(["probe", *arguments])
    told = capsys.readouterr()
    return code, told.out + told.err


def add(capsys: pytest.CaptureFixture[str], url: str, *more: str) -> tuple[int, str]:
    return probe(capsys, "add", url, "--source", "weibo-mentions", "--words", WORDS, *more)


def test_a_missing_post_is_told_with_exit_code_one_until_it_is_there(desk: Path, capsys) -> None:
    assert "还没有查漏帖" in probe(capsys, "list")[1]
    code, told = add(capsys, URL, "--at", "2026-03-05 08:10")
    assert code == 1
    assert "1 [漏采] weibo-mentions, 发布于 2026-03-05 08:10: 许营镇夜里又有刺鼻气味" in told and URL in told
    collect("5123456789012345", "weibo/5123456789012345")
    code, told = add(capsys, "https://weibo.com/detail/5123456789012345")
    assert (code, "1 [已采集, 编号 1]" in told) == (0, True)


def test_the_list_has_the_missing_ones_first_and_the_share_of_each_source(desk: Path, capsys) -> None:
    collect("5123456789012345", "weibo/5123456789012345")
    add(capsys, URL)
    add(capsys, "https://m.weibo.cn/detail/5123456789012346")
    code, told = probe(capsys, "list")
    lines = told.splitlines()
    assert code == 1
    assert lines[0].startswith("2 [漏采]") and lines[2].startswith("1 [已采集")
    assert lines[-1] == "来源 weibo-mentions: 近 30 天查漏帖 2 条, 采集到 1 条 (50%)"
    assert probe(capsys, "retire", "2") == (0, "已停用查漏帖 2\n")
    code, told = probe(capsys, "list")
    assert (code, "漏采" in told) == (0, False)


def test_mistakes_are_told_in_one_line(desk: Path, capsys) -> None:
    assert probe(capsys, "retire", "9")[0] == 1
    code, told = probe(capsys, "add", URL, "--source", "nobody", "--words", WORDS)
    assert code == 1 and "没有来源 nobody" in told and "weibo-mentions" in told
    assert "http://" in add(capsys, "weibo.com/1/2")[1]
    code, told = add(capsys, URL, "--at", "昨天")
    assert code == 2 and "--at" in told
