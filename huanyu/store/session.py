"""Connections and transactions on SQLite and PostgreSQL; no driver error leaves this module unturned.

Knows no table. A read is one consistent look, a write is all or nothing; a batch of them may share a transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextlib import suppress
from json import JSONEncoder
from pathlib import Path
from threading import Lock
from threading import local
from typing import Any
from typing import Final

import structlog
from sqlalchemy import URL
from sqlalchemy import Connection
from sqlalchemy import Engine
from sqlalchemy import Table
from sqlalchemy import create_engine
from sqlalchemy import event
from sqlalchemy import make_url
from sqlalchemy import text
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import ArgumentError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import IntegrityError
from sqlalchemy.exc import NoSuchModuleError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import StatementError
from sqlalchemy.exc import TimeoutError as NoneFree

from huanyu.errors import ConfigError
from huanyu.errors import Conflict
from huanyu.errors import HuanyuError
from huanyu.errors import StoreAway
from huanyu.store import trouble
from huanyu.store.broken import ASIDE
from huanyu.store.broken import Aside

log = structlog.get_logger()

BUSY = 30.0  # seconds a SQLite writer waits for its turn; a transaction of 2,000 posts takes well under one
PAGES = 16_384  # KiB of pages a SQLite connection may keep: the 2,000 of its own are less than a turn walks through
PREPARED = 1000  # statements a SQLite connection keeps prepared: there are a few hundred
#: Connections kept per process, and opened on top of them in a rush: what is opened anew has everything to learn again.
POOL, MORE = 10, 5  # PostgreSQL: a server's connections are counted
FILES, MORE_FILES = (
    20,
    20,
)  # SQLite: as many as the console has threads; one opened anew costs 2 ms of the processor

#: Seconds: a server that does not answer at all is given up, so that whoever asked can be told, or wait and try again.
REACH: Final = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,  # milliseconds: keepalives do not count while a question is on its way
}

_WRITES = "huanyu_writes"
_LINE: Final = text("SELECT pg_advisory_xact_lock(1213546830)")  # HUAN


class Database:
    """One database, and the only way to talk to it."""

    def __init__(self, url: str, make: bool = True) -> None:
        """`make`: a SQLite file that is not there is made now; at any later time it is missing."""
        self.url = _checked(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite(self.url, make) if self.is_sqlite else _postgres(self.url)
        self._mine = local()
        self._weather = Weather(self.place)

    @property
    def place(self) -> str:
        """Where the database is, for logs: a path, or a server and a name; no password."""
        if self.is_sqlite:
            return str(Path(self.url.database or "").absolute())
        return f"{self.url.host or self.url.query.get('host', '')}:{self.url.port or ''}/{self.url.database}"

    @contextmanager
    def _told(self, *, writing: bool) -> Iterator[None]:
        """Errors as ours, and a line in the log when the database begins to be away, and when it is back."""
        try:
            with translated(writing=writing):
                yield
        except StoreAway as problem:
            found = self._looked_at(problem, writing=writing)
            self._weather.failed(found, writing=writing)
            if found is problem:
                raise
            raise found from problem.__cause__
        self._weather.worked(writing=writing)

    @contextmanager
    def together(self) -> Iterator[None]:
        """What this thread reads and writes inside is one transaction, and each write a savepoint of it.

        Inside another one it is a savepoint itself: what fails there takes back that much and no more.
        """
        if self._shared() is not None:
            with self.write():
                yield
            return
        with self.write() as connection:
            self._mine.connection = connection
            try:
                yield
            finally:
                self._mine.connection = None

    @contextmanager
    def in_line(self) -> Iterator[None]:
        """`together`, one at a time on PostgreSQL too: for whatever takes several cases, or one and a number.

        Each takes them in an order of its own, so of two at once one would have to be ended by the server. To be asked
        for before the transaction holds any.
        """
        outermost = self._shared() is None
        with self.together():
            if not self.is_sqlite and not getattr(self._mine, "in_line", False):
                self._mine.connection.execute(_LINE)
            if not outermost:
                yield
                return
            self._mine.in_line = True
            try:
                yield
            finally:
                self._mine.in_line = False

    @property
    def in_together(self) -> bool:
        """Whether what this thread reads now may hold what it wrote itself and may still take back."""
        return self._shared() is not None

    def _shared(self) -> Connection | None:
        found: Connection | None = getattr(self._mine, "connection", None)
        return found

    @contextmanager
    def looking(self) -> Iterator[None]:
        """What this thread reads inside belongs to one moment, over one connection.

        A write inside is a transaction of its own, which these reads do not see.
        """
        if self._shared() is not None or self._look() is not None:
            yield
            return
        with self.read() as connection:
            self._mine.look = connection
            try:
                yield
            finally:
                self._mine.look = None

    def _look(self) -> Connection | None:
        found: Connection | None = getattr(self._mine, "look", None)
        return found

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent look: everything read inside belongs to the same moment."""
        if (shared := self._shared() or self._look()) is not None:
            with translated():
                yield shared
            return
        with self._told(writing=False), self.engine.connect() as connection:
            if not self.is_sqlite:  # SQLite's deferred BEGIN is a snapshot already
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: everything inside is kept, or nothing."""
        if (shared := self._shared()) is not None:
            with translated(writing=True), _savepoint(shared):
                yield shared
            return
        with self._told(writing=True), self.engine.connect() as connection:
            connection = connection.execution_options(**{_WRITES: True})
            with connection.begin():
                yield connection
                _demand_whole(connection)

    @property
    def aside(self) -> Aside:
        """What this process could not read."""
        found: Aside = self.engine.get_execution_options()[ASIDE]
        return found

    def close(self) -> None:
        self.engine.dispose()

    def _looked_at(self, problem: StoreAway, *, writing: bool) -> StoreAway:
        """What SQLite only tells as a file that does not open, or a disk that fails, told by what is seen there."""
        if not self.is_sqlite or problem.why not in {"missing", "disk"}:
            return problem
        why = trouble.seen(Path(self.url.database or "")) or problem.why
        return problem if why == problem.why else _away(why, writing=writing)


#: Troubles that are over as soon as anything is answered; the others may hold up writing alone.
ANSWERS: Final = frozenset({"away", "missing"})


class Weather:
    """Whether the database could be used when it was last tried: a line in the log where that changes, none between."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._lock = Lock()
        self._why = ""
        self._writing = False  # what fails is writing; reading may go on all the while

    def failed(self, problem: StoreAway, *, writing: bool) -> None:
        """It could not be used."""
        with self._lock:
            before, self._why = self._why, problem.why
            self._writing = writing and problem.why not in ANSWERS and (self._writing or not before)
        if before != problem.why:
            cause = type(problem.__cause__).__name__
            log.error("database_unusable", why=problem.why, where=self._place, writing=writing, cause=cause)

    def worked(self, *, writing: bool) -> None:
        """It was used."""
        if not self._why or (self._writing and not writing):
            return
        with self._lock:
            before, self._why = self._why, ""
        if before:
            log.warning("database_usable", was=before, where=self._place)


