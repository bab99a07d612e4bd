"""A desk's whole database carried from SQLite to PostgreSQL: the same rows under the same numbers, held against each other.

The SQLite side is locked for writers meanwhile, the PostgreSQL side is one transaction: all of it is there, or nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from typing import Final

from sqlalchemy import Connection
from sqlalchemy import Table
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import text

from huanyu.errors import ConfigError
from huanyu.errors import Conflict
from huanyu.errors import HuanyuError
from huanyu.store import grams
from huanyu.store import schema
from huanyu.store import snapshots
from huanyu.store.audit import Audit
from huanyu.store.audit import Trail
from huanyu.store.keys import Keys
from huanyu.store.rows import chunks
from huanyu.store.session import Database
from huanyu.store.session import translated
from huanyu.store.tables import audit_head
from huanyu.store.tables import metadata
from huanyu.store.tables import post_versions
from huanyu.store.tables import posts

ROWS: Final = 1000  # read and handed on at once

Tell = Callable[[str, int], None]  #: table, rows carried


@dataclass(frozen=True, slots=True)
class Carried:
    """What stands in the new database."""

    tables: int
    rows: int
    head: str  #: of the audit trail, the same in both


def carry(source_url: str, target_url: str, key: str, tell: Tell) -> Carried:
    """Fill an empty PostgreSQL database with a desk kept in SQLite.

    Raises ConfigError for addresses of other kinds, Conflict for a target in use, HuanyuError where the two differ
    afterwards; the target is then as it was.
    """
    if snapshots.at_work(target_url):
        raise Conflict("目标数据库里已有数据, 只能搬到空的数据库")
    source, target = Database(source_url), Database(target_url)
    try:
        if not source.is_sqlite or target.is_sqlite:
            raise ConfigError("move-store 只能从 SQLite 搬到 PostgreSQL")
        schema.demand(source)
        schema.upgrade(target)
        with source.write() as old, target.together(), target.write() as new:
            return _carry(old, new, Audit(target, Trail(Keys(key))), tell)
    finally:
        source.close()
        target.close()


def _carry(old: Connection, new: Connection, audit: Audit, tell: Tell) -> Carried:
    tables = metadata.sorted_tables
    new.execute(text(f"TRUNCATE {', '.join(table.fullname for table in tables)} CASCADE"))
    rows = 0
    for table in tables:
        count = _copied(old, new, table)
        _numbered(new, table)
        tell(table.name, count)
        rows += count
    _indexed(old, new)
    if differing := [table.name for table in tables if _count(old, table) != _count(new, table)]:
        raise HuanyuError(f"搬过去的行数不符, 什么都没有保留: {'、'.join(differing)}")
    heads = [tx.scalar(select(audit_head.c.head)) or "" for tx in (old, new)]
    if heads[0] != heads[1] or (broken := audit.verify(heads[0])):
        raise HuanyuError(
            f"审计链核对不符, 什么都没有保留: {'; '.join(broken[:3]) if heads[0] == heads[1] else '链尾不同'}"
        )
    return Carried(len(tables), rows, heads[0])


def _copied(old: Connection, new: Connection, table: Table) -> int:
    """One COPY for all rows of a table, so that they may point to later ones."""
    columns = list(table.columns)
    made = [column.type.dialect_impl(new.dialect).bind_processor(new.dialect) for column in columns]
    names = ", ".join(f'"{column.name}"' for column in columns)
    raw: Any = new.connection.driver_connection
    count = 0
    with (
        translated(),
        raw.cursor() as cursor,
        cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy,
    ):
        for row in old.execute(select(*columns)).yield_per(ROWS):
            copy.write_row([make(value) if make else value for make, value in zip(made, row, strict=True)])
            count += 1
    return count


def _numbered(new: Connection, table: Table) -> None:
    """The next row gets the number after the last one."""
    key = table.autoincrement_column
    if key is None:
        return
    sequence = new.scalar(
        text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": table.name, "column": key.name}
    )
    last = new.scalar(select(func.max(key)))
    if sequence and last:
        new.execute(text("SELECT setval(CAST(:name AS regclass), :last)"), {"name": sequence, "last": last})


def _indexed(old: Connection, new: Connection) -> None:
    """The full-text index made anew: it is of each database's own kind. Former texts are found, too."""
    columns = [posts.c[name] for name in ("id", *grams.INDEXED)]
    for rows in chunks(old.execute(select(*columns).order_by(posts.c.id)).mappings(), ROWS):
        grams.put(new, [(row["id"], row) for row in rows])
    joined = select(*columns, post_versions.c.text.label("former")).join(
        posts, posts.c.id == post_versions.c.post_id
    )
    for row in old.execute(joined.order_by(post_versions.c.id)).mappings():
        grams.change(new, row["id"], row, {"text": row["former"]})


def _count(tx: Connection, table: Table) -> int:
    return int(tx.scalar(select(func.count()).select_from(table)) or 0)
