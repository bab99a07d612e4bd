"""What root does in the desk of a service leaves nothing there that the service could not read, renew or remove."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from console import cli
from flow import before_upgrade
from huanyu.config import Config
from huanyu.key_files import own_key
from tests.flow import older
from tests.flow.office import NOW
from tests.fresh import STORE_KEY

SERVICE = 64_999  # a user nobody is

as_root = pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can give files away")


@as_root
@pytest.mark.parametrize("filled_url", ["sqlite"], indirect=True)
def test_what_an_upgrade_by_root_makes_belongs_to_who_runs_the_desk(
    filled_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "desk"
    (folder / "data").mkdir(parents=True)
    (folder / "huanyu.toml").write_text('data_dir = "data"\n', encoding="utf-8")
    monkeypatch.setenv("HUANYU_SECRET_STORE_KEY", STORE_KEY)
    config = Config.load(folder / "huanyu.toml")
    older.make(filled_url, config.database)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, SERVICE, SERVICE)
    with before_upgrade.kept(config, NOW) as copy:
        assert copy is not None
    owners = {path.relative_to(folder).as_posix(): path.stat().st_uid for path in folder.rglob("*")}
    assert {"data/upgrade.lock", "data/backup.key", f"data/backups/{copy.path.name}"} <= owners.keys()
    assert set(owners.values()) == {SERVICE}, owners


@as_root
def test_a_key_root_makes_first_is_the_desks(tmp_path: Path) -> None:
    os.chown(tmp_path, SERVICE, SERVICE)
    own_key(tmp_path / "store.key")
    found = (tmp_path / "store.key").stat()
    assert (found.st_uid, found.st_gid, found.st_mode & 0o777) == (SERVICE, SERVICE, 0o600)


@pytest.mark.skipif(os.name == "nt", reason="files have no such owner")
def test_a_file_of_another_user_is_told_with_its_owner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "upgrade.lock"
    file.touch()
    problem = PermissionError(13, "Permission denied", str(file))
    assert cli.refusal(problem) == f"{file}: 没有读写权限"
    monkeypatch.setattr(os, "geteuid", lambda: SERVICE)
    assert cli.refusal(problem).startswith(f"{file}: 没有读写权限, 它属于用户 {file.owner()}, 用 chown")
