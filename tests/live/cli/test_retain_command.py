"""`huanyu retain` as an administrator uses it: what is due, and letting go of it now."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from console import cli
from flow.desk import Desk
from huanyu.clock import now
from huanyu.config import Config
from huanyu.types import Reject


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desk with a line that nobody has looked at for two years."""
    (tmp_path / "huanyu.toml").write_text('data_dir = "data"\n', encoding="utf-8")
    old = now() - timedelta(days=731)
    desk = Desk.open(Config.load(tmp_path / "huanyu.toml"))
    desk.store.posts.add_rejects(
        [Reject(source="luntan", where="第 3 行", reason="列数不对", payload=b"x", at=old)], now()
    )
    desk.close()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_is_due_is_listed_and_then_removed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["retain"]) == 0
    listed = capsys.readouterr().out
    assert "一直没有人处理的读不懂的内容: 保留 730 天, 到期 1 条" in listed
    assert "办结满十年的案件: 保留 3650 天, 到期 0 条, 由档案人员鉴定, 不自动删" in listed
    assert cli.run(["retain", "--run"]) == 0
    assert "读不懂的内容: 保留 730 天, 已删 1 条" in capsys.readouterr().out
    assert cli.run(["retain"]) == 0
    assert "读不懂的内容: 保留 730 天, 到期 0 条" in capsys.readouterr().out
    assert (folder / "huanyu.toml").exists()
