"""How much work waits in each column, and since when: counts and moments, never a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import FromClause
from sqlalchemy import func
from sqlalchemy import select

from huanyu.store.caseload import IS_OPEN
from huanyu.store.session import Database
from huanyu.store.tables import APPROVED
from huanyu.store.tables import SENDING
from huanyu.store.tables import UNKNOWN
from huanyu.store.tables import UNPLANNED
from huanyu.store.tables import audit
from huanyu.store.tables import cases
from huanyu.store.tables import outbox
from huanyu.store.tables import posts
from huanyu.store.tables import rejects
from huanyu.store.tables import verdicts


@dataclass(frozen=True, slots=True)
class Queue:
    """Work that waits for one step."""

    count: int
    since: datetime | None  #: the oldest of it


class Queues:
    """What waits; each question is answered by the index of its column."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def reach(self) -> None:
        """Ask the database anything; raises HuanyuError where it does not answer."""
        with self._database.read() as tx:
            tx.execute(select(1))

    def waiting(self, now: datetime) -> Mapping[str, Queue]:
        """By the step that does the work; what is due later does not wait."""
        due = (APPROVED, outbox.c.due_at <= now)
        with self._database.read() as tx:
            return {
                "understand": _queue(tx, posts, posts.c.stored_at, posts.c.judged_at.is_(None)),
                "open": _queue(tx, verdicts, verdicts.c.judged_at, UNPLANNED),
                "route": _queue(tx, cases, cases.c.opened_at, cases.c.routed_at.is_(None), IS_OPEN),
                "deliver": _queue(tx, outbox, outbox.c.due_at, *due),
                "sweep": _queue(tx, outbox, outbox.c.claimed_at, SENDING),
                "settle": _queue(tx, outbox, outbox.c.claimed_at, UNKNOWN),
                "replay": _queue(tx, rejects, rejects.c.at, rejects.c.resolved_at.is_(None)),
                "seal": _queue(tx, audit, audit.c.at, audit.c.batch.is_(None)),
            }

    def outbox(self) -> Mapping[str, int]:
        """Messages by state."""
        query = select(outbox.c.state, func.count()).group_by(outbox.c.state)
        with self._database.read() as tx:
            return {row[0].value: row[1] for row in tx.execute(query)}


def _queue(
    tx: Connection, table: FromClause, at: ColumnElement[datetime], *where: ColumnElement[bool]
) -> Queue:
    count, since = tx.execute(select(func.count(), func.min(at)).select_from(table).where(*where)).one()
    return Queue(count, since)
