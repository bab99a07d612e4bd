"""What the desk has already, asked before or after a list of items arrives."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func
from sqlalchemy import select

from huanyu.store.columns import clean
from huanyu.store.rows import chunks
from huanyu.store.session import Database
from huanyu.store.tables import posts


class Known:
    """Questions about many posts at once; nothing is written."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def numbers(self, source: str, native_ids: Iterable[str]) -> frozenset[str]:
        """Those of the ids that the source has shown before."""
        wanted = {clean(native_id): native_id for native_id in native_ids}
        mine = posts.c.source == clean(source)
        found: set[str] = set()
        with self._database.read() as tx:
            for batch in chunks(sorted(wanted)):
                query = select(posts.c.native_id).where(mine, posts.c.native_id.in_(batch))
                found |= {wanted[native_id] for native_id in tx.scalars(query)}
        return frozenset(found)

    def links(self, links: Iterable[str]) -> frozenset[str]:
        """Those of the pages of which a post is kept."""
        found: set[str] = set()
        with self._database.read() as tx:
            for batch in chunks(sorted(set(links) - {""})):
                found |= set(tx.scalars(select(posts.c.link).where(posts.c.link.in_(batch)).distinct()))
        return frozenset(found)

    def repeats(self, post_ids: Iterable[int]) -> int:
        """How many of these posts show a page that an earlier post showed."""
        count = 0
        with self._database.read() as tx:
            for batch in chunks(sorted(post_ids)):
                mine = posts.c.id.in_(batch), posts.c.same_why == "link"
                count += tx.scalar(select(func.count()).select_from(posts).where(*mine)) or 0
        return count
