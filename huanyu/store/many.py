"""Many rows by one statement: on PostgreSQL as one array a column, since a list of thousands of values costs more to spell
and to read than to store; on SQLite row by row over one prepared statement.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Column
from sqlalchemy import Connection
from sqlalchemy import RowMapping
from sqlalchemy import Table
from sqlalchemy import bindparam
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite

SHAPES = 100  # tables with the columns they are given; there are a handful


def put_new(
    tx: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *returned: Column[Any]
) -> Sequence[RowMapping]:
    """Insert rows that all have the same columns, in their order, and leave alone those whose key is taken.

    Gives back the columns asked for, of those that were inserted.
    """
    if not rows:
        return []
    if tx.dialect.name == "sqlite":
        statement = sqlite.insert(table).on_conflict_do_nothing().returning(*returned)
        return tx.execute(statement, rows).mappings().all()
    names = tuple(rows[0])
    by_arrays = _by_arrays(table, names).on_conflict_do_nothing().returning(*returned)
    return tx.execute(by_arrays, _arrays(names, rows)).mappings().all()


def put_all(tx: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same columns; a taken key is an error, as ever."""
    if not rows:
        return
    if tx.dialect.name == "sqlite":
        tx.execute(sqlite.insert(table), rows)
        return
    names = tuple(rows[0])
    tx.execute(_by_arrays(table, names), _arrays(names, rows))


def _arrays(names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in names}


@lru_cache(maxsize=SHAPES)
def _by_arrays(table: Table, names: tuple[str, ...]) -> postgresql.Insert:
    kept = [bindparam(name, type_=postgresql.ARRAY(table.c[name].type, dimensions=1)) for name in names]
    given = func.unnest(*kept).table_valued(*names).render_derived()
    return postgresql.insert(table).from_select(names, select(*(given.c[name] for name in names)))
