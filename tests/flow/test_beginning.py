"""No empty desk is made where the database of one at work is gone: it is said what to do, and that is done here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from console import cli
from flow import beginning
from flow.desk import Desk
from huanyu.config import Config
from huanyu.errors import ConfigError
from huanyu.errors import StoreAway
from huanyu.store import Store
from huanyu.store import snapshots
from tests.fresh import STORE_KEY


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """A command in the folder of a desk; its exit code and what it said."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "huanyu.toml").write_text('data_dir = "data"\nconsole_port = 0\n', encoding="utf-8")

    def command(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        code = cli.run(list(arguments))
        told = capsys.readouterr()
        return code, told.out + told.err

    return command


def lose(folder: Path) -> None:
    for path in folder.glob("huanyu.db*"):
        path.unlink()


@pytest.mark.parametrize("command", [("up",), ("step",), ("backup",), ("doctor",)], ids=" ".join)
def test_where_the_database_is_gone_nothing_begins_anew(run, tmp_path, command):
    assert run("backup")[0] == 0
    lose(tmp_path / "data")
    code, told = run(*command)
    assert code == cli.MISSET and "huanyu.db 不见了" in told and "密钥、备份" in told, told
    assert list((tmp_path / "data").glob("huanyu.db*")) == []


def test_what_the_message_says_brings_the_desk_back(run, tmp_path):
    assert run("backup")[0] == 0
    key = (tmp_path / "data" / "store.key").read_bytes()
    lose(tmp_path / "data")
    _, told = run("doctor")
    (command,) = (line for line in told.splitlines() if "huanyu restore" in line)
    words = command.partition("huanyu restore ")[2].partition(";")[0].split()
    (tmp_path / "data").rename(tmp_path / "data.old")
    code, told = run("restore", *words)
    assert code == 0, told
    assert (tmp_path / "data" / "store.key").read_bytes() == key
    assert "不见了" not in run("doctor")[1]


def test_a_folder_laid_aside_makes_room_for_a_new_desk(run, tmp_path):
    assert run("step", "seal")[0] == 0
    lose(tmp_path / "data")
    assert run("step", "seal")[0] == cli.MISSET
    (tmp_path / "data").rename(tmp_path / "data.old")
    assert run("step", "seal")[0] == 0


def test_a_first_start_that_was_cut_off_goes_on(run, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / "huanyu.db").touch()
    (data / "store.key").touch(mode=0o600)
    (data / "store.key").write_text(STORE_KEY, encoding="utf-8")
    assert run("step", "seal")[0] == 0


def test_an_empty_file_beside_backups_is_no_desk(run, tmp_path):
    assert run("backup")[0] == 0
    lose(tmp_path / "data")
    (tmp_path / "data" / "huanyu.db").touch()
    code, told = run("step", "seal")
    assert code == cli.MISSET and "huanyu.db 是空的" in told


def test_an_empty_database_beside_the_files_of_a_desk_is_not_filled(bare_url, store_key, tmp_path):
    """As where somebody writes another address into huanyu.toml without moving the desk there."""
    (tmp_path / "huanyu.toml").write_text(f'data_dir = "data"\ndatabase = {json.dumps(bare_url)}\n')
    config = Config.load(tmp_path / "huanyu.toml")
    beginning.demand(config)
    (config.data_dir / "clockwork.who").write_text("huanyu@a:1\n")
    with pytest.raises(ConfigError, match="move-store"):
        Desk.open(config)
    with Store.open(bare_url, store_key):
        beginning.demand(config)


def test_a_file_that_goes_away_under_a_store_is_missing_and_not_made_anew(store_url, store_key):
    file = snapshots.file_of(store_url)
    if file is None:
        pytest.skip("PostgreSQL keeps its own files")
    with Store.open(store_url, store_key) as store:
        store._database.engine.dispose()
        lose_all(file)
        with pytest.raises(StoreAway, match="打不开数据库文件"):
            store.queues.reach()
        assert not file.exists()


def lose_all(file: Path) -> None:
    for path in file.parent.glob(f"{file.name}*"):
        path.unlink()
