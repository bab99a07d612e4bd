"""Migrations leave what a worker of the program before still reads and writes: it may run on until it is stopped."""

from __future__ import annotations

from contextlib import closing
from itertools import pairwise

from sqlalchemy import Connection
from sqlalchemy import inspect

from huanyu.store import schema
from huanyu.store.session import Database
from tests.flow import older

#: table → column → (its type, whether a row may be inserted without it)
Shape = dict[str, dict[str, tuple[str, bool]]]


def test_no_migration_takes_away_what_an_older_program_reads_or_asks_what_it_does_not_write(
    bare_url: str,
) -> None:
    steps = [step.revision for step in schema.scripts().walk_revisions()][::-1]
    steps = steps[steps.index(older.REVISION) :]
    assert len(steps) > 1
    with closing(Database(bare_url)) as database, database.write() as tx:
        shapes = []
        for revision in steps:
            schema.upgrade_to(tx, revision)
            shapes.append(shape(tx))
    for revision, (before, after) in zip(steps[1:], pairwise(shapes), strict=True):
        assert list(lost(before, after)) == [], f"migration {revision}"


def shape(tx: Connection) -> Shape:
    found = inspect(tx)
    return {
        table: {
            one["name"]: (
                str(one["type"]),
                bool(one["nullable"] or one["default"] or one.get("autoincrement") is True),
            )
            for one in found.get_columns(table)
        }
        for table in found.get_table_names()
    }


def lost(before: Shape, after: Shape) -> list[str]:
    """What an older program would miss: a column of another type or gone, or one its inserts do not know must be there."""
    missed = []
    for table, columns in before.items():
        there = after.get(table, {})
        for name, (kind, optional) in columns.items():
            if name not in there or there[name][0] != kind or (optional and not there[name][1]):
                missed.append(f"{table}.{name} is gone, of another type or no longer optional")
        missed += [
            f"{table}.{name} is new and must be given"
            for name in there.keys() - columns.keys()
            if not there[name][1]
        ]
    return missed


def test_what_would_stop_an_older_program_is_told() -> None:
    before: Shape = {
        "posts": {"id": ("INTEGER", False), "text": ("TEXT", True)},
        "gone": {"id": ("TEXT", True)},
    }
    after: Shape = {
        "posts": {
            "id": ("TEXT", False),
            "text": ("TEXT", False),
            "new": ("TEXT", False),
            "free": ("TEXT", True),
        }
    }
    assert [one.split(" ")[0] for one in lost(before, after)] == [
        "posts.id",
        "posts.text",
        "posts.new",
        "gone.id",
    ]
    assert lost(before, before) == []
