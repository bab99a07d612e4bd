"""Who has which page before them just now: a notice among colleagues, no record of anybody's work.

So no line of the trail stands for it: that somebody looks at a page is no act, and what they do there has its own line.
A row goes with its page; what a browser left behind is dropped by whoever opens any page next.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy import update

from huanyu.store.nouns import Beside
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.session import insert_new
from huanyu.store.tables import presence as table
from huanyu.store.tables import users


class Presence:
    """Pages that are open, and whether somebody writes there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def beat(
        self, page: str, user_id: int, editing: bool, opened_at: datetime, now: datetime, over: datetime
    ) -> None:
        """Note that the page is open; whatever has not been heard of since `over` is forgotten."""
        mine = (table.c.page == page, table.c.user_id == user_id)
        values = {"editing": editing, "opened_at": opened_at, "beat_at": now}
        with self._database.write() as tx:
            tx.execute(delete(table).where(table.c.beat_at <= over))
            if not tx.execute(update(table).where(*mine).values(**values)).rowcount:
                tx.execute(insert_new(tx, table).values(page=page, user_id=user_id, **values))

    def leave(self, page: str, user_id: int, opened_at: datetime) -> None:
        """The page that was opened then is closed; one opened later stays."""
        mine = (table.c.page == page, table.c.user_id == user_id, table.c.opened_at <= opened_at)
        with self._database.write() as tx:
            tx.execute(delete(table).where(*mine))

    def beside(self, page: str, user_id: int, over: datetime) -> list[Beside]:
        """The others at this page, whoever came first first."""
        query = select(users.c.full_name.label("name"), table.c.editing, table.c.opened_at, table.c.beat_at)
        query = query.join(users, users.c.id == table.c.user_id).where(
            table.c.page == page, table.c.user_id != user_id, table.c.beat_at > over, users.c.active
        )
        with self._database.read() as tx:
            rows = tx.execute(query.order_by(table.c.opened_at, users.c.id)).mappings()
            return [noun(Beside, row) for row in rows]
