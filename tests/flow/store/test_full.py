"""SQLite takes a whole transaction back by itself when the disk fails it: nothing after that may pass for kept."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from flow import batch
from huanyu.errors import StoreAway

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
