"""Where posts belonged before a person moved them: a paper that was issued stays as it could be told then.

Written wherever a post leaves a case or becomes its first one; read by the figures. Decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import RowMapping
from sqlalchemy import ScalarSelect
from sqlalchemy import Subquery
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select

from huanyu.store.tables import case_posts_before
from huanyu.store.tables import cases


def remember(tx: Connection, rows: Iterable[RowMapping], now: datetime) -> None:
    """Keep how these posts have belonged to their cases until now; called before they are changed."""
    names = ("post_id", "case_id", "at", "first")
    kept = [{name: row[name] for name in names} | {"until": now} for row in rows]
    if kept:
        tx.execute(insert(case_posts_before), kept)


def before(seen: datetime) -> Subquery:
    """For each post that was moved at `seen` or after, how it belonged then; a post that did not yet is left to `at`."""
    table = case_posts_before
    oldest = select(func.min(table.c.id)).where(table.c.until >= seen).group_by(table.c.post_id)
    return select(table).where(table.c.id.in_(oldest)).subquery()


def first_before(seen: datetime) -> ScalarSelect[int]:
    """The first post that a case of the enclosing query had at `seen`, null where it has it still."""
    table = case_posts_before
    query = select(table.c.post_id).where(
        table.c.case_id == cases.c.id, table.c.first, table.c.at < seen, table.c.until >= seen
    )
    return query.order_by(table.c.id).limit(1).correlate(cases).scalar_subquery()
