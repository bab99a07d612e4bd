"""huanyu accounts and huanyu publishing as a press officer types them, on a real desk."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from console import cli
from flow.desk import Desk
from huanyu.clock import now
from huanyu.config import SHIPPED
from huanyu.config import Config
from huanyu.types import AccountState
from huanyu.types import Draft
from huanyu.types import MessageState
from huanyu.types import Receipt
from tests.fresh import STORE_KEY


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def folder(tmp_path: Path, sqlite_template: Path) -> Path:
    (tmp_path / "huanyu.toml").write_text('data_dir = "data"\nconfig_dir = "config"\n', encoding="utf-8")
    shutil.copytree(SHIPPED, tmp_path / "config")
    (tmp_path / "data").mkdir()
    shutil.copy(sqlite_template, tmp_path / "data" / "huanyu.db")
    secrets = tmp_path / "data" / "secrets.toml"
    secrets.touch(mode=0o600)
    secrets.write_text(f'store_key = "{STORE_KEY}"\n', encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.chdir(folder)

    def command(*arguments: str) -> Done:
        return Done(cli.run(list(arguments)), *capsys.readouterr())

    return command


def desk_of(folder: Path) -> Desk:
    return Desk.open(Config.load(folder / "huanyu.toml"))


def published(folder: Path, how_many: int) -> None:
    """Mails to colleagues that are out: nobody has to agree to them."""
    desk, at = desk_of(folder), now()
    try:
        for number in range(how_many):
            draft = Draft(
                channel="mail", account="mail", purpose="internal", text="试。", recipient="a@b.example"
            )
            desk.store.outbox.add(draft, f"try:{number}", MessageState.APPROVED, "system", at)
            (waiting,) = desk.store.outbox.due(at, 9)
            taken = desk.store.outbox.claim(waiting, now=at)
            assert taken is not None
            receipt = Receipt(platform_id=f"<{number}@b.example>")
            desk.store.outbox.settle(taken, MessageState.SENT, receipt, "", at, None, at)
    finally:
        desk.close()


def test_accounts_are_listed_with_what_is_known_of_each(run: Run) -> None:
    done = run("accounts")
    assert (done.code, done.err) == (0, "")
    assert "site [正常] 本局网站·办理结果: 还没有查看过" in done.out
    assert "wechat [停用] 聊城生态环境: 在 accounts.toml 中停用" in done.out
    assert "还没有发布过; 待发 0 条; 结果不明 0 条" in done.out


def test_accounts_are_checked_at_once_when_asked(run: Run) -> None:
    assert "site [正常] 本局网站·办理结果: 还没有查看过" in run("accounts").out
    assert "site [正常] 本局网站·办理结果: 正常" in run("accounts", "--check").out
    assert "site [正常] 本局网站·办理结果: 正常" in run("accounts").out


def test_an_account_that_needs_somebody_comes_first_and_makes_the_command_fail(
    folder: Path, run: Run
) -> None:
    desk, at = desk_of(folder), now()
    trouble = AccountState(account="mail", state="revoked", note="密码不对", checked_at=at)
    desk.store.accounts.save(replace(trouble, token_expires_at=at + timedelta(days=2)), at)
    desk.close()
    done = run("accounts")
    first, second, third = done.out.splitlines()[:3]
    assert (done.code, first) == (1, "mail [授权失效] 舆情工作邮箱: 密码不对")
    assert "授权到 " in second
    assert third.startswith("    怎么办: 请管理员重新授权")


def test_a_year_of_publishing_is_told_without_naming_anybody(folder: Path, run: Run) -> None:
    published(folder, 2)
    done = run("publishing")
    assert done.code == 0, done.err
    assert "期数合计: 0 (同一次推送的几条算一期)" in done.out  # mails to colleagues are no publications
    assert "办理结果公开率: — " in done.out


def test_the_same_as_a_file_for_a_spreadsheet(run: Run) -> None:
    rows = list(
        csv.reader(io.StringIO(run("publishing", "--year", "2026", "--csv").out.removeprefix("\ufeff")))
    )
    assert rows[0] == ["账号", "月份", "期", "条", "阅读量", "有阅读量的条数"]
    assert ["平台拒绝", "0", "没有发出的"] in rows


@pytest.mark.parametrize("year", ["1999", "二〇二六"])
def test_a_year_that_is_none_is_said_so(year: str, run: Run) -> None:
    done = run("publishing", "--year", year)
    assert (done.code, "--year" in done.err) == (2, True)
