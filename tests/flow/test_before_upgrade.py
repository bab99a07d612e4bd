"""A filled desk of an older program: kept before it is migrated, whole afterwards, also where that was cut off."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from console.commands.work import kept_before
from flow import backing_up
from flow import before_upgrade
from flow import restoring
from flow.desk import Desk
from huanyu.config import Config
from huanyu.errors import ConfigError
from huanyu.store import Store
from huanyu.store import schema
from huanyu.store import snapshots
from huanyu.store.session import Database
from tests.flow import older
from tests.flow.office import NOW
from tests.fresh import STORE_KEY

CUT = Path(__file__).parent / "store" / "cut_migration.py"
ROOT = str(Path(__file__).parents[2])
STATEMENTS = (8, 30)  # at the beginning, and in the midst of several migrations


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is POSIX")
def test_a_filled_desk_killed_while_it_is_migrated_opens_whole(filled_url, bare_url, store_key):
    if filled_url.split(":")[0] != bare_url.split(":")[0]:
        pytest.skip("one of each kind is enough")
    before = older.make(filled_url, bare_url)
    assert before["posts"] and before["cases"] and before["outbox"] and before["audit"]
    for statement in STATEMENTS:
        killed = subprocess.run(
            [sys.executable, str(CUT), bare_url, store_key, str(statement)],
            env=os.environ | {"PYTHONPATH": ROOT},
            timeout=600,
        )
        assert killed.returncode == -signal.SIGKILL, f"the migrations ended before statement {statement}"
        assert (revision(bare_url), rows(bare_url, before)) == (older.REVISION, before)
    with Store.open(bare_url, store_key) as store:
        assert store.audit.verify() == [] and store.registry.gaps() == []
        assert len(store.cases.listing(limit=500)) == before["cases"]
        with store._database.read() as tx:
            assert schema.differences(tx) == []
    assert rows(bare_url, before) == before


def revision(url: str) -> str:
    with closing(Database(url)) as database, database.read() as tx:
        return schema.revision(tx)


def rows(url: str, tables: dict[str, int]) -> dict[str, int]:
    with closing(Database(url)) as database:
        return snapshots.counted(database, tables)


@pytest.fixture
def config(filled_url, tmp_path, monkeypatch) -> Config:
    """A desk on SQLite whose database is of an older program."""
    if not filled_url.startswith("sqlite"):
        pytest.skip("PostgreSQL is backed up by hand before an upgrade")
    folder = tmp_path / "desk"
    (folder / "data").mkdir(parents=True)
    (folder / "huanyu.toml").write_text('data_dir = "data"\n', encoding="utf-8")
    monkeypatch.setenv("HUANYU_SECRET_STORE_KEY", STORE_KEY)
    found = Config.load(folder / "huanyu.toml")
    older.make(filled_url, found.database)
    return found


def copies(config: Config) -> list[Path]:
    return sorted(config.backup_dir.glob("*.hyb"))


def test_a_backup_is_made_before_and_listed_after(config, tmp_path, capsys):
    before = rows(config.database, {"posts": 0, "cases": 0, "audit": 0})
    with closing(Desk.open(config)) as desk:
        (path,) = copies(config)
        assert path.name.endswith(f"-{older.REVISION}.hyb")
        (row,) = desk.store.backups.listing()
        assert (row.path, row.state, row.key.startswith("upgrade/0020/")) == (str(path), "done", True)
        (told,) = kept_before(desk)
        assert str(path) in told and "还没有验证" in told
        backing_up.tend(desk, NOW)
        assert any(one.verified_at for one in desk.store.backups.listing() if one.path == str(path))
        (told,) = kept_before(desk)
        assert "还没有验证" not in told
    out, err = capsys.readouterr()
    assert (out + err).count("backed_up_before_upgrade") == 1
    with closing(Desk.open(config)):
        assert path in copies(config) and (out + err).count("backed_up_before_upgrade") == 1
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "huanyu.toml").write_text('data_dir = "data"\n', encoding="utf-8")
    new = Config.load(tmp_path / "new" / "huanyu.toml")
    restoring.restore(new, path, config.backup_key, NOW)
    found = rows(new.database, before)
    assert (found["posts"], found["cases"]) == (before["posts"], before["cases"])


def test_an_upgrade_that_is_cut_off_again_and_again_makes_one_backup(config):
    for _ in range(3):
        with before_upgrade.kept(config, NOW) as copy:
            assert copy is not None
    assert len(copies(config)) == 1
    with closing(Database(config.database)) as database, database.write() as tx:
        tx.exec_driver_sql("INSERT INTO settings (name, value, at) VALUES ('a', 'b', '2026-03-10 02:00:00')")
    with before_upgrade.kept(config, NOW.replace(hour=11)) as copy:
        assert copy is not None
    assert len(copies(config)) == 2, "the former program was at work in between"


def test_where_no_backup_can_be_made_nothing_is_changed(config):
    config.backup_dir.write_text("in the way")
    with pytest.raises(ConfigError, match="升级前的备份没有做成"):
        Desk.open(config)
    assert revision(config.database) == older.REVISION


def test_a_desk_that_is_up_to_date_and_a_new_one_are_left_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("HUANYU_SECRET_STORE_KEY", STORE_KEY)
    (tmp_path / "huanyu.toml").write_text('data_dir = "data"\n', encoding="utf-8")
    config = Config.load(tmp_path / "huanyu.toml")
    for _ in range(2):
        with closing(Desk.open(config)) as desk:
            assert list(kept_before(desk)) == []
    assert copies(config) == []
