"""huanyu user: the same people as on the page, from the machine itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from flow import factors
from flow.desk import Desk
from huanyu import totp
from huanyu.clock import now
from huanyu.config import Config
from huanyu.types import User

PASSWORD = "Tuhai-2026-Hepan"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "huanyu.toml").write_text('data_dir = "data"\n', encoding="utf-8")
    return tmp_path


def huanyu(folder: Path, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "console.cli", "user", *words]
    root = Path(__file__).resolve().parents[3]
    return subprocess.run(
        command, cwd=folder, input=typed, capture_output=True, text=True, check=False,
        env={"PYTHONPATH": str(root), "PYTHONIOENCODING": "utf-8", "PATH": ""},
    )  # fmt: skip


def person(folder: Path, name: str) -> User:
    desk = Desk.open(Config.load(folder / "huanyu.toml"))
    try:
        found = desk.store.people.user(name)
        assert found is not None
        return found[0]
    finally:
        desk.close()


def test_a_person_is_added_moved_listed_and_comes_out_of_the_lost_telephone(folder: Path) -> None:
    assert (
        huanyu(folder, "add", "lina", "--role", "press", "--full-name", "李娜", typed=PASSWORD).returncode
        == 0
    )
    assert huanyu(folder, "role", "lina", "--role", "reviewer").returncode == 0
    assert person(folder, "lina").role == "reviewer"
    desk, at = Desk.open(Config.load(folder / "huanyu.toml")), now()
    lina = desk.store.people.user("lina")[0]
    secret = factors.begin(desk, lina, at)
    factors.confirm(desk, lina, totp.code_at(secret, totp.step_of(at)), "", at)
    desk.close()
    listed = huanyu(folder, "list").stdout
    assert all(word in listed for word in ("lina", "李娜", "审核", "从未登录", "动态码", "登录 0 处"))
    assert "已重置 lina 的动态码" in huanyu(folder, "factor", "lina").stdout
    assert not person(folder, "lina").second_factor
    assert "0 处" in huanyu(folder, "out", "lina").stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("role", "nobody", "--role", "press"), "没有用户 nobody"),
        (("factor", "guanli"), "没有设置动态码"),
        (("role", "guanli", "--role", "press"), "最后一位管理员"),
        (("role", "guanli", "--role", "king"), "没有 king 这个角色"),
    ],
)
def test_what_cannot_be_done_is_told(folder: Path, words: tuple[str, ...], told: str) -> None:
    assert huanyu(folder, "add", "guanli", "--role", "admin", typed=PASSWORD).returncode == 0
    answer = huanyu(folder, *words)
    assert answer.returncode == 1
    assert told in answer.stderr
