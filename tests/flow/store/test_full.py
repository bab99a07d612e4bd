"""SQLite takes a whole transaction back by itself when the disk fails it: nothing after that may pass for kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import closing
from contextlib import contextmanager

import pytest
from sqlalchemy.pool import QueuePool

from flow import batch
from huanyu.errors import StoreAway
from huanyu.store.session import translated

resource = pytest.importorskip("resource", reason="bounds of a process are POSIX")

ROOM = 1 << 20
LONG = "味" * 30_000


@contextmanager
def no_room(store) -> Iterator[None]:
    """No file of this process may grow beyond a megabyte: the operating system refuses the write (EFBIG)."""
    with store._database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def too_many(store, make, now) -> Callable[[], object]:
    """Posts for which there is no room: their transaction is spilt to the disk before it ends."""
    if not store._database.is_sqlite:
        pytest.skip("PostgreSQL keeps a failed transaction failed")
    return lambda: store.posts.add([make.raw(str(n), text=f"{n}{LONG}") for n in range(100, 150)], now)


def count(store) -> int:
    return len(store.posts.listing(limit=500))


def test_a_batch_that_finds_no_room_waits_as_a_whole(store, make, now, too_many):
    cases = [make.case(str(number)) for number in range(1, 4)]
    before, tried = count(store), []

    def work(case):
        tried.append(case.id)
        if len(tried) == 2:
            too_many()
        store.posts.add([make.raw(f"small {case.id}")], now)

    with no_room(store), pytest.raises(StoreAway):
        batch.each("test", cases, work, store.together)
    assert tried == [1, 2], "what comes after it waits, too"
    assert count(store) == before
    assert batch.each("test", cases[2:], work, store.together) == 1
    assert count(store) == before + 1
    assert store.audit.verify() == []


def test_whoever_swallows_the_error_does_not_go_on_without_a_transaction(store, make, now, too_many):
    before = count(store)
    with no_room(store), pytest.raises(StoreAway), store.together():
        store.posts.add([make.raw("first")], now)
        with pytest.raises(StoreAway):
            too_many()
        with store._database.read() as tx:
            assert not tx.connection.driver_connection.in_transaction, (
                "SQLite kept it: this test shows nothing"
            )
        store.posts.add([make.raw("second")], now)
    assert count(store) == before
    assert store.audit.verify() == []


def test_whoever_swallows_that_the_server_went_does_not_go_on_either(store, make, now):
    database = store._database
    if database.is_sqlite:
        pytest.skip("SQLite is no server")
    before = count(store)
    with pytest.raises(StoreAway), store.together():
        store.posts.add([make.raw("first")], now)
        with database.read() as tx:
            mine = tx.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        with database.engine.connect() as other:
            other.exec_driver_sql(f"SELECT pg_terminate_backend({mine}, 60000)")
        with pytest.raises(StoreAway):
            store.posts.add([make.raw("second")], now)
        store.posts.add([make.raw("third")], now)
    assert count(store) == before


def test_where_no_connection_is_free_the_database_is_busy():
    pool = QueuePool(lambda: sqlite3.connect(":memory:"), pool_size=1, max_overflow=0, timeout=0)
    with closing(pool.connect()), pytest.raises(StoreAway) as raised, translated(writing=True):
        pool.connect()
    assert raised.value.why == "busy"
    pool.dispose()
