"""A desk moves from SQLite to PostgreSQL: everything is there under its number, or nothing is."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from filelock import FileLock

from flow import cycle
from flow import relocating
from flow.desk import Desk
from flow.run import LOCK
from huanyu.config import Config
from huanyu.errors import ConfigError
from huanyu.errors import Conflict
from huanyu.errors import HuanyuError
from huanyu.store import Asked
from huanyu.types import Seer
from tests.flow.conftest import _admin
from tests.flow.office import NOW
from tests.flow.office import TEXTS
from tests.flow.office import raw
from tests.flow.store import every_table
from tests.fresh import STORE_KEY

WORKED = ("understand", "open", "route", "plan_cards", "seal")


@pytest.fixture
def empty(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a PostgreSQL database in which nothing has been made yet."""
    address: str = request.getfixturevalue("postgres")
    name = f"bare_{uuid.uuid4().hex}"
    _admin(address, f"CREATE DATABASE {name}")
    yield address.format(name)
    _admin(address, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """A desk in a SQLite file that has worked for a while."""
    (tmp_path / "huanyu.toml").write_text('secrets_file = "secrets.toml"\n')
    (tmp_path / "secrets.toml").touch(mode=0o600)
    (tmp_path / "secrets.toml").write_text(f'store_key = "{STORE_KEY}"\n')
    found = Config.load(tmp_path / "huanyu.toml")
    with opened(found) as desk:
        desk.store.posts.add([raw(number, text) for number, text in enumerate(TEXTS)], now=NOW)
        desk.store.posts.add([raw(0, "改过的: 喷漆房的味道又来了")], now=NOW + timedelta(minutes=5))
        cycle.turn(desk, NOW + timedelta(minutes=6), WORKED)
    return found


@contextmanager
def opened(config: Config) -> Iterator[Desk]:
    desk = Desk.open(config)
    try:
        yield desk
    finally:
        desk.close()


def settled(config: Config, url: str) -> Config:
    """The desk after its settings were changed as the command says."""
    assert config.path is not None
    config.path.write_text(config.path.read_text() + f'database = "{url}"\n')
    return Config.load(config.path)


def told(desk: Desk) -> tuple[object, ...]:
    """What people would notice if it were another."""
    return (
        [(post, verdict) for post, verdict in desk.store.posts.iterate(None)],
        list(desk.store.cases.iterate()),
        desk.store.posts.versions(1),
        desk.store.audit.listing(limit=1000),
    )


def test_the_desk_is_the_same_in_its_new_database(config: Config, empty: str) -> None:
    with opened(config) as desk:
        before = told(desk)
    tables: dict[str, int] = {}
    carried, old = relocating.relocate(config, empty, tables.__setitem__)
    assert (tables["posts"], carried.rows) == (len(TEXTS), sum(tables.values()))
    assert old.is_file() and not (config.data_dir / "huanyu.db").exists()
    with opened(settled(config, empty)) as desk:
        assert told(desk) == before
        assert desk.store.audit.verify(carried.head) == []
        for word in ("喷漆房的味道", TEXTS[0][8:14]):  # the present text, and the former one
            assert 1 in [
                post.id
                for post, _ in desk.store.search.posts(Asked(text=word), 20, Seer(user_id=1, name="zhou"))
            ]
        [new] = desk.store.posts.add([raw(99, "临清市先锋街道有人夜里烧垃圾")], now=NOW).new
        assert new == len(TEXTS) + 1
        cycle.turn(desk, NOW + timedelta(minutes=9), WORKED)
        assert desk.store.registry.gaps() == []


def test_no_table_and_no_column_is_left_behind(config: Config, empty: str) -> None:
    with opened(config) as desk, desk.store._database.engine.connect() as tx:
        tx.exec_driver_sql(
            "PRAGMA foreign_keys = OFF"
        )  # of two tables that point to each other one comes first
        every_table.fill(tx)
        assert tx.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        tx.commit()
        before = every_table.contents(tx)
    assert all(before.values())
    tables: dict[str, int] = {}
    carried, _ = relocating.relocate(config, empty, tables.__setitem__)
    assert (carried.tables, tables) == (len(before), {name: len(rows) for name, rows in before.items()})
    with opened(settled(config, empty)) as desk, desk.store._database.read() as tx:
        assert every_table.contents(tx) == before


def test_a_row_that_did_not_arrive_leaves_nothing_behind(config: Config, empty: str) -> None:
    """Where a table loses what is copied into it the counts differ, and the new database is as it was."""
    with psycopg.connect(empty.replace("+psycopg", ""), autocommit=True) as there:
        Desk.open(settled(config, empty)).close()
        there.execute("CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'")
        there.execute("CREATE TRIGGER lose BEFORE INSERT ON verdicts FOR EACH ROW EXECUTE FUNCTION lose()")
        assert config.path is not None
        config.path.write_text(config.path.read_text().split("database =")[0])
        with pytest.raises(HuanyuError, match=r"行数不符.*verdicts"):
            relocating.relocate(Config.load(config.path), empty, lambda *_: None)
        assert there.execute("SELECT count(*) FROM posts").fetchone() == (0,)
    assert (config.data_dir / "huanyu.db").is_file()


def test_a_database_in_use_is_left_alone(config: Config, empty: str) -> None:
    with opened(settled(config, empty)) as there:
        there.store.posts.add([raw(0, TEXTS[0])], now=NOW)
    with pytest.raises(Conflict, match="只能搬到空的数据库"):
        relocating.relocate(config, empty, lambda *_: None)
    assert (config.data_dir / "huanyu.db").is_file()


def test_a_desk_at_work_is_not_moved(config: Config, empty: str) -> None:
    with FileLock(config.data_dir / LOCK), pytest.raises(Conflict, match="请先停止"):
        relocating.relocate(config, empty, lambda *_: None)


def test_what_is_no_move_from_sqlite_to_postgresql_is_refused(
    config: Config, empty: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match="只能从 SQLite 搬到 PostgreSQL"):
        relocating.relocate(config, f"sqlite:///{(tmp_path / 'other.db').as_posix()}", lambda *_: None)
    with pytest.raises(ConfigError, match="没有可搬的"):
        relocating.relocate(settled(config, empty), empty, lambda *_: None)


def test_a_trail_that_was_tampered_with_leaves_nothing_behind(config: Config, empty: str) -> None:
    with psycopg.connect(empty.replace("+psycopg", ""), autocommit=True) as there:
        with opened(config) as desk:
            desk.store.audit.seal(now=NOW)
        with closing(sqlite3.connect(config.data_dir / "huanyu.db")) as file:
            file.execute("UPDATE audit SET actor = '某人' WHERE id = 2")
            file.commit()
        with pytest.raises(HuanyuError, match="什么都没有保留"):
            relocating.relocate(config, empty, lambda *_: None)
        assert there.execute("SELECT count(*) FROM posts").fetchone() == (0,)
    assert (config.data_dir / "huanyu.db").is_file()
