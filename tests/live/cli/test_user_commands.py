"""huanyu user: the same people as on the page, from the machine itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from flow import factors
from flow.desk import Desk
from huanyu import totp
from huanyu.clock import now
from huanyu.config import Config
from huanyu.types import User
from tests.live.conftest import Done
from tests.live.conftest import Here

PASSWORD = "Tuhai-2026-Hepan"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "huanyu.toml").write_text('data_dir = "data"\n', encoding="utf-8")
    return tmp_path


@pytest.fixture
def huanyu(folder: Path, here: Here) -> Callable[..., Done]:
    """`huanyu user …`, within this process."""
    return lambda *words, typed="": here("user", *words, folder=folder, given=typed)


def person(folder: Path, name: str) -> User:
    desk = Desk.open(Config.load(folder / "huanyu.toml"))
    try:
        found = desk.store.people.user(name)
        assert found is not None
        return found[0]
    finally:
        desk.close()


def test_a_person_is_added_moved_listed_and_comes_out_of_the_lost_telephone(
    folder: Path, huanyu: Callable[..., Done]
) -> None:
    assert huanyu("add", "lina", "--role", "press", "--full-name", "李娜", typed=PASSWORD).code == 0
    assert huanyu("role", "lina", "--role", "reviewer").code == 0
    assert person(folder, "lina").role == "reviewer"
    desk, at = Desk.open(Config.load(folder / "huanyu.toml")), now()
    lina = desk.store.people.user("lina")[0]
    secret = factors.begin(desk, lina, at)
    factors.confirm(desk, lina, totp.code_at(secret, totp.step_of(at)), "", at)
    desk.close()
    listed = huanyu("list").out
    assert all(word in listed for word in ("lina", "李娜", "审核", "从未登录", "动态码", "登录 0 处"))
    assert "已重置 lina 的动态码" in huanyu("factor", "lina").out
    assert not person(folder, "lina").second_factor
    assert "0 处" in huanyu("out", "lina").out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("role", "nobody", "--role", "press"), "没有用户 nobody"),
        (("factor", "guanli"), "没有设置动态码"),
        (("role", "guanli", "--role", "press"), "最后一位管理员"),
        (("role", "guanli", "--role", "king"), "没有 king 这个角色"),
    ],
)
def test_what_cannot_be_done_is_told(huanyu: Callable[..., Done], words: tuple[str, ...], told: str) -> None:
    assert huanyu("add", "guanli", "--role", "admin", typed=PASSWORD).code == 0
    answer = huanyu(*words)
    assert answer.code == 1
    assert told in answer.err
