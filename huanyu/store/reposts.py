"""News that was not yet looked at for reposts, and which item repeats which."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import Select
from sqlalchemy import select
from sqlalchemy import update

from huanyu.store import sameness
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.judged import judged
from huanyu.store.rows import chunks
from huanyu.store.session import Database
from huanyu.store.tables import posts
from huanyu.store.tables import verdicts
from huanyu.types import Post
from huanyu.types import SourceKind
from huanyu.types import Verdict

REPOST = "repost"


class Reposts:
    """One article on many sites."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def uncompared(self, limit: int) -> list[tuple[Post, Verdict]]:
        """Judged news nobody has looked at, in the order it was published."""
        query = _news(posts.c.compared_at.is_(None)).order_by(posts.c.said_at, posts.c.id).limit(limit)
        return self._read(query)

    def between(self, since: datetime, until: datetime) -> list[tuple[Post, Verdict]]:
        """Judged news published from `since` to `until`, in that order."""
        query = _news(posts.c.said_at.between(since, until)).order_by(posts.c.said_at, posts.c.id)
        return self._read(query)

    def save(self, pairs: Mapping[int, int | None], now: datetime, actor: str = SYSTEM) -> int:
        """Note of each item which one it repeats, None for an original; what repeats it goes along.

        Returns how many were looked at for the first time.
        """
        with self._database.write() as tx:
            fresh = _mark(tx, sorted(pairs), now)
            moved = [
                written
                for post_id, first in sorted(pairs.items())
                if first
                for written in sameness.point(tx, post_id, first, REPOST)
            ]
            if touched := sorted({*fresh, *moved}):
                facts = [[post_id, pairs.get(post_id)] for post_id in touched]
                self._trail.record(tx, "post.compare", "post", touched, facts, actor, now)
            return len(fresh)

    def _read(self, query: Select[tuple[object, ...]]) -> list[tuple[Post, Verdict]]:
        with self._database.read() as tx:
            return judged(tx.execute(query).mappings())


def _news(condition: ColumnElement[bool]) -> Select[tuple[object, ...]]:
    """Judged news with its verdict; columns of both that share a name are the same thing."""
    extra = [column for column in verdicts.c if column.name != "judged_at"]
    both = posts.join(verdicts, verdicts.c.post_id == posts.c.id)
    return select(posts, *extra).select_from(both).where(posts.c.kind == SourceKind.NEWS, condition)


def _mark(tx: Connection, post_ids: list[int], now: datetime) -> list[int]:
    """Those that another worker has not looked at meanwhile."""
    fresh: list[int] = []
    for batch in chunks(post_ids):
        mine = posts.c.id.in_(batch), posts.c.compared_at.is_(None)
        fresh += tx.execute(
            update(posts).where(*mine).values(compared_at=now).returning(posts.c.id)
        ).scalars()
    return fresh
