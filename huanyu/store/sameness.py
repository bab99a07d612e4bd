"""Which posts are one and the same page, told by their links; inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence

from sqlalchemy import Connection
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy import update

from huanyu.store.rows import chunks
from huanyu.store.tables import posts

LOCK = 0x4C494E4B53  # "LINKS": two writers who store one page at once must see each other's row


def by_link(tx: Connection, new: Sequence[int]) -> None:
    """Let each new post that has the page of an earlier one point to it."""
    links: dict[int, str] = {}
    for batch in chunks(new):
        query = select(posts.c.id, posts.c.link).where(posts.c.id.in_(batch), posts.c.link != "")
        links |= {row.id: row.link for row in tx.execute(query)}
    if not links:
        return
    if tx.dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    first = _first_of(tx, links)
    for post_id, link in sorted(links.items()):
        if first[link] != post_id:
            _point(tx, post_id, first[link])


def _first_of(tx: Connection, new: Mapping[int, str]) -> dict[str, int]:
    """The first row of each page: a rival's may have a higher number than ours and yet have been there before."""
    found: dict[str, tuple[bool, int]] = {}
    for batch in chunks(sorted(set(new.values()))):
        for row in tx.execute(select(posts.c.id, posts.c.link).where(posts.c.link.in_(batch))):
            rank = row.id in new, row.id
            found[row.link] = min(rank, found.get(row.link, rank))
    return {link: post_id for link, (_, post_id) in found.items()}


def _point(tx: Connection, post_id: int, first: int) -> None:
    """Always to the beginning of a chain: `first` may itself repeat another."""
    root = select(func.coalesce(posts.c.same_as, posts.c.id)).where(posts.c.id == first).scalar_subquery()
    mine = posts.c.id == post_id, posts.c.same_as.is_(None)
    tx.execute(update(posts).where(*mine).values(same_as=root, same_why="link"))
