"""Who has which page before them just now: a notice among colleagues, no record of anybody's work.

So no line of the trail stands for it: that somebody looks at a page is no act, and what they do there has its own line.
A row goes with its page; what a browser left behind is dropped with the next signs that are noted.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam
from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy import text

from huanyu.store.nouns import Beside
from huanyu.store.nouns import Sign
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.session import insert_new
from huanyu.store.tables import presence as table
from huanyu.store.tables import users

LOCK = 0x424553494445  # "BESIDE": two processes note the same pages one after the other
_MINE = (table.c.page == bindparam("of_page"), table.c.user_id == bindparam("of_user"))
_REPLACED = delete(table).where(*_MINE)
_CLOSED = delete(table).where(*_MINE, table.c.opened_at <= bindparam("opened"))
_FORGOTTEN = delete(table).where(table.c.beat_at <= bindparam("over"))
_BESIDE = (
    select(
        users.c.id.label("user_id"),
        users.c.full_name.label("name"),
        table.c.editing,
        table.c.opened_at,
        table.c.beat_at,
    )
    .join(users, users.c.id == table.c.user_id)
    .where(
        table.c.page == bindparam("page"),
        table.c.user_id != bindparam("user"),
        table.c.beat_at > bindparam("over"),
        users.c.active,
    )
    .order_by(table.c.opened_at, users.c.id)
)


class Presence:
    """Pages that are open, and whether somebody writes there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, signs: Collection[Sign], over: datetime) -> None:
        """Note the last word of each page and person; whatever has not been heard of since `over` is forgotten.

        A word that a page was closed leaves one alone that was opened later.
        """
        stay, gone = [one for one in signs if not one.gone], [one for one in signs if one.gone]
        with self._database.write() as tx:
            if (
                tx.dialect.name == "postgresql"
            ):  # row by row, two processes would wait for each other in a ring
                tx.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            tx.execute(_FORGOTTEN, {"over": over})
            if gone:
                tx.execute(_CLOSED, [{**_key(one), "opened": one.opened_at} for one in gone])
            if stay:
                tx.execute(_REPLACED, [_key(one) for one in stay])
                tx.execute(insert_new(tx, table), [_row(one) for one in stay])

    def beside(self, page: str, user_id: int, over: datetime) -> list[Beside]:
        """The others at this page, whoever came first first."""
        with self._database.read() as tx:
            rows = tx.execute(_BESIDE, {"page": page, "user": user_id, "over": over}).mappings()
            return [noun(Beside, row) for row in rows]


def _key(one: Sign) -> dict[str, object]:
    return {"of_page": one.page, "of_user": one.user_id}


def _row(one: Sign) -> dict[str, object]:
    return {
        "page": one.page,
        "user_id": one.user_id,
        "editing": one.editing,
        "opened_at": one.opened_at,
        "beat_at": one.beat_at,
    }
