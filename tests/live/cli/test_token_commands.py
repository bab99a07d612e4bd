"""huanyu token, huanyu station: what the page does, from the machine itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from console import cli

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def huanyu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Exit code, what was printed, what was complained of."""
    (tmp_path / "huanyu.toml").write_text('data_dir = "data"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> tuple[int, str, str]:
        code = cli.run(list(words))
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


def test_a_token_is_made_listed_and_shut(huanyu: Run) -> None:
    add = ("token", "add", "市网格平台", "--unit", "dongchangfu", "--scope", "items:write")
    assert "来件渠道" in huanyu(*add)[2]
    code, printed, _ = huanyu(*add, "--channel", "grid", "--scope", "cases:read", "--days", "30")
    secret = printed.splitlines()[-1]
    assert (code, secret[:3], len(secret)) == (0, "hy_", 46)
    listed = huanyu("token", "list")[1]
    assert "市网格平台 [使用中] dongchangfu cases:read、items:write、grid" in listed
    assert "没有用过" in listed
    assert secret not in listed
    assert huanyu("token", "revoke", "市网格平台")[0] == 0
    code, _, complaint = huanyu("token", "revoke", "市网格平台")
    assert (code, "没有名为" in complaint) == (1, True)


def test_a_station_is_added_listed_and_shut(huanyu: Run) -> None:
    about = ("--name", "顺河污水处理厂", "--place", "许营镇顺河路", "--unit", "dongchangfu")
    code, printed, _ = huanyu("station", "add", "LC-DJ-01", *about)
    assert code == 0
    listed = huanyu("station", "list")[1]
    assert "LC-DJ-01 [使用中] 顺河污水处理厂" in listed
    assert printed.splitlines()[-1] not in listed
    assert huanyu("station", "revoke", "LC-DJ-01")[0] == 0
    assert "没有编码为" in huanyu("station", "revoke", "LC-DJ-01")[2]
