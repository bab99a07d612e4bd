"""What stands near a post or a case: signatures of posts around it, recent matters of its area, who had such cases."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from huanyu.store.beside import hidden_posts
from huanyu.store.beside import visible
from huanyu.store.caseload import matters
from huanyu.store.session import Database
from huanyu.store.tables import cases
from huanyu.store.tables import posts
from huanyu.store.tables import verdicts
from huanyu.types import OpenMatter
from huanyu.types import Seer


class Alike:
    """Neighbours; nothing is written, and how alike they are is said elsewhere."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def around(self, post_id: int, reach: int, seer: Seer) -> list[tuple[int, bytes]]:
        """(id, signature) of the judged posts stored shortly before and after this one."""
        near = verdicts.c.post_id.between(post_id - reach, post_id + reach), verdicts.c.post_id != post_id
        query = (
            select(verdicts.c.post_id, verdicts.c.signature)
            .join(posts, posts.c.id == verdicts.c.post_id)
            .where(*near, verdicts.c.signature != b"", ~hidden_posts(seer))
        )
        with self._database.read() as tx:
            return [(row.post_id, row.signature) for row in tx.execute(query)]

    def matters(self, area: str, since: datetime, limit: int, seer: Seer) -> list[OpenMatter]:
        """The latest matters told of in an area, or anywhere ("")."""
        query = select(cases.c.id).where(cases.c.last_post_at >= since, visible(seer))
        if area:
            query = query.where(cases.c.area == area)
        latest = query.order_by(cases.c.last_post_at.desc()).limit(limit)
        with self._database.read() as tx:
            found = list(tx.execute(latest).scalars())
            return matters(tx, cases.c.id.in_(found)) if found else []

    def placed(self, limit: int) -> list[tuple[str, tuple[str, ...], str]]:
        """(unit, kinds, area) of the latest cases that have a unit."""
        query = select(cases.c.unit, cases.c.kinds, cases.c.area).where(cases.c.unit != "")
        with self._database.read() as tx:
            rows = tx.execute(query.order_by(cases.c.id.desc()).limit(limit))
            return [(row.unit, tuple(row.kinds), row.area) for row in rows]
