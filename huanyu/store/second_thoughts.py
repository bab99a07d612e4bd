"""A judgement that its author takes back while nothing has followed from it; the post waits for a person again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import RowMapping
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import Conflict
from huanyu.store.audit import Trail
from huanyu.store.nouns import Correction
from huanyu.store.posts import RAW_KEPT
from huanyu.store.posts import set_expiry
from huanyu.store.relabel import DOUBT
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.tables import corrections
from huanyu.store.tables import verdicts
from huanyu.types import PostType
from huanyu.types import Sentiment

TOO_LATE = "这条已据此立案或并件，不能再撤回判定；请到案件页办理"
GONE = "没有可以撤回的判定"


class SecondThoughts:
    """Judgements of posts in doubt, as long as they can be undone."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def last(self, post_id: int, actor: str) -> Correction | None:
        """What `actor` said last of a post in doubt; None where it cannot be taken back any more."""
        with self._database.read() as tx:
            found = _last(tx, post_id, actor)
            return noun(Correction, found) if found is not None and not _planned(tx, post_id) else None

    def take_back(self, post_id: int, actor: str, now: datetime) -> None:
        """Let the post wait for a person again, as before; raises Conflict."""
        with self._database.write() as tx:
            said = _last(tx, post_id, actor)
            if said is None:
                raise Conflict(GONE, post=post_id)
            if _planned(tx, post_id):
                raise Conflict(TOO_LATE, post=post_id)
            tx.execute(update(corrections).where(corrections.c.id == said["id"]).values(withdrawn=True))
            tx.execute(update(verdicts).where(verdicts.c.post_id == post_id).values(**_before(said)))
            set_expiry(tx, [post_id], None if _was_complaint(said) else now + RAW_KEPT)
            self._trail.record(tx, "post.take_back", "post", [post_id], [said["id"]], actor, now)


def _last(tx: Connection, post_id: int, actor: str) -> RowMapping | None:
    """The last word of a post, if it was this person's and the post was in doubt before."""
    query = select(corrections).where(corrections.c.post_id == post_id, ~corrections.c.withdrawn)
    row = tx.execute(query.order_by(corrections.c.id.desc()).limit(1)).mappings().first()
    return row if row is not None and (row["actor"], row["origin"]) == (actor, DOUBT) else None


def _planned(tx: Connection, post_id: int) -> bool:
    query = select(verdicts.c.planned_at).where(verdicts.c.post_id == post_id).with_for_update()
    return tx.scalar(query) is not None


def _before(said: RowMapping) -> dict[str, object]:
    """The verdict as the classifier gave it: a complaint exactly where it called it one."""
    return {
        "type": said["type_before"],
        "kinds": said["kinds_before"],
        "sentiment": Sentiment(said["sentiment_before"]),
        "urgent": said["urgent_before"],
        "is_complaint": _was_complaint(said),
        "unsure": True,
        "corrected_at": None,
    }


def _was_complaint(said: RowMapping) -> bool:
    return bool(said["type_before"] == PostType.COMPLAINT)
