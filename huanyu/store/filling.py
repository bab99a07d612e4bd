"""Copies of cases by the hundred thousand, so that a bench can ask its questions of a large desk.

Nobody handled these and no audit row tells of them: for benches on a database of their own, never for a desk.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import Select
from sqlalchemy import Table
from sqlalchemy import and_
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import literal
from sqlalchemy import select

from huanyu.errors import BadInput
from huanyu.store import grams
from huanyu.store.columns import Moment
from huanyu.store.session import Database
from huanyu.store.tables import assignments
from huanyu.store.tables import case_events
from huanyu.store.tables import case_posts
from huanyu.store.tables import cases
from huanyu.store.tables import clocks
from huanyu.store.tables import posts
from huanyu.store.tables import results
from huanyu.store.tables import verdicts

COPIED = (posts, verdicts, cases, results, case_posts, case_events, clocks, assignments)
#: whose number a column holds
OF = {"post_id": posts, "first_post_id": posts, "case_id": cases, "result_id": results}
UNIQUE = {posts: ("native_id", "identity"), cases: ("number", "public_id")}
PAGE = 2000
MARK = "-"  #: follows the name of what is copied
ORIGINAL = cases.c.public_id.not_like(f"%{MARK}%")
CLOSED = and_(cases.c.state == "closed", ORIGINAL)


class Filling:
    """Makes a desk larger than anybody has time to make it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def copy_closed(self, wanted: int) -> int:
        """Copy closed cases with their posts, history and limits, each turn dated further back; returns how many."""
        return self._copies(CLOSED, wanted)

    def copy_any(self, wanted: int) -> int:
        """The same of all cases, in whatever state they stand; returns how many."""
        return self._copies(ORIGINAL, wanted)

    def _copies(self, which: ColumnElement[bool], wanted: int) -> int:
        made = turn = 0
        while made < wanted:
            turn += 1
            with self._database.write() as tx:
                made += _copy(tx, which, wanted - made, turn)
        return made


def _copy(tx: Connection, which: ColumnElement[bool], wanted: int, turn: int) -> int:
    chosen = select(cases.c.id).where(which).order_by(cases.c.id).limit(wanted)
    count = int(tx.scalar(select(func.count()).select_from(chosen.subquery())) or 0)
    if not count:
        raise BadInput("没有可以复制的办件, 请多模拟几天")
    first, last = tx.execute(
        select(func.min(cases.c.opened_at), func.max(cases.c.opened_at)).where(which)
    ).one()
    above = {table: int(tx.scalar(select(func.max(table.c.id))) or 0) for table in COPIED if "id" in table.c}
    copying = _Copying(tx.dialect.name, above, days=turn * ((last - first).days + 1))
    for table in COPIED:
        names = [column.name for column in table.c]
        tx.execute(insert(table).from_select(names, copying.rows(table, chosen)))
    _index(tx, above[posts])
    if tx.dialect.name == "postgresql":
        for table in above:
            number = func.pg_get_serial_sequence(table.name, "id")
            tx.execute(select(func.setval(number, select(func.max(table.c.id)).scalar_subquery())))
    return count


def _index(tx: Connection, last: int) -> None:
    """The copies are found by their words, as everything is."""
    named = [posts.c.id, *(posts.c[name] for name in grams.INDEXED)]
    while (
        page := tx.execute(select(*named).where(posts.c.id > last).order_by(posts.c.id).limit(PAGE))
        .mappings()
        .all()
    ):
        grams.put(tx, [(row["id"], row) for row in page])
        last = page[-1]["id"]


class _Copying:
    """What stands in the columns of a copy."""

    def __init__(self, dialect: str, above: dict[Table, int], days: int) -> None:
        self._dialect, self._above, self._days = dialect, above, days

    def rows(self, table: Table, chosen: Select[Any]) -> Select[Any]:
        """The rows of these cases, as they are to be copied."""
        columns = [self._column(table, column) for column in table.c]
        if "case_id" in table.c:
            return select(*columns).where(table.c.case_id.in_(chosen))
        if table is cases:
            return select(*columns).where(cases.c.id.in_(chosen))
        named = cases.c.result_id if table is results else cases.c.first_post_id
        mine = table.c.post_id if table is verdicts else table.c.id
        return select(*columns).where(mine.in_(select(named).where(cases.c.id.in_(chosen))))

    def _column(self, table: Table, column: Any) -> ColumnElement[Any]:
        if column.name == "id" and table in self._above:
            return column + self._above[table]  # type: ignore[no-any-return]
        if column.name in OF:
            return column + self._above[OF[column.name]]  # type: ignore[no-any-return]
        if column.name in UNIQUE.get(table, ()):
            return column + literal(f"{MARK}{self._above[cases]}")  # type: ignore[no-any-return]
        return self._earlier(column) if isinstance(column.type, Moment) else column

    def _earlier(self, column: Any) -> ColumnElement[Any]:
        if self._dialect == "postgresql":
            return column - func.make_interval(0, 0, 0, self._days)  # type: ignore[no-any-return]
        return func.strftime("%Y-%m-%d %H:%M:%f000", column, f"-{self._days} days")
