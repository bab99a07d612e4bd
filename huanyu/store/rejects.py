"""What could not be read, one by one: looked at, read again, dealt with.

Bad rows of an export name people, so every payload is sealed like an identity. `Posts` keeps new ones.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import RowMapping
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.store.audit import Trail
from huanyu.store.keys import Keys
from huanyu.store.nouns import Added
from huanyu.store.nouns import RejectHead
from huanyu.store.nouns import StoredReject
from huanyu.store.posts import Posts
from huanyu.store.rejected import digest_of
from huanyu.store.rejected import put_reject
from huanyu.store.rows import chunks
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.tables import rejects
from huanyu.store.unsealing import Lost
from huanyu.store.unsealing import Unsealer
from huanyu.types import RawPost
from huanyu.types import Reject

OPEN = rejects.c.resolved_at.is_(None)
HEAD = [column for column in rejects.c if column.name not in {"payload", "meta"}]


class Rejects:
    """Kept bad items."""

    def __init__(self, database: Database, trail: Trail, keys: Keys, posts: Posts, sealed: Unsealer) -> None:
        self._database = database
        self._posts = posts
        self._trail = trail
        self._keys = keys
        self._sealed = sealed

    def heads(self, source: str | None = None, limit: int = 100) -> list[RejectHead]:
        """Open ones without their payloads, newest first."""
        query = select(*HEAD).where(OPEN).order_by(rejects.c.id.desc()).limit(limit)
        if source is not None:
            query = query.where(rejects.c.source == source)
        with self._database.read() as tx:
            return [noun(RejectHead, row) for row in tx.execute(query).mappings()]

    def open_by_source(self) -> dict[str, int]:
        """How many each source has open."""
        query = select(rejects.c.source, func.count()).where(OPEN).group_by(rejects.c.source)
        with self._database.read() as tx:
            return {row[0]: int(row[1]) for row in tx.execute(query)}

    def head(self, reject_id: int) -> RejectHead:
        """One, open or dealt with, without its payload; raises NotFound."""
        with self._database.read() as tx:
            row = tx.execute(select(*HEAD).where(rejects.c.id == reject_id)).mappings().first()
        if row is None:
            raise NotFound("没有这条记录", reject=reject_id)
        return noun(RejectHead, row)

    def get(self, reject_id: int) -> StoredReject:
        """One with its payload; raises NotFound, and BadInput saying what to do where it cannot be opened."""
        with self._database.read() as tx:
            row = tx.execute(select(rejects).where(rejects.c.id == reject_id)).mappings().first()
        if row is None:
            raise NotFound("没有这条记录", reject=reject_id)
        return self._opened(row)

    def look(self, reject_id: int, actor: str, now: datetime) -> StoredReject:
        """One with its payload, for a person: that they looked is written down. Raises as `get`."""
        found = self.get(reject_id)
        with self._database.write() as tx:
            self._trail.record(tx, "reject.look", "reject", [reject_id], None, actor, now)
        return found

    def settle(
        self,
        reject_id: int,
        posts: Sequence[RawPost],
        others: Sequence[Reject],
        reason: str,
        actor: str,
        now: datetime,
        reporters: Mapping[str, str] | None = None,
    ) -> Added:
        """What reading it again gave, all or nothing: posts, bad items inside it, and whether it is dealt with.

        It is unless there is a `reason` why not, which then is the one shown. Raises Conflict when it was dealt with
        before.
        """
        with self._database.write() as tx:
            row = self._locked(tx, reject_id)
            added = self._posts.put(tx, posts, reporters or {}, actor, now)
            found = [one for item in others if (one := put_reject(tx, self._keys, item)) is not None]
            if found:
                facts = [[item.source, item.where, item.reason] for item in others]
                self._trail.record(tx, "reject.add", "reject", found, facts, actor, now)
            if reason:
                self._reword(tx, row, reason)
            else:
                _close(tx, reject_id, actor, now)
            action = "reject.keep" if reason else "reject.resolve"
            self._trail.record(tx, action, "reject", [reject_id], [reason, len(posts)], actor, now)
            return added

    def correct(self, reject_id: int, changed: Sequence[str], actor: str, now: datetime) -> None:
        """A person has put these columns right and the row is taken in; raises Conflict when it was dealt with before."""
        with self._database.write() as tx:
            self._locked(tx, reject_id)
            _close(tx, reject_id, actor, now)
            self._trail.record(tx, "reject.correct", "reject", [reject_id], list(changed), actor, now)

    def overtaken(self, source: str, wheres: Iterable[str], actor: str, now: datetime) -> int:
        """The same came again, and well, from these places: what is open of them is dealt with. Returns how many."""
        with self._database.write() as tx:
            done: list[int] = []
            for batch in chunks(sorted(set(wheres))):
                theirs = (rejects.c.source == source, rejects.c.where.in_(batch), OPEN)
                closed = update(rejects).where(*theirs).values(resolved_at=now, resolved_by=actor)
                done += tx.execute(closed.returning(rejects.c.id)).scalars()
            if done:
                self._trail.record(tx, "reject.resolve", "reject", sorted(done), None, actor, now)
            return len(done)

    def _locked(self, tx: Connection, reject_id: int) -> RowMapping:
        query = select(rejects).where(rejects.c.id == reject_id, OPEN).with_for_update()
        row = tx.execute(query).mappings().first()
        if row is None:
            raise Conflict("这一项已经处理过了", reject=reject_id)
        return row

    def _reword(self, tx: Connection, row: RowMapping, reason: str) -> None:
        """Give it today's reason; where the next visit has kept it under that reason already, this one is older news."""
        item = self._opened(row)
        digest = digest_of(self._keys, item.source, item.where, reason, item.payload)
        if digest == row["digest"]:
            return
        twin = tx.scalar(select(rejects.c.id).where(rejects.c.digest == digest, OPEN))
        values = {"reason": reason} | ({"digest": digest} if twin is None else {})
        tx.execute(update(rejects).where(rejects.c.id == row["id"]).values(**values))

    def _opened(self, row: RowMapping) -> StoredReject:
        payload = self._sealed.read_bytes(rejects.name, row["id"], row["at"], row["payload"], zlib.decompress)
        if isinstance(payload, Lost):
            raise BadInput(payload.told, reject=row["id"])
        return noun(StoredReject, row, payload=payload)


def _close(tx: Connection, reject_id: int, actor: str, now: datetime) -> None:
    values: Mapping[str, object] = {"resolved_at": now, "resolved_by": actor}
    tx.execute(update(rejects).where(rejects.c.id == reject_id).values(**values))
