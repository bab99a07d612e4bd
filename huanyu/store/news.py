"""What a person has to be told of their account: somebody gave it a password, took its second factor away …

Written inside the transaction of what happened.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from huanyu.store.audit import Trail
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.tables import account_news
from huanyu.types import News

SHOWN = 20
#: What people do to their own account while they sit before it: listed, but no news to them.
OWN_DOING = frozenset({"password_own", "factor_on", "codes_new"})


class NewsBook:
    """The news of each account."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def of(self, user_id: int, limit: int = SHOWN) -> list[News]:
        """The latest, newest first."""
        query = select(account_news).where(account_news.c.user_id == user_id)
        with self._database.read() as tx:
            rows = tx.execute(query.order_by(account_news.c.id.desc()).limit(limit)).mappings()
            return [noun(News, row) for row in rows]

    def read(self, user_id: int, latest: int, actor: str, now: datetime) -> None:
        """The person has read everything up to `latest`."""
        unread = (
            account_news.c.user_id == user_id,
            account_news.c.id <= latest,
            account_news.c.seen_at.is_(None),
        )
        with self._database.write() as tx:
            if tx.execute(update(account_news).where(*unread).values(seen_at=now)).rowcount:
                self._trail.record(tx, "news.read", "user", [user_id], latest, actor, now)


def tell(tx: Connection, user_id: int, kind: str, actor: str, now: datetime) -> None:
    """Add news to an account; the same of the same person that is still unread is not told twice."""
    same = (
        account_news.c.user_id == user_id,
        account_news.c.kind == kind,
        account_news.c.actor == actor,
        account_news.c.seen_at.is_(None),
    )
    if tx.execute(update(account_news).where(*same).values(at=now)).rowcount == 0:
        seen = now if kind in OWN_DOING else None
        tx.execute(insert(account_news).values(user_id=user_id, at=now, kind=kind, actor=actor, seen_at=seen))
