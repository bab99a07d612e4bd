"""A row in every table of a desk, whatever the table is for: nothing that lists tables may forget one."""

from __future__ import annotations

from datetime import UTC
from datetime import date
from datetime import datetime

from sqlalchemy import Column
from sqlalchemy import Connection
from sqlalchemy import LargeBinary
from sqlalchemy import Table
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy.types import JSON

from huanyu.store.columns import Name
from huanyu.store.columns import Tuple
from huanyu.store.tables import metadata

MOMENT = datetime(2026, 3, 10, 1, 30, 0, 123456, tzinfo=UTC)
ASTRAL = "绕城路“喷漆房”\n𠮷 100%"  #: beyond the basic plane, with a line break and what a COPY must escape


def fill(tx: Connection) -> None:
    """One row, every column of it with a value, in each table that has none; they all point to row 1."""
    for table in metadata.sorted_tables:
        if not tx.scalar(select(func.count()).select_from(table)):
            tx.execute(insert(table).values({column.name: _value(table, column) for column in table.columns}))


def contents(tx: Connection) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table as the program reads it."""
    return {
        table.name: sorted((tuple(row) for row in tx.execute(select(table))), key=repr)
        for table in metadata.sorted_tables
    }


def _value(table: Table, column: Column[object]) -> object:
    if table.name == "identities" and column.name == "post_id":
        return None  # of a case or of a post, not of both
    if column.name == "audit_head":
        return ""  # of a paper that prints none; any other is looked up in the chain
    for key in column.foreign_keys:
        return _value(key.column.table, key.column)
    if column is table.autoincrement_column:
        return 1
    kind = column.type
    if isinstance(kind, Name):
        return next(iter(kind.members))
    if isinstance(kind, Tuple):
        return (ASTRAL, "")
    if isinstance(kind, JSON):
        return {"a": [ASTRAL, 1.5, None, True]}
    if isinstance(kind, LargeBinary):
        return bytes(range(256))
    told = {str: f"{ASTRAL}\\.\t{column.name}", int: 1, bool: True, float: 0.1, date: MOMENT.date()}
    return told.get(getattr(kind, "impl_instance", kind).python_type, MOMENT)
