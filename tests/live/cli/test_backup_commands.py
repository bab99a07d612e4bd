"""`huanyu backup` and `huanyu restore` as an administrator uses them: another machine, the key file, the way back."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.live.conftest import Here

SETTINGS = 'data_dir = "data"\n'


def settle(folder: Path) -> Path:
    folder.mkdir()
    (folder / "huanyu.toml").write_text(SETTINGS, encoding="utf-8")
    return folder


def test_a_desk_moves_to_another_machine_with_file_and_key(here: Here, tmp_path: Path) -> None:
    old, new, disk = settle(tmp_path / "old"), settle(tmp_path / "new"), tmp_path / "disk"
    made = here("backup", "--to", str(disk), folder=old)
    assert made.code == 0, made.err
    assert "已试恢复, 审计链完整" in made.out
    (file,) = disk.glob("*.hyb")
    lacking = here("restore", str(file), folder=new)
    assert (lacking.code, "没有备份密钥" in lacking.err) == (1, True)
    key = disk / "backup.key"
    shutil.copy(old / "data" / "backup.key", key)
    done = here("restore", str(file), "--key-file", str(key), folder=new)
    assert done.code == 0, done.err
    assert "已恢复到" in done.out and "所有账号已停止发布" in done.out
    again = here("restore", str(file), "--key-file", str(key), folder=new)
    assert (again.code, "只能恢复到空的舆情台" in again.err) == (1, True)
    assert (new / "data" / "store.key").read_bytes() == (old / "data" / "store.key").read_bytes()


def test_a_file_is_looked_at_without_being_restored(here: Here, tmp_path: Path) -> None:
    old = settle(tmp_path / "old")
    assert here("backup", folder=old).code == 0
    (file,) = (old / "data" / "backups").glob("*.hyb")
    seen = here("backup", "--check", str(file), folder=old)
    assert (seen.code, "审计链完整" in seen.out) == (0, True), seen.err
    missing = here("backup", "--check", str(file), "--head", "0" * 64, folder=old)
    assert (missing.code, "找不到已知的链头" in missing.err) == (1, True)
    file.write_bytes(file.read_bytes()[:-9])
    broken = here("backup", "--check", str(file), folder=old)
    assert (broken.code, "损坏或被截断" in broken.err or "密钥不对" in broken.err) == (1, True)
    nowhere = here("backup", "--check", str(old / "nichts.hyb"), folder=old)
    assert (nowhere.code, "没有这个文件" in nowhere.err) == (1, True)
