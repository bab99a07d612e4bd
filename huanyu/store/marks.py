"""Which posts' matters have changed since somebody last asked, as the triggers of `tables.marking` tell."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection
from sqlalchemy import text

_NEXT: Final = {
    "sqlite": text("SELECT coalesce(max(mark), 0) + 1 FROM matter_marks"),
    # The first transaction that is not over: what it marks may be seen only later.
    "postgresql": text("SELECT txid_snapshot_xmin(txid_current_snapshot())"),
}
_SINCE: Final = {
    "sqlite": text("SELECT post_id FROM matter_marks WHERE mark >= :first"),
    # Marks of transactions to come are another server's, whose rows were taken over with them.
    "postgresql": text(
        "SELECT DISTINCT post_id FROM matter_marks"
        " WHERE mark >= :first AND mark < txid_snapshot_xmax(txid_current_snapshot())"
    ),
}


def ahead(tx: Connection) -> int:
    """From which mark on to ask the next time; to be asked for before anything is read."""
    return int(tx.scalar(_NEXT[tx.dialect.name]) or 0)


def since(tx: Connection, first: int) -> set[int]:
    """Numbers of the posts marked from `first` on, perhaps some that were marked a little earlier."""
    return set(tx.scalars(_SINCE[tx.dialect.name], {"first": first}))
