"""A migration of PostgreSQL while others are at work: it gives way, nobody else is ended, and it is tried again by itself."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from concurrent.futures import Future
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from contextlib import contextmanager
from time import monotonic
from time import sleep
from typing import Any

import psycopg
import pytest
from structlog.testing import capture_logs

from huanyu.errors import StoreAway
from huanyu.store import schema
from huanyu.store.migrating import Patience
from huanyu.store.session import Database

HEAD = schema.scripts().get_current_head()
OLD = "0026"  # 0027 adds a column to two tables, 0030 triggers to three
QUICK = Patience(reader=60.0, first=0.1, longest=0.2, whole=60.0)
WAITING = (
    "SELECT count(*) FROM pg_locks WHERE NOT granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)

pytestmark = pytest.mark.parametrize("bare_url", ["postgres"], indirect=True)


@pytest.fixture
def old(bare_url: str) -> Iterator[Database]:
    """A database of an older program."""
    with closing(Database(bare_url)) as database:
        with database.write() as tx:
            schema.upgrade_to(tx, OLD)
        yield database


@contextmanager
def connected(database: Database) -> Iterator[psycopg.Connection[Any]]:
    """A second program's connection, in a transaction of its own."""
    address = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with closing(psycopg.connect(address)) as connection:
        yield connection


@contextmanager
def upgrading(database: Database, patience: Patience) -> Iterator[Future[None]]:
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(schema.upgrade, database, patience)


def until_waiting(database: Database) -> None:
    """Come back as soon as somebody waits for a lock."""
    until = monotonic() + 60
    with connected(database) as looking:
        looking.autocommit = True
        while looking.execute(WAITING).fetchone() == (0,):
            assert monotonic() < until, "nobody waited"
            sleep(0.01)


def revision(database: Database) -> str:
    with database.read() as tx:
        return schema.revision(tx)


def gave_way(lines: list[Mapping[str, Any]]) -> list[str]:
    return [line["cause"] for line in lines if line["event"] == "migration_gave_way"]


def test_a_worker_that_wants_what_the_migration_holds_and_holds_what_it_wants_is_not_ended(
    old: Database,
) -> None:
    with capture_logs() as lines, connected(old) as worker:
        worker.execute("UPDATE verdicts SET model = 'old' WHERE post_id = 1")
        with upgrading(old, QUICK) as upgrade:
            until_waiting(old)  # it holds cases by now: they come before verdicts
            worker.execute("UPDATE cases SET area = 'old' WHERE id = 1")
            worker.commit()
            upgrade.result(timeout=60)
    assert revision(old) == HEAD
    assert set(gave_way(lines)) == {"LockNotAvailable"}


def test_in_a_deadlock_with_a_page_the_migration_is_tried_again(old: Database) -> None:
    with capture_logs() as lines, connected(old) as page:
        page.execute("SET deadlock_timeout = '60s'")  # so that it is the migration that is ended
        page.execute("SELECT count(*) FROM press_batches")
        with upgrading(old, QUICK) as upgrade:
            until_waiting(old)  # it has changed press_answers by now
            page.execute("SELECT count(*) FROM press_answers")
            page.commit()
            upgrade.result(timeout=60)
    assert revision(old) == HEAD
    assert set(gave_way(lines)) == {"DeadlockDetected"}


def test_pages_wait_no_longer_than_said_behind_a_migration_that_waits_for_an_export(old: Database) -> None:
    patience = Patience(reader=0.3, first=0.1, longest=0.2, whole=60.0)
    with capture_logs() as lines, connected(old) as export:
        export.execute("SELECT count(*) FROM press_batches")
        with upgrading(old, patience) as upgrade:
            until = monotonic() + 60
            while len(gave_way(lines)) < 2:
                assert monotonic() < until
                sleep(0.05)
            export.commit()
            upgrade.result(timeout=60)
    assert revision(old) == HEAD
    assert set(gave_way(lines)) == {"LockNotAvailable"}


def test_where_others_never_let_go_nothing_is_changed_and_whoever_asked_is_told_what_to_stop(
    old: Database,
) -> None:
    patience = Patience(reader=0.2, first=0.1, longest=0.1, whole=0.5)
    with connected(old) as worker:
        worker.execute("UPDATE posts SET text = '' WHERE id = 1")
        with pytest.raises(StoreAway, match=r"数据库结构没有升级.*停掉旧程序"):
            schema.upgrade(old, patience)
        assert revision(old) == OLD
    schema.upgrade(old)
    assert revision(old) == HEAD
