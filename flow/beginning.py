"""Whether a desk begins or goes on: no empty database is made where the one of a desk at work is gone."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

from flow.backup_file import SUFFIX
from huanyu.config import Config
from huanyu.errors import ConfigError
from huanyu.store import snapshots

#: What only a desk that had a database leaves in its data folder, and what it is called.
TRACES: Final = (
    ("store.key", "密钥"),
    (f"backups/*{SUFFIX}", "备份"),
    ("clockwork.who", "运行记录"),
    ("site/*", "公开页面"),
    ("table-changes.jsonl", "各表的修改记录"),
    ("imports/*", "导入的文件"),
    ("huanyu.db-wal", "数据库的日志"),
    ("huanyu.db.moved", "搬走的数据库"),
)
GONE: Final = "不见了"
EMPTY: Final = "是空的"


def demand(config: Config) -> None:
    """Raise ConfigError where the database is gone, or is another one, and files of a desk are still there.

    A SQLite file is made before its key is: a first start that is cut off has lost nothing.
    """
    file = snapshots.file_of(config.database)
    if not (missing := _missing(config.database, file)):
        return
    traces = TRACES if missing == GONE else TRACES[1:]  # a key alone: of a first start, or of another machine
    if left := [name for pattern, name in traces if any(config.data_dir.glob(pattern))]:
        if not (missing := _missing(config.database, file)):
            return  # another process began at the same moment, and these are its traces
        raise ConfigError(_told(config, file, missing, left))
    if file is not None:
        with suppress(OSError):  # connecting says better what is wrong with the address
            file.touch(mode=0o600)


def _missing(url: str, file: Path | None) -> str:
    """What is wrong with the database, "" where a desk has worked with it."""
    if file is None:
        return "" if snapshots.is_begun(url) else EMPTY
    if not file.is_file():
        return GONE
    return "" if file.stat().st_size else EMPTY


def _told(config: Config, file: Path | None, missing: str, left: list[str]) -> str:
    aside = config.data_dir.with_name(f"{config.data_dir.name}.old")
    return "\n".join(
        (
            f"数据库 {file or '(PostgreSQL)'} {missing}, 数据文件夹 {config.data_dir} 里却还有 {'、'.join(left)}。"
            "为免丢失, 不新建空的舆情台, 什么都没有写。",
            "1. 数据库只是挪了地方: 放回原处, 或改 huanyu.toml 的 database"
            " (用 move-store 搬过的, 写 PostgreSQL 的地址)。",
            f"2. 从备份恢复: 先把 {config.data_dir} 改名为 {aside}, 再运行"
            f" huanyu restore {_shown(config, aside)} --key-file {_moved(config.backup_key_path, config, aside)};"
            " 有 secrets.toml 的, 拷回原处。",
            f"3. 确要另起一个空的: 也先把 {config.data_dir} 改名, 再启动; 或在新文件夹里运行 huanyu init。",
        )
    )


def _shown(config: Config, aside: Path) -> str:
    """The newest backup, where it will lie then."""
    found = sorted(config.backup_dir.glob(f"*{SUFFIX}"))  # named by their moment
    return str(_moved(found[-1], config, aside)) if found else "备份文件"


def _moved(path: Path, config: Config, aside: Path) -> Path:
    inside = path.is_relative_to(config.data_dir)
    return aside / path.relative_to(config.data_dir) if inside else path