def _is_whole(connection: Connection) -> bool:
    """Whether the transaction is still there; it is not where the process was told to end in the middle of a statement."""
    if connection.invalidated:
        return False
    raw: Any = connection.connection.driver_connection
    return connection.dialect.name != "sqlite" or bool(raw.in_transaction)


def _demand_whole(connection: Connection) -> None:
    """Raise StoreAway where SQLite took the transaction back by itself, as it may when the disk is full or fails.

    What was written in it is gone, and what came after would be kept statement by statement. The same where PostgreSQL
    went away in it and somebody swallowed that.
    """
    if not _is_whole(connection):
        raise _away("disk" if connection.dialect.name == "sqlite" else "away", writing=True)


@contextmanager
def _savepoint(connection: Connection) -> Iterator[None]:
    """What fails inside is taken back, the transaction goes on.

    Always of the same name, so that the statement is prepared once: the innermost one is meant. SQLAlchemy's own
    number theirs, and cost several times as much.
    """
    _demand_whole(connection)
    connection.exec_driver_sql("SAVEPOINT part")
    try:
        yield
        _demand_whole(connection)
    except BaseException:
        if _is_whole(connection):
            connection.exec_driver_sql("ROLLBACK TO SAVEPOINT part")
            connection.exec_driver_sql("RELEASE SAVEPOINT part")
        raise
    connection.exec_driver_sql("RELEASE SAVEPOINT part")


