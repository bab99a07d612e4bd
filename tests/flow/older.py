"""A filled desk as an older program left it: its rows in the tables and columns of a former revision."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

from sqlalchemy import inspect
from sqlalchemy import text

from huanyu.store import schema
from huanyu.store import snapshots
from huanyu.store.session import Database

REVISION = "0020"
NOT_COPIED = ("post_grams", "alembic_version")  # the index of the search is made by triggers of its own


def make(filled: str, older: str, revision: str = REVISION) -> dict[str, int]:
    """Fill the empty database `older`, brought to `revision`, from a present one; returns its rows by table."""
    with closing(Database(filled)) as source, closing(Database(older)) as target:
        with target.write() as tx:
            schema.upgrade_to(tx, revision)
            known = _columns(tx)
        with source.read() as tx:
            outline = snapshots._outline(tx, snapshots.SQLITE if source.is_sqlite else snapshots.POSTGRES)
        tables = {name: known[name] for name in outline.tables if name in known}
        copied = replace(outline, revision=revision, tables=tables)
        (_attached if source.is_sqlite else _streamed)(source, target, copied)
        return snapshots.counted(target, tables)


def _columns(tx) -> dict[str, tuple[str, ...]]:
    found = inspect(tx)
    names = [name for name in found.get_table_names() if not name.startswith(NOT_COPIED)]
    return {name: tuple(one["name"] for one in found.get_columns(name)) for name in names}


def _attached(source: Database, target: Database, outline: snapshots.Outline) -> None:
    with target.engine.connect() as connection:
        raw = connection.connection.driver_connection
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute("ATTACH DATABASE ? AS present", (source.url.database,))
        for name, columns in outline.tables.items():
            listed = ", ".join(f'"{column}"' for column in columns)
            raw.execute(f'DELETE FROM main."{name}"')
            raw.execute(f'INSERT INTO main."{name}" ({listed}) SELECT {listed} FROM present."{name}"')
        raw.commit()
        raw.execute("DETACH DATABASE present")
        raw.execute("PRAGMA foreign_keys = ON")


def _streamed(source: Database, target: Database, outline: snapshots.Outline) -> None:
    with source.read() as reading, target.write() as tx:
        tx.execute(text("SET LOCAL session_replication_role = replica"))
        tx.execute(text(f"TRUNCATE {', '.join(map(snapshots._quoted, outline.tables))} CASCADE"))
        for name, columns in outline.tables.items():
            for block in snapshots._blocks(reading, name, columns):
                snapshots._copied_in(tx, outline, name, [snapshots.BytesIO(block)])
        for sequence, last in outline.sequences.items():
            if tx.scalar(text("SELECT to_regclass(:name)"), {"name": sequence}) is not None:
                tx.execute(
                    text("SELECT setval(CAST(:name AS regclass), :last)"), {"name": sequence, "last": last}
                )
