"""Rows of a handed-in table that could not be taken: they stay, sealed, on the list of what nobody could read."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final

from crawler.import_table import Row
from crawler.import_table import packed
from flow.desk import Desk
from huanyu.redact import mask
from huanyu.types import Reject
from huanyu.types import User

NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


def keep(
    desk: Desk,
    source: str,
    name: str,
    bad: Sequence[tuple[Row, str]],
    user: User,
    now: datetime,
    belongs: Mapping[str, str] = NOTHING,
) -> None:
    """Each row of the file `name` with why it was not taken; `source` is the heading of the list it stands under.

    `belongs` says of what it is a row, for whoever takes it in once it is put right.
    """
    put(desk, source, name, [(f"{name} {row.place}", told, row) for row, told in bad], user, now, belongs)


def put(
    desk: Desk,
    source: str,
    name: str,
    bad: Sequence[tuple[str, str, Row]],
    user: User,
    now: datetime,
    belongs: Mapping[str, str] = NOTHING,
) -> None:
    """The same for rows that are known by something better than their place: what by, why not taken, the row."""
    kept = [
        Reject(
            source=source,
            where=where,
            reason=mask(told),
            payload=packed(row.cells).encode("utf-8", "replace"),
            at=now,
            meta={"file": name, **belongs},
        )
        for where, told, row in bad
    ]
    desk.store.posts.add_rejects(kept, now=now, actor=user.name)