@contextmanager
def translated(*, writing: bool = False) -> Iterator[None]:
    """Turn driver errors into ours; the chained cause tells the rest, never the values."""
    try:
        yield
    except IntegrityError as problem:
        raise Conflict("数据已被他人写入") from problem
    except DBAPIError as problem:
        if why := trouble.of(problem.orig, problem.connection_invalidated):
            raise _away(why, writing=writing) from problem
        raise HuanyuError(f"数据库出错: {type(problem.orig).__name__}") from problem
    except StatementError as problem:
        if isinstance(problem.orig, ValueError):  # a naive datetime: our own mistake, not the database's
            raise problem.orig from problem
        raise HuanyuError(f"数据库出错: {type(problem.orig).__name__}") from problem
    except (
        NoneFree
    ) as problem:  # every connection is in use, as where all wait for a server that does not answer
        raise _away("busy", writing=writing) from problem
    except SQLAlchemyError as problem:
        raise HuanyuError(f"数据库出错: {type(problem).__name__}") from problem


def _away(why: str, *, writing: bool) -> StoreAway:
    return StoreAway(trouble.told(why, writing=writing), why=why)


def insert_new(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that leaves rows alone whose key is taken."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()


def _checked(url: str) -> URL:
    try:
        parsed = make_url(url)
        parsed.get_dialect()
    except (ArgumentError, NoSuchModuleError) as problem:
        raise ConfigError(f"数据库地址无法识别: {url.split('@')[-1]}") from problem
    if parsed.get_backend_name() not in {"sqlite", "postgresql"}:
        raise ConfigError(f"只支持 SQLite 与 PostgreSQL, 不支持 {parsed.get_backend_name()}")
    if parsed.get_backend_name() == "sqlite" and parsed.database in {None, "", ":memory:"}:
        raise ConfigError("SQLite 数据库必须是文件, 例如 sqlite:///huanyu.db")
    return parsed


def _common() -> dict[str, Any]:
    # Parameters are people's texts: they stay out of messages and logs.
    return {
        "hide_parameters": True,
        "json_serializer": JSONEncoder(ensure_ascii=False).encode,
        "execution_options": {ASIDE: Aside()},
    }


def _postgres(url: URL) -> Engine:
    patience = {name: value for name, value in REACH.items() if name not in url.query}
    size: dict[str, Any] = {"pool_size": POOL, "max_overflow": MORE, "pool_use_lifo": True}
    return create_engine(url, pool_pre_ping=True, connect_args=patience, **size, **_common())


def _sqlite(url: URL, make: bool) -> Engine:
    if url.database and make:
        # Posts carry telephone numbers: a new file is for its owner only, and -wal and -shm take after it.
        with suppress(OSError):  # connecting says better what is wrong with the address
            Path(url.database).touch(mode=0o600)
    size: dict[str, Any] = {"pool_size": FILES, "max_overflow": MORE_FILES, "pool_use_lifo": True}
    given = {"timeout": BUSY, "cached_statements": PREPARED}
    engine = create_engine(url, connect_args=given, **size, **_common())
    event.listen(engine, "do_connect", _as_it_is)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _as_it_is(_dialect: object, _record: object, cargs: list[Any], cparams: dict[str, Any]) -> None:
    """A file that went away meanwhile is missing: SQLite would make an empty one without a word."""
    cargs[0] = f"{Path(cargs[0]).absolute().as_uri()}?mode=rw"
    cparams["uri"] = True


def _prepare(raw: Any, _record: object) -> None:
    raw.isolation_level = None  # we say BEGIN ourselves, see _begin
    cursor = raw.cursor()
    if cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        cursor.execute("PRAGMA journal_mode = WAL")
    # NORMAL may forget the last commits when the power fails: a forgotten "sending" is a reply sent twice.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute(f"PRAGMA cache_size = -{PAGES}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A writer queues before it has read anything: upgrading a read later fails at once, without waiting.
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
