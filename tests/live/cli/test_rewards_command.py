"""`huanyu rewards`: why a case has a reward or none, how they stand, a year counted."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from console import cli
from flow import cycle
from flow.desk import Desk
from huanyu.clock import SHANGHAI
from huanyu.config import Config
from huanyu.types import RawPost
from huanyu.types import SourceKind

NOW = datetime(2026, 3, 10, 10, 0, tzinfo=SHANGHAI)
TOLD = "许营镇赵庄西头有家小喷漆房，一到夜里就开工，油漆味熏得孩子直咳嗽，反映好几回了没人管"


@pytest.fixture
def number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The number of a case that nobody has looked into, with a reward nobody has judged."""
    (tmp_path / "huanyu.toml").write_text('data_dir = "data"\n', encoding="utf-8")
    desk = Desk.open(Config.load(tmp_path / "huanyu.toml"))
    post = RawPost(
        source="weibo-mentions", kind=SourceKind.WEIBO, native_id="1", url="https://weibo.example.org/1",
        text=TOLD, author="水城网友1", fetched_at=NOW, posted_at=NOW,
    )  # fmt: skip
    desk.store.posts.add([post], now=NOW)
    cycle.turn(desk, NOW, ("understand", "open"))
    (case,) = desk.store.cases.listing()
    desk.store.rewards.open(case.id, case.round, "clue", "pending", "press", NOW)
    desk.close()
    monkeypatch.chdir(tmp_path)
    return case.number


def test_rewards_are_told_without_any_person(number: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["rewards", "list", "--state", "待认定"]) == 0
    assert capsys.readouterr().out == f"JL2026-000001 {number} 通讯补贴 - 待认定\n"
    assert cli.run(["rewards", "why", number]) == 1
    told = capsys.readouterr().out
    assert "通讯补贴: 不符合" in told
    assert "否  还没有查处结果" in told
    assert "是  渠道“随手拍、官方微博、论坛”可以申领通讯补贴" in told
    assert "水城网友1" not in told
    assert cli.run(["rewards", "figures", "--year", "2026"]) == 0
    assert "2026 年合计: 列入 1 件, 支付 0 人次 0 元" in capsys.readouterr().out
    assert cli.run(["rewards", "list", "--state", "没有"]) == 1
    assert "可选: 待认定" in capsys.readouterr().err
