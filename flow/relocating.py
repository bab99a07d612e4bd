"""The desk moved from its SQLite file to PostgreSQL, once, while nobody works with it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from filelock import FileLock
from filelock import Timeout

from flow.run import LOCK
from huanyu.config import Config
from huanyu.errors import ConfigError
from huanyu.errors import Conflict
from huanyu.store import snapshots
from huanyu.store import transfer
from huanyu.store.transfer import Carried
from huanyu.store.transfer import Tell

MOVED: Final = ".moved"  #: the old file afterwards: nobody goes on writing in it by mistake


def relocate(config: Config, url: str, tell: Tell) -> tuple[Carried, Path]:
    """Carry everything over; returns what was carried and where the old file lies now.

    Raises Conflict while the desk is at work or where the target is in use, ConfigError for other kinds of databases.
    """
    file = snapshots.file_of(config.database)
    if file is None or not file.is_file():
        raise ConfigError(f"没有可搬的 SQLite 数据库: 现在的 database 是 {config.settings.database or file}")
    try:
        with FileLock(config.data_dir / LOCK, timeout=0, thread_local=False):
            carried = transfer.carry(config.database, url, config.store_key, tell)
            return carried, _laid_aside(file)
    except Timeout as problem:
        raise Conflict("舆情台正在运行, 请先停止 huanyu up 再搬") from problem


def _laid_aside(file: Path) -> Path:
    aside = file.with_name(file.name + MOVED)
    for suffix in ("-wal", "-shm"):
        if (beside := file.with_name(file.name + suffix)).exists():
            beside.replace(aside.with_name(aside.name + suffix))
    return file.replace(aside)
