"""Find the news items that are one article printed again by another site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta

from classify import similar
from classify.reprints import Piece
from classify.reprints import same_article
from classify.reprints import worth_a_look
from flow.desk import Desk
from flow.said import whole_text
from huanyu.types import Post
from huanyu.types import Verdict

BATCH = 200
WINDOW = timedelta(days=14)  # who prints an article again later than that makes news of it himself


@dataclass(frozen=True)
class Item:
    """A news item among the others of its fortnight."""

    post: Post
    piece: Piece

    @property
    def rank(self) -> tuple[datetime, int]:
        return self.post.said_at, self.post.id


def reposts(desk: Desk, now: datetime) -> int:
    """Compare the news that came in with that of the two weeks around it; returns how many were looked at."""
    waiting = desk.store.reposts.uncompared(BATCH)
    if not waiting:
        return 0
    first, last = waiting[0][0].said_at, waiting[-1][0].said_at
    around = [item(*pair) for pair in desk.store.reposts.between(first - WINDOW, last + WINDOW)]
    stack = similar.stacked([one.piece.signature for one in around])
    fresh = {post.id for post, _ in waiting}
    pairs: dict[int, int | None] = {}
    for one in around:
        if one.post.id in fresh:
            same = [around[at] for at in worth_a_look(one.piece, stack) if repeats(one, around[at])]
            pairs |= compared(one, same, fresh)
    return desk.store.reposts.save(pairs, now=now)


def item(post: Post, verdict: Verdict) -> Item:
    return Item(post, Piece(post.text, similar.current(verdict.signature, whole_text(post))))


def repeats(one: Item, other: Item) -> bool:
    """Whether two items of one fortnight are the same article."""
    near = abs(other.post.said_at - one.post.said_at) <= WINDOW
    return near and other.post.id != one.post.id and same_article(one.piece, other.piece)


def compared(one: Item, same: list[Item], fresh: set[int]) -> dict[int, int | None]:
    """The earliest item that this one repeats, and the later ones, looked at before it came, that repeat it."""
    earliest = min(
        (other for other in same if other.rank < one.rank), key=lambda other: other.rank, default=None
    )
    later = [other for other in same if other.rank > one.rank and other.post.id not in fresh]
    root = earliest.post.id if earliest else None
    return {one.post.id: root} | {
        other.post.id: root or one.post.id for other in later if not other.post.same_as
    }
