"""The whole database as of one moment, while others go on writing; and an empty database filled from it again.

SQLite is copied page by page by its own backup, which waits for nobody; PostgreSQL is read table by table inside one
REPEATABLE READ transaction. A snapshot is filled into a database of its own kind, whatever schema it was taken at:
the migrations first make that schema, and afterwards the present one.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import closing
from contextlib import contextmanager
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import IO
from typing import Any
from typing import Final

from sqlalchemy import Connection
from sqlalchemy import inspect
from sqlalchemy import make_url
from sqlalchemy import text

from huanyu.errors import BadInput
from huanyu.errors import ConfigError
from huanyu.errors import HuanyuError
from huanyu.store import schema
from huanyu.store.session import Database
from huanyu.store.session import translated
from huanyu.store.tables.marking import MARKS

SQLITE: Final = "sqlite"
POSTGRES: Final = "postgresql"
WHOLE: Final = "database/huanyu.db"  #: the one part of a SQLite snapshot
TABLES: Final = "tables/"  #: of a PostgreSQL one: tables/NAME/000001, in the order in which they are filled
PART: Final = 4 << 20  # bytes of a table read before they are handed on
#: Written by the migrations and by triggers: marks of another server's transactions mean nothing.
OWN: Final = frozenset({"alembic_version", MARKS})
ENGINE: Final = "procrastinate_"  # of the jobs: they only say "look now", and a desk put back looks anyway
#: Rows that only a desk at work has.
WORK: Final = ("users", "posts", "cases", "outbox", "bulletins", "audit")

Part = tuple[str, int, IO[bytes]]  #: name, size, bytes


@dataclass(frozen=True, slots=True)
class Outline:
    """What must be known of a snapshot before it is filled in."""

    database: str  #: sqlite | postgresql
    revision: str
    tables: Mapping[str, tuple[str, ...]]  #: table -> columns, parents before children
    rows: Mapping[str, int]
    sequences: Mapping[str, int]  #: the last number given out, where one was
    head: str  #: of the audit trail


@contextmanager
def taken(database: Database, work: Path) -> Iterator[tuple[Outline, Iterable[Part]]]:
    """The database as of now; `work` is a folder for what has to lie on the disk meanwhile, private and empty."""
    if database.is_sqlite:
        copy = work / "snapshot.db"
        _copy(str(database.url.database), copy)
        still = Database(f"sqlite:///{copy.as_posix()}")
        try:
            with still.read() as tx:
                outline = _outline(tx, SQLITE)
        finally:
            still.close()
        yield outline, _file(copy)
        return
    with database.read() as tx:
        outline = _outline(tx, POSTGRES)
        yield outline, _copied_out(tx, outline)


def fill(database: Database, outline: Outline, parts: Iterable[tuple[str, IO[bytes]]]) -> None:
    """Make an empty PostgreSQL database what the snapshot says, all or nothing, and bring it to the present schema."""
    with database.together():
        with database.write() as tx:
            schema.upgrade_to(tx, outline.revision)
            names = ", ".join(map(_quoted, outline.tables))
            tx.execute(text(f"TRUNCATE {names} CASCADE"))
            for table, pieces in groupby(
                parts, key=lambda part: part[0].removeprefix(TABLES).partition("/")[0]
            ):
                _copied_in(tx, outline, table, (source for _, source in pieces))
            for sequence, last in outline.sequences.items():
                tx.execute(
                    text("SELECT setval(CAST(:name AS regclass), :last)"), {"name": sequence, "last": last}
                )
        schema.upgrade(database)


def counted(database: Database, tables: Iterable[str]) -> dict[str, int]:
    """How many rows each of these tables has, 0 for one that a later schema lacks."""
    with database.read() as tx:
        known = set(inspect(tx).get_table_names())
        return {name: _count(tx, name) if name in known else 0 for name in tables}


def at_work(url: str) -> list[str]:
    """Tables that show somebody works with this database already; none where there is none or it is empty."""
    if (file := file_of(url)) is not None and not file.is_file():
        return []
    database = Database(url)
    try:
        return [name for name, rows in counted(database, WORK).items() if rows]
    finally:
        database.close()


def outlined(database: Database) -> Outline:
    """What a snapshot taken now would be."""
    with database.read() as tx:
        return _outline(tx, SQLITE if database.is_sqlite else POSTGRES)


def is_begun(url: str) -> bool:
    """Whether a database that answers has ever been a desk's."""
    database = Database(url)
    try:
        with database.read() as tx:
            return bool(schema.revision(tx))
    finally:
        database.close()


def file_of(url: str) -> Path | None:
    """Where a SQLite database lies; None for any other."""
    parsed = make_url(url)
    return Path(str(parsed.database)) if parsed.get_backend_name() == SQLITE else None


def empty(database: Database) -> None:
    """Take the tables away that a desk nobody works at had made for itself."""
    with database.write() as tx:
        found = [name for name in inspect(tx).get_table_names() if not name.startswith(ENGINE)]
        if names := ", ".join(map(_quoted, found)):
            tx.execute(text(f"DROP TABLE {names} CASCADE"))


