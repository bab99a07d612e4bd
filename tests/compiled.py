"""Statements compiled once for all databases of a kind: every test opens databases of its own, and SQLAlchemy would
compile each statement anew for each of them."""

from __future__ import annotations

from sqlalchemy import Connection
from sqlalchemy import Engine
from sqlalchemy import event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

KEPT = 2000  # statements: more than all pages and steps ask


def same_kind(this: object, other: object) -> bool:
    """Whether two dialects compile alike: the program opens all databases of a kind with the same options."""
    return type(this) is type(other)


def kind(this: object) -> int:
    return hash(type(this))


def share_compiled() -> None:
    """From here on, all engines of this process look up what any of them has compiled."""
    for dialect in (PGDialect_psycopg, SQLiteDialect_pysqlite):
        dialect.__eq__, dialect.__hash__ = (
            same_kind,
            kind,
        )  # the key of a compiled statement holds its dialect
    compiled: LRUCache[object, object] = LRUCache(KEPT)

    @event.listens_for(Engine, "engine_connect")
    def shared(connection: Connection) -> None:
        connection.execution_options(compiled_cache=compiled)
