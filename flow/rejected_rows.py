"""Rows of a handed-in table that could not be taken: they stay, sealed, on the list of what nobody could read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from crawler.import_table import Row
from crawler.import_table import packed
from flow.desk import Desk
from huanyu.types import Reject
from huanyu.types import User


def keep(
    desk: Desk, source: str, name: str, bad: Sequence[tuple[Row, str]], user: User, now: datetime
) -> None:
    """Each row of the file `name` with why it was not taken; `source` is the heading of the list it stands under."""
    kept = [
        Reject(
            source=source,
            where=f"{name} {row.place}",
            reason=told,
            payload=packed(row.cells).encode("utf-8", "replace"),
            at=now,
            meta={"file": name},
        )
        for row, told in bad
    ]
    desk.store.posts.add_rejects(kept, now=now, actor=user.name)
