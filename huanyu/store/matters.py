"""What complaints are compared with, kept as it was read: a turn reads the rows that triggers have marked since.

All are read at first only. A row counts as changed when any of its values is another one; nobody who writes has to
tell, by whatever program. See `tables.marking` for what a mark is worth when two write at once.
"""

from __future__ import annotations

from bisect import bisect_left
from bisect import insort
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import Row
from sqlalchemy import Text
from sqlalchemy import bindparam
from sqlalchemy import cast
from sqlalchemy import select
from sqlalchemy import type_coerce
from sqlalchemy.types import NullType

from huanyu.store import marks
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
    .outerjoin(verdicts, verdicts.c.post_id == posts.c.id)
    .where(IS_MATTER)
)
_WITHIN = cases.c.last_post_at >= bindparam("since")
_ALL = _RAW.where(_WITHIN)
_BY_POST = _ALL.where(cases.c.first_post_id.in_(bindparam("ids", expanding=True)))
_BY_CASE = _ALL.where(cases.c.id.in_(bindparam("ids", expanding=True)))
_POST, _SIGNATURE = 1, 6  #: where they stand in a row

Raw = tuple[Any, ...]
Rows = dict[int, Raw]


@dataclass(frozen=True, slots=True)
class Renewed:
    """What is another than when it was last read."""

    changed: Sequence[OpenMatter]  #: by number, new ones among them
    gone: Sequence[int]  #: numbers of what is no longer a matter of these days, or can no longer be read


class Matters:
    """The matters of the last weeks as one process knows them; not for two threads at once."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rows: Rows = {}
        self._by_post: defaultdict[int, set[int]] = defaultdict(set)  #: cases by their first post
        self._said: dict[int, datetime] = {}  #: last post of each that could be read
        self._ages: list[tuple[datetime, int]] = []  #: the same in order of time, with what has changed since
        self._broken: dict[int, tuple[str, int]] = {}  #: what was put aside of each
        self._since: datetime | None = None
        self._mark: int | None = None  #: from which on changes are not known; None: all is to be read
        self._again: set[int] = set()  #: cases to be read again, whether they are marked or not
        self._unjudged: set[int] = set()  #: first posts that have no verdict yet: giving one marks nothing

    def renew(self, since: datetime) -> Renewed:
        """Read what is now known of matters whose last post was said since `since`."""
        with self._database.read() as tx:
            mark = marks.ahead(tx)
            rows, missing = self._whole(tx, since) if self._lost(mark, since) else self._marked(tx, since)
            other = sorted(number for number, row in rows.items() if self._rows.get(number) != row)
            found = [one for some in chunks(other) for one in self._readable(tx, some, rows)]
        unreadable = set(other) - {one.case_id for one in found}
        self._keep(rows, missing)
        self._date(found, missing | unreadable, since)
        self._again.clear()
        self._since = since
        self._mark = None if self._database.in_together else mark  # what others do not see may be taken back
        return Renewed(found, sorted(missing | unreadable))

    def forget(self, case_id: int) -> None:
        """It was taken from elsewhere: it is to be read again, as it then is."""
        self._drop(case_id)
        self._rows[case_id] = ()
        self._again.add(case_id)

    def _lost(self, mark: int, since: datetime) -> bool:
        """Whether what changed cannot be told from marks: at first, and where database or clock went back."""
        if self._mark is None or self._since is None or self._database.in_together:
            return True
        return mark < self._mark or since < self._since

    def _whole(self, tx: Connection, since: datetime) -> tuple[Rows, set[int]]:
        """All matters, and which known ones are none any more."""
        rows = self._judged(tx.execute(_ALL, {"since": since}), set(self._unjudged))
        return rows, self._rows.keys() - rows.keys()

    def _marked(self, tx: Connection, since: datetime) -> tuple[Rows, set[int]]:
        """The same of those that may have changed."""
        touched = marks.since(tx, self._mark or 0) | self._unjudged
        rows: Rows = {}
        for some in chunks(sorted(touched)):
            rows |= self._judged(tx.execute(_BY_POST, {"since": since, "ids": some}), set(some))
        looked = self._again | self._known(touched)
        for some in chunks(sorted(looked - rows.keys())):
            rows |= self._judged(tx.execute(_BY_CASE, {"since": since, "ids": some}), set())
        return rows, (looked | self._aged(since)) - rows.keys()

    def _known(self, posts_: Iterable[int]) -> set[int]:
        """Known cases that began with one of these posts."""
        return {number for post in posts_ if post in self._by_post for number in self._by_post[post]}

    def _aged(self, since: datetime) -> set[int]:
        """Known cases whose last post was said before that."""
        older = self._ages[: bisect_left(self._ages, (since,))]
        return {number for said, number in older if self._said.get(number) == said}

    def _keep(self, rows: Rows, missing: Iterable[int]) -> None:
        for number in missing:
            self._drop(number)
        for number, row in rows.items():
            self._drop(number)
            self._rows[number] = row
            self._by_post[row[_POST]].add(number)

    def _drop(self, number: int) -> None:
        if row := self._rows.pop(number, None):
            self._by_post[row[_POST]].discard(number)
            if not self._by_post[row[_POST]]:
                del self._by_post[row[_POST]]

    def _date(self, found: Iterable[OpenMatter], lost: Iterable[int], since: datetime) -> None:
        for number in lost:
            self._said.pop(number, None)
        for one in found:
            if self._said.get(one.case_id) != one.last_post_at:
                self._said[one.case_id] = one.last_post_at
                insort(self._ages, (one.last_post_at, one.case_id))
        del self._ages[: bisect_left(self._ages, (since,))]

    def _judged(self, found: Iterable[Row[Any]], asked: set[int]) -> Rows:
        """Rows by case, without those whose first post has no verdict, which are asked for again; `asked` were."""
        self._unjudged -= asked
        rows: Rows = {}
        for row in found:
            if row[_SIGNATURE] is None:
                self._unjudged.add(row[_POST])
            else:
                rows[row[0]] = tuple(row)
        return rows

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
