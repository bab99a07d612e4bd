"""What errors of the real drivers mean."""

from __future__ import annotations

import sqlite3

import psycopg
import pytest

from huanyu.store import trouble


@pytest.mark.parametrize(
    ("problem", "key"),
    [
        (psycopg.errors.AdminShutdown(), "away"),
        (psycopg.errors.CannotConnectNow(), "away"),
        (psycopg.errors.TooManyConnections(), "away"),
        (psycopg.errors.ConnectionFailure(), "away"),
        (psycopg.OperationalError("the connection is lost"), "away"),
        (psycopg.errors.DiskFull(), "full"),
        (psycopg.errors.ReadOnlySqlTransaction(), "read_only"),
        (psycopg.errors.DeadlockDetected(), "busy"),
        (psycopg.errors.SerializationFailure(), "busy"),
        (psycopg.errors.IoError(), "disk"),
        (psycopg.errors.UndefinedTable(), ""),
        (psycopg.errors.DataCorrupted(), ""),
        (psycopg.errors.OutOfMemory(), ""),
        (ValueError(), ""),
        (None, ""),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_what_postgresql_says(problem, key):
    assert trouble.of(problem) == key


def test_a_connection_that_is_gone_is_the_database_away_whatever_the_driver_calls_it():
    assert trouble.of(psycopg.InterfaceError("the connection is closed"), lost=True) == "away"
    assert trouble.of(psycopg.InterfaceError("wrong use of the driver")) == ""


def test_what_sqlite_says(tmp_path):
    path = tmp_path / "a.db"
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE t (x)")
    assert trouble.of(
        error(sqlite3.connect(f"file:{path}?mode=ro", uri=True), "INSERT INTO t VALUES (1)")
    ) == ("read_only")
    full = sqlite3.connect(path)
    full.execute("PRAGMA max_page_count = 2")
    assert trouble.of(error(full, "INSERT INTO t SELECT randomblob(100000)")) == "full"
    assert trouble.of(error(full, "SELECT nothing")) == ""
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    assert trouble.of(error(sqlite3.connect(path, timeout=0), "INSERT INTO t VALUES (1)")) == "busy"
    with pytest.raises(sqlite3.OperationalError) as raised:
        sqlite3.connect(tmp_path / "no" / "a.db")
    assert trouble.of(raised.value) == "missing"
    (tmp_path / "b.db").write_bytes(b"no database at all" * 100)
    assert trouble.of(error(sqlite3.connect(tmp_path / "b.db"), "SELECT * FROM t")) == ""


def error(connection: sqlite3.Connection, statement: str) -> sqlite3.Error:
    with pytest.raises(sqlite3.Error) as raised:
        connection.execute(statement)
    connection.close()
    return raised.value


def test_only_a_write_is_told_what_became_of_it():
    assert trouble.told("full", writing=True).startswith("磁盘已满；刚才的操作没有保存")
    assert "没有保存" not in trouble.told("away", writing=False)
    assert all(trouble.told(key, writing=one) for key in trouble.TOLD for one in (True, False))


def test_where_even_looking_fails_nothing_is_seen_and_nothing_raised(tmp_path):
    assert trouble.seen(tmp_path / ("a" * 300) / "a.db") in {"", "missing"}  # no file system has such a name
    assert trouble.seen(tmp_path / "no" / "a.db") == "missing"
    assert trouble.seen(tmp_path / "a.db") == ""
