"""The key every test store is opened with, and a database under it that all migrations have been through."""

from __future__ import annotations

from pathlib import Path

from huanyu.store import Store

STORE_KEY = "a key that only tests use"


def migrate(folder: Path) -> Path:
    """A migrated, empty SQLite file in `folder`, for copies: the migrations take longer than most tests."""
    path = folder / "huanyu.db"
    Store.open(f"sqlite:///{path.as_posix()}", STORE_KEY).close()
    return path
