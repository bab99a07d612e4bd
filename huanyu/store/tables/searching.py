"""The index behind full-text search, one per database, beside the tables proper: no row of it is anybody's only record."""

from __future__ import annotations

from sqlalchemy import DDL
from sqlalchemy import event

from huanyu.store.tables.marking import MARKS
from huanyu.store.tables.shape import metadata

#: FTS5 keeps its own tables beside the one it is asked by.
INDEX = "post_grams"
STATEMENTS = {
    "sqlite": (
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {INDEX} USING fts5(words, content='', tokenize='ascii')",
    ),
    "postgresql": (
        f"CREATE TABLE IF NOT EXISTS {INDEX} (rowid BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)",
        f"CREATE INDEX IF NOT EXISTS ix_{INDEX}_words ON {INDEX} USING gin (words)",
    ),
}

for dialect, statements in STATEMENTS.items():
    for statement in statements:
        made = DDL(statement)  # type: ignore[no-untyped-call]
        event.listen(metadata, "after_create", made.execute_if(dialect=dialect))


def is_ours(name: str | None) -> bool:
    """Whether a table belongs to the index or is made by triggers, and is none of the tables proper."""
    return (name or "").startswith(INDEX) or name == MARKS
