"""The MetaData all tables share, and short words for the columns they are made of.

Work that waits stands in a column under a partial index: see `waiting`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Boolean
from sqlalchemy import Column
from sqlalchemy import ColumnElement
from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import MetaData
from sqlalchemy import false
from sqlalchemy import literal_column

from huanyu.store.columns import Id
from huanyu.store.columns import Moment
from huanyu.store.columns import Words

ONLY = "only"  #: key in the `info` of what one kind of database has: the name of that kind
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def key() -> Column[Any]:
    """The row's own number."""
    return Column("id", Id, primary_key=True)


def ref(name: str, target: str, null: bool = False) -> Column[Any]:
    """The number of a row of another table."""
    return Column(name, Id, ForeignKey(target), nullable=null)


def text(name: str, late: bool = False) -> Column[Any]:
    """A text, empty rather than null; `late`: added by a migration to rows that were there."""
    return Column(name, Words, nullable=False, default="", server_default="" if late else None)


def flag(name: str, late: bool = False) -> Column[Any]:
    """Yes or no, no at first; `late` as in `text`."""
    return Column(name, Boolean, nullable=False, default=False, server_default=false() if late else None)


def number(name: str, start: int = 0, late: bool = False) -> Column[Any]:
    """A whole number; `late` as in `text`."""
    return Column(name, Integer, nullable=False, default=start, server_default=str(start) if late else None)


def moment(name: str, null: bool = False) -> Column[Any]:
    """An aware moment."""
    return Column(name, Moment, nullable=null)


def waiting(name: str, column: Column[Any], where: ColumnElement[bool], *more: Column[Any]) -> Index:
    """An index over the rows that wait for work, and only those; `more` is read from it with the column."""
    return Index(name, column, *more, sqlite_where=where, postgresql_where=where)


def once(name: str, columns: Sequence[Column[Any]], where: str) -> Index:
    """An index that lets the columns' values stand once among the rows that fit `where`."""
    fits: ColumnElement[bool] = literal_column(where)
    return Index(name, *columns, unique=True, sqlite_where=fits, postgresql_where=fits)


def on_sqlite(name: str, *columns: Column[Any]) -> Index:
    """An index that SQLite alone has; `info` tells the comparison with the migrations."""
    return Index(name, *columns, info={ONLY: "sqlite"}).ddl_if(dialect="sqlite")
