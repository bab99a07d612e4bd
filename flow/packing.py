"""The one file of a backup: the database as of one moment, the store's key, the desk's files and settings, sealed."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from datetime import timedelta
from importlib import metadata
from pathlib import Path
from typing import Final

from flow import backup_check
from flow import backup_file
from flow.backup_file import SUFFIX
from flow.backup_file import About
from flow.backup_file import Writer
from huanyu.belonging import hand_over
from huanyu.config import Config
from huanyu.store.snapshots import Outline
from huanyu.store.snapshots import Part

#: Takes a private folder, gives the database as of now.
Snapshot = Callable[[Path], AbstractContextManager[tuple[Outline, Iterable[Part]]]]

PARTIAL: Final = ".partial"
#: Of the data folder, what is in the backup in another way, is a secret of its own, or lives as long as a process.
LEFT_OUT: Final = frozenset(
    {
        "backups",
        "backup-work",
        "workers",
        "sites",
        "secrets.toml",
        "store.key",
        "backup.key",
        "clockwork.lock",
        "clockwork.who",
    }
)
DATABASE: Final = "huanyu.db"
CUT_OFF: Final = timedelta(hours=6)  # one that runs longer was cut off
NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL
BLOCK: Final = 1 << 20


def write(config: Config, snapshot: Snapshot, path: Path, now: datetime) -> Outline:
    """The file of a backup, whole under its name or not there at all; raises HuanyuError, OSError."""
    if not path.parent.is_dir():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        hand_over(path.parent)
    _clear(config, path.parent, now)
    partial = path.with_suffix(PARTIAL)
    try:
        with os.fdopen(os.open(partial, NEW, 0o600), "wb") as out:
            outline = _pack(config, snapshot, Writer(out, config.backup_key), now)
            out.flush()
            os.fsync(out.fileno())
        hand_over(partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return outline


def _pack(config: Config, snapshot: Snapshot, writer: Writer, now: datetime) -> Outline:
    with (
        backup_check.workplace(config.data_dir) as work,
        snapshot(work) as (outline, parts),
    ):
        writer.about(About(backup_file.FORMAT, version(), now, outline))
        writer.add_bytes(backup_file.STORE_KEY, config.store_key.encode())
        for name, size, source in parts:
            writer.add(name, size, source)
    for name, path in _files(config):
        _add(writer, name, path)
    writer.close()
    return outline


def _files(config: Config) -> Iterator[tuple[str, Path]]:
    """The desk's files, each whole: they are written beside their place and moved there."""
    for path in sorted(config.data_dir.rglob("*")):
        inside = path.relative_to(config.data_dir)
        if path.is_file() and not _is_left_out(inside, path, config.backup_dir):
            yield f"{backup_file.FILES}{inside.as_posix()}", path
    if config.path is not None:
        yield f"{backup_file.SETTINGS}{config.path.name}", config.path
    if config.settings.config_dir:
        for path in sorted((config.home / config.settings.config_dir).glob("*.toml")):
            yield f"{backup_file.SETTINGS}tables/{path.name}", path


def _is_left_out(inside: Path, path: Path, backup_dir: Path) -> bool:
    name = inside.parts[0]
    return (
        name in LEFT_OUT
        or name.startswith(DATABASE)
        or path.suffix in {PARTIAL, SUFFIX, ".lock"}
        or backup_dir in path.parents
    )


def _add(writer: Writer, name: str, path: Path) -> None:
    """One file; one that has gone meanwhile was nobody's record."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return
    writer.add_bytes(name, data)


def _clear(config: Config, folder: Path, now: datetime) -> None:
    """What a killed process left behind: unfinished files, and copies that can be read."""
    for path in (*folder.glob(f"*{PARTIAL}"), *(config.data_dir / "backup-work").glob("*")):
        if now.timestamp() - path.stat().st_mtime > CUT_OFF.total_seconds():
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def version() -> str:
    """Of this program, "" where it runs from a folder that was never installed."""
    try:
        return metadata.version("huanyu")
    except metadata.PackageNotFoundError:
        return ""


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