@contextmanager
def aside(url: str) -> Iterator[str]:
    """The address of an empty schema beside the tables proper, gone afterwards: a place to try a backup."""
    name = f"huanyu_check_{secrets.token_hex(6)}"
    database = Database(url)
    try:
        with database.write() as tx:
            tx.execute(text(f"CREATE SCHEMA {name}"))
        options = database.url.query.get("options", "")
        path = f"{options} -csearch_path={name}".strip()
        yield database.url.update_query_dict({"options": path}).render_as_string(hide_password=False)
    finally:
        with suppress(HuanyuError), database.write() as tx:
            tx.execute(text(f"DROP SCHEMA IF EXISTS {name} CASCADE"))
        database.close()


def put_file(source: IO[bytes], path: Path) -> None:
    """Write a SQLite snapshot where no database is; raises BadInput for one that SQLite finds damaged."""
    path.touch(mode=0o600)
    with path.open("wb") as file:
        while block := source.read(PART):
            file.write(block)
    with closing(sqlite3.connect(path)) as raw:
        try:
            found = raw.execute("PRAGMA quick_check(1)").fetchone()[0]
        except sqlite3.DatabaseError as problem:
            raise BadInput("备份里的数据库已损坏") from problem
    if found != "ok":
        raise BadInput(f"备份里的数据库已损坏: {found}")


def _copy(source: str, target: Path) -> None:
    target.touch(mode=0o600)
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            new.execute("PRAGMA synchronous = OFF")  # read back at once, and made again after a power cut
            old.backup(new)  # one step: pages that are written meanwhile stay in the log, and out of it
    except sqlite3.Error as problem:
        raise HuanyuError(f"数据库不能备份: {problem}") from problem


def _file(path: Path) -> Iterator[Part]:
    with path.open("rb") as file:
        yield WHOLE, path.stat().st_size, file


def _outline(tx: Connection, kind: str) -> Outline:
    inspector = inspect(tx)
    found = inspector.get_sorted_table_and_fkc_names()
    names = [name for name, _ in found if name and name not in OWN and not name.startswith(ENGINE)]
    if kind == SQLITE:
        names = sorted(name for name in names if not name.startswith("post_grams"))
    elif cyclic := [constraint for name, constraints in found if name is None for constraint in constraints]:
        raise ConfigError(f"表之间互相引用, 不能逐表备份: {cyclic}")
    return Outline(
        database=kind,
        revision=schema.revision(tx),
        tables={name: tuple(one["name"] for one in inspector.get_columns(name)) for name in names},
        rows={name: _count(tx, name) for name in names},
        sequences=_sequences(tx) if kind == POSTGRES else {},
        head=str(tx.scalar(text("SELECT head FROM audit_head")) or ""),
    )


def _sequences(tx: Connection) -> dict[str, int]:
    """Read after the snapshot began, so that none stands before a row in it."""
    query = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema()"
    found = {row.sequencename: row.last_value for row in tx.execute(text(query)) if row.last_value}
    return {_quoted(name): last for name, last in found.items() if not name.startswith(ENGINE)}


def _count(tx: Connection, name: str) -> int:
    return int(tx.scalar(text(f"SELECT count(*) FROM {_quoted(name)}")) or 0)  # noqa: S608 a name of the database's


def _copied_out(tx: Connection, outline: Outline) -> Iterator[Part]:
    for name, columns in outline.tables.items():
        for number, block in enumerate(_blocks(tx, name, columns), start=1):
            yield f"{TABLES}{name}/{number:06d}", len(block), BytesIO(block)


def _blocks(tx: Connection, name: str, columns: Iterable[str]) -> Iterator[bytes]:
    kept = bytearray()
    with translated(), _cursor(tx) as cursor, cursor.copy(f"COPY {_listed(name, columns)} TO STDOUT") as copy:
        for data in copy:
            kept += data
            if len(kept) >= PART:
                yield bytes(kept)
                kept.clear()
    if kept:
        yield bytes(kept)


def _copied_in(tx: Connection, outline: Outline, table: str, sources: Iterable[IO[bytes]]) -> None:
    """One COPY for all pieces of a table, so that its rows may point to later ones."""
    if table not in outline.tables:
        raise BadInput(f"备份里有不认识的表: {table}")
    statement = f"COPY {_listed(table, outline.tables[table])} FROM STDIN"
    with translated(), _cursor(tx) as cursor, cursor.copy(statement) as copy:
        for source in sources:
            while block := source.read(PART):
                copy.write(block)


def _cursor(tx: Connection) -> Any:
    """The driver's own cursor: COPY is nothing that SQLAlchemy has a word for."""
    raw: Any = tx.connection.driver_connection
    return raw.cursor()


def _listed(name: str, columns: Iterable[str]) -> str:
    return f"{_quoted(name)} ({', '.join(map(_quoted, columns))})"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
