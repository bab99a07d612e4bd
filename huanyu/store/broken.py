"""Rows whose values cannot be read: set aside one by one, so that they hold up no other, and looked at again each time.

What is broken stays as it is; as soon as somebody has mended it, it is taken with the others.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any
from typing import Final
from typing import TypeVar

import structlog
from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import Select

log = structlog.get_logger()

T = TypeVar("T")

#: A time that is none, JSON cut off, a word no table has.
FAULTS: Final = (ValueError, LookupError, TypeError)
#: Option of an engine: what its connections could not read.
ASIDE: Final = "huanyu_broken"


@dataclass(frozen=True, slots=True)
class Kind:
    """What may be broken: rows of a table, with what belongs to each."""

    name: str  #: of the table
    key: ColumnElement[int]
    whole: Select[Any]  #: all rows there are


@dataclass(frozen=True, slots=True, order=True)
class BrokenRow:
    """One that could not be read."""

    table: str
    number: int
    why: str  #: name of the error


class Aside:
    """What this process has set aside, told in the log as it was found and as it was read again."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._rows: dict[tuple[str, int], BrokenRow] = {}

    def listing(self) -> tuple[BrokenRow, ...]:
        """All of it, by table and number."""
        with self._lock:
            return tuple(sorted(self._rows.values()))

    def of(self, table: str) -> list[int]:
        """Numbers of a table's rows."""
        return [one.number for one in self.listing() if one.table == table] if self._rows else []

    def put(self, row: BrokenRow) -> None:
        with self._lock:
            known = self._rows.setdefault((row.table, row.number), row) is not row
        if not known:
            log.error("broken_row", table=row.table, number=row.number, why=row.why)

    def take_back(self, table: str, number: int) -> None:
        with self._lock:
            found = self._rows.pop((table, number), None)
        if found is not None:
            log.warning("broken_row_mended", table=table, number=number)


def put_aside(tx: Connection, table: str, number: int, why: str) -> None:
    """Set a row aside that was read by itself; `why`: name of the error."""
    aside: Aside = tx.get_execution_options()[ASIDE]
    aside.put(BrokenRow(table, number, why))


def take_back(tx: Connection, table: str, number: int) -> None:
    """Take it with the others again."""
    aside: Aside = tx.get_execution_options()[ASIDE]
    aside.take_back(table, number)


def readable(
    tx: Connection,
    kind: Kind,
    query: Select[Any],
    read: Callable[[Select[Any]], Sequence[T]],
    mended: Callable[[Select[Any]], object] | None = None,
) -> list[T]:
    """What `read` makes of the rows of a queue, without those of `kind` that are broken.

    Where some are, the queue is asked again without them: however many there are, others take their places. Where
    `read` leaves out some of what belongs to them, `mended` says whether one that is set aside is whole again.
    """
    aside: Aside = tx.get_execution_options()[ASIDE]
    for number in aside.of(kind.name):
        if not _fault(kind.whole.where(kind.key == number), mended or read):
            aside.take_back(kind.name, number)
    while True:
        known = [
            number
            for number in aside.of(kind.name)
            if mended is None or _fault(kind.whole.where(kind.key == number), read)
        ]
        rest = query.where(kind.key.not_in(known)) if known else query
        try:
            return list(read(rest))
        except FAULTS:
            numbers = tx.scalars(rest.with_only_columns(kind.key, maintain_column_froms=True)).all()
            one = rest.limit(None).offset(None)  # on a further page no single row would be found
            found = [
                (number, _fault(one.where(kind.key == number), read)) for number in dict.fromkeys(numbers)
            ]
            broken = [BrokenRow(kind.name, number, why) for number, why in found if why]
            if not broken:  # not a row's fault
                raise
        for row in broken:
            aside.put(row)


def _fault(query: Select[Any], read: Callable[[Select[Any]], object]) -> str:
    """Name of the error with which reading ends, "" where it does not."""
    try:
        read(query)
    except FAULTS as problem:
        return type(problem).__name__
    return ""
