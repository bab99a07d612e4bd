"""What complaints are compared with, kept as it was read: a turn reads all rows and makes only the changed ones anew.

A row counts as changed when any of its values is another one, so nobody who writes has to tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import Text
from sqlalchemy import cast
from sqlalchemy import select
from sqlalchemy import type_coerce
from sqlalchemy.types import NullType

from huanyu.store.broken import FAULTS
from huanyu.store.broken import put_aside
from huanyu.store.broken import take_back
from huanyu.store.caseload import IS_MATTER
from huanyu.store.caseload import matters
from huanyu.store.rows import chunks
from huanyu.store.session import Database
from huanyu.store.tables import cases
from huanyu.store.tables import posts
from huanyu.store.tables import verdicts
from huanyu.types import OpenMatter

#: Everything `matters` reads, as the database has it.
_RAW = (
    select(
        cases.c.id,
        cases.c.first_post_id,
        cases.c.number,
        cast(cases.c.kinds, Text),
        cases.c.area,
        cases.c.place,
        verdicts.c.signature,
        cast(verdicts.c.places, Text),
        cast(verdicts.c.named, Text),
        posts.c.title,
        posts.c.text,
        type_coerce(cases.c.last_post_at, NullType),
        cases.c.state,
    )
    .join_from(cases, posts, cases.c.first_post_id == posts.c.id)
    .join(verdicts, verdicts.c.post_id == posts.c.id)
    .where(IS_MATTER)
)

Raw = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Renewed:
    """What is another than when it was last read."""

    changed: Sequence[OpenMatter]  #: by number, new ones among them
    gone: Sequence[int]  #: numbers of what is no longer a matter of these days, or can no longer be read


class Matters:
    """The matters of the last weeks as one process knows them; not for two threads at once."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rows: dict[int, Raw] = {}
        self._broken: dict[int, tuple[str, int]] = {}  #: what was put aside of each

    def renew(self, since: datetime) -> Renewed:
        """Read what is now known of matters whose last post was said since `since`."""
        with self._database.read() as tx:
            rows = {row[0]: tuple(row) for row in tx.execute(_RAW.where(cases.c.last_post_at >= since))}
            other = sorted(number for number, row in rows.items() if self._rows.get(number) != row)
            found = [one for some in chunks(other) for one in self._readable(tx, some, rows)]
        unreadable = set(other) - {one.case_id for one in found}
        gone = (self._rows.keys() - rows.keys()) | unreadable
        self._rows = rows
        return Renewed(found, sorted(gone))

    def forget(self, case_id: int) -> None:
        """It was taken from elsewhere: it is to be read again, as it then is."""
        self._rows[case_id] = ()

    def _readable(self, tx: Connection, numbers: Sequence[int], rows: dict[int, Raw]) -> list[OpenMatter]:
        """Those of them that can be read; the others are set aside."""
        for number in numbers:
            if number in self._broken:
                take_back(tx, *self._broken.pop(number))
        try:
            return matters(tx, cases.c.id.in_(numbers))
        except FAULTS as problem:
            if len(numbers) > 1:
                return [one for number in numbers for one in self._readable(tx, [number], rows)]
            self._broken[numbers[0]] = row = _whose_fault(tx, rows[numbers[0]])
            put_aside(tx, *row, type(problem).__name__)
            return []


def _whose_fault(tx: Connection, row: Raw) -> tuple[str, int]:
    """Table and number: the case itself, or the verdict on its first post."""
    case_id, post_id = row[:2]
    try:
        tx.execute(select(cases).where(cases.c.id == case_id)).all()
    except FAULTS:
        return "cases", int(case_id)
    return "verdicts", int(post_id)
