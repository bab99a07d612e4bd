"""What an error of a database driver means: whether the database is away, full, read-only or busy, and how to say so.

Sources: https://www.sqlite.org/rescode.html; PostgreSQL 18 documentation, appendix A (error codes).
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

import psycopg

LEAST: Final = 1 << 20  # bytes: SQLite needs a little beside the row itself
#: What is said of each, and what it means for whoever wanted to write; only where it is certain, that nothing was kept.
TOLD: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "away": ("数据库暂时连不上", "刚才的操作可能没有保存，请过几分钟打开看一眼再办"),
        "full": ("磁盘已满", "刚才的操作没有保存；请管理员腾出空间，之后不必重启，可以接着办"),
        "read_only": (
            "数据库或所在的磁盘是只读的",
            "刚才的操作没有保存；请管理员恢复可写，之后不必重启，可以接着办",
        ),
        "busy": ("数据库正忙", "刚才的操作没有保存，请过一会儿再试"),
        "disk": ("读写磁盘出错", "刚才的操作可能没有保存；请管理员检查磁盘是否已满、是否损坏，再打开看一眼"),
        "missing": ("打不开数据库文件", "请管理员检查数据目录是否还在、有没有读写权限"),
    }
)
#: Primary result codes of SQLite.
_SQLITE: Final[Mapping[int, str]] = MappingProxyType(
    {
        sqlite3.SQLITE_BUSY: "busy",
        sqlite3.SQLITE_LOCKED: "busy",
        sqlite3.SQLITE_READONLY: "read_only",
        sqlite3.SQLITE_IOERR: "disk",
        sqlite3.SQLITE_FULL: "full",
        sqlite3.SQLITE_CANTOPEN: "missing",
    }
)
#: SQLSTATE by its first characters, the longest that fits counts.
_POSTGRES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "08": "away",  # connection exception
        "57P": "away",  # shutting down, crashed, starting up, the database was dropped
        "53300": "away",  # too many connections
        "53100": "full",
        "25006": "read_only",  # a standby, or default_transaction_read_only
        "40001": "busy",
        "40P01": "busy",
        "55P03": "busy",
        "58030": "disk",
    }
)


def told(why: str, *, writing: bool) -> str:
    """What a person is told."""
    what, meaning = TOLD[why]
    return f"{what}；{meaning}" if writing or why == "missing" else f"{what}，请过几分钟再试"


def seen(path: Path) -> str:
    """Key of `TOLD` for what anybody sees of a SQLite file and its folder, "" where they look as ever or not at all."""
    folder = path.absolute().parent
    try:
        if not folder.is_dir():
            return "missing"
        if not os.access(folder, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
            return "read_only"
        return "full" if shutil.disk_usage(folder).free < LEAST else ""
    except OSError:  # a disk that fails does not answer this either, nor does a folder nobody may look into
        return ""


def of(problem: BaseException | None, lost: bool = False) -> str:
    """Key of `TOLD` for an error of sqlite3 or psycopg, "" where it is another; `lost`: the connection is gone."""
    if isinstance(problem, sqlite3.Error):
        return _SQLITE.get(getattr(problem, "sqlite_errorcode", 0) & 0xFF, "")
    if isinstance(problem, psycopg.Error):
        state = problem.sqlstate or ""
        found = next((_POSTGRES[state[:length]] for length in (5, 3, 2) if state[:length] in _POSTGRES), "")
        # no answer of the server at all: it could not be reached, or left in the middle
        return found or (
            "away" if lost or (not state and isinstance(problem, psycopg.OperationalError)) else ""
        )
    return ""
