"""Which post repeats which: the same page, told by links, or what others found; inside the caller's transaction."""

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

LINK = "link"
LOCK = 0x4C494E4B53  # "LINKS": two writers who store one page at once must see each other's row


def by_link(tx: Connection, new: Sequence[int]) -> list[int]:
    """Let each new post, or one whose page was told only now, point to an earlier one with that page.

    Returns the rows written to.
    """
    links: dict[int, str] = {}
    for batch in chunks(new):
        query = select(posts.c.id, posts.c.link).where(posts.c.id.in_(batch), posts.c.link != "")
        links |= {row.id: row.link for row in tx.execute(query)}
    if not links:
        return []
    if tx.dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    first = _first_of(tx, links)
    return [
        written
        for post_id, link in sorted(links.items())
        for written in point(tx, post_id, first[link], LINK)
    ]


def _first_of(tx: Connection, new: Mapping[int, str]) -> dict[str, int]:
    """The first row of each page: a rival's may have a higher number than ours and yet have been there before."""
    found: dict[str, tuple[bool, int]] = {}
    for batch in chunks(sorted(set(new.values()))):
        for row in tx.execute(select(posts.c.id, posts.c.link).where(posts.c.link.in_(batch))):
            rank = row.id in new, row.id
            found[row.link] = min(rank, found.get(row.link, rank))
    return {link: post_id for link, (_, post_id) in found.items()}


def point(tx: Connection, post_id: int, first: int, why: str) -> list[int]:
    """Let a post and all that repeat it point to the beginning of `first`'s chain; returns the rows written to.

    A post that is known as a repeat stays one.
    """
    root = tx.scalar(select(func.coalesce(posts.c.same_as, posts.c.id)).where(posts.c.id == first))
    if root is None or root == post_id:
        return []
    mine = posts.c.id == post_id, posts.c.same_as.is_(None)
    if not tx.execute(update(posts).where(*mine).values(same_as=root, same_why=why)).rowcount:
        return []
    repeats = update(posts).where(posts.c.same_as == post_id).values(same_as=root)
    return [post_id, *tx.execute(repeats.returning(posts.c.id)).scalars()]
