"""What people wrote under what we published, and the cases that a person has to take over because of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import and_
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.beside import of_visible
from huanyu.store.casework import note_event
from huanyu.store.outgoing import put
from huanyu.store.outgoing import stop_fixed_texts
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.session import insert_new
from huanyu.store.tables import cases
from huanyu.store.tables import outbox
from huanyu.store.tables import posts
from huanyu.store.tables import responses
from huanyu.store.tables import takeovers
from huanyu.types import Alarm
from huanyu.types import Heard
from huanyu.types import MessageState
from huanyu.types import Response
from huanyu.types import Seer
from huanyu.types import Takeover

NEGATIVE = "negative"
TAKE_OVER = "take_over"


#: A response, masked, with its mood.
Judged = tuple[Response, str]


class HeardBook:
    """Responses, each once; takeovers, one a case."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def news(self, message_id: int, found: Sequence[Response]) -> list[Response]:
        """Those of these responses that are not kept yet."""
        with self._database.read() as tx:
            root = _root(tx, message_id)
            query = select(responses.c.platform_id).where(responses.c.message_id == root)
            known = set(tx.execute(query).scalars())
        return [one for one in found if one.platform_id and one.platform_id not in known]

    def add(
        self, message_id: int, judged: Sequence[Judged], limit: int, alarm: Alarm | None, now: datetime
    ) -> int:
        """Keep responses; with `limit` unhappy ones the case is a person's. All or nothing; returns how many are new.

        What comes in under a corrected text belongs to the message first published. `alarm` goes out when the
        case is taken over now.
        """
        with self._database.write() as tx:
            root = _root(tx, message_id)
            case_id = tx.execute(select(outbox.c.case_id).where(outbox.c.id == root)).scalar_one()
            tried = [_insert(tx, root, case_id, one, mood, now) for one, mood in judged]
            added = [found for found in tried if found is not None]
            if not added:
                return 0
            ids: list[int | str] = [*added, *self._take_over(tx, case_id, limit, alarm, now)]
            facts = [[one.platform_id, mood] for one, mood in judged]
            self._trail.record(tx, "response.add", "response", ids, facts, SYSTEM, now)
            return len(added)

    def of_case(self, case_id: int) -> list[Heard]:
        """What people wrote in a case, oldest first."""
        return self._where(responses.c.case_id == case_id)

    def of_message(self, message_id: int) -> list[Heard]:
        """What people wrote under one message, oldest first."""
        with self._database.read() as tx:
            root = _root(tx, message_id)
        return self._where(responses.c.message_id == root)

    def unhappy(self, message_id: int, since: datetime) -> int:
        """How many were not content under one message, of those heard since then."""
        with self._database.read() as tx:
            mine = (responses.c.message_id == _root(tx, message_id), responses.c.mood == NEGATIVE)
            query = select(func.count()).select_from(responses).where(*mine, responses.c.seen_at >= since)
            return int(tx.scalar(query) or 0)

    def takeover(self, case_id: int) -> Takeover | None:
        with self._database.read() as tx:
            row = tx.execute(select(takeovers).where(takeovers.c.case_id == case_id)).mappings().first()
        return None if row is None else noun(Takeover, row)

    def waiting(self, seer: Seer | None = None) -> list[Takeover]:
        """Takeovers of cases `seer` may see that nobody has taken yet, oldest first."""
        waits = (takeovers.c.taken_at.is_(None), *of_visible(seer, takeovers.c.case_id))
        query = select(takeovers).where(*waits).order_by(takeovers.c.at)
        with self._database.read() as tx:
            return [noun(Takeover, row) for row in tx.execute(query).mappings()]

    def take(self, case_id: int, actor: str, now: datetime) -> Takeover:
        """A person takes the case on; raises NotFound, or Conflict when somebody else has it."""
        mine = and_(takeovers.c.case_id == case_id, takeovers.c.taken_at.is_(None))
        with self._database.write() as tx:
            if tx.execute(select(takeovers.c.case_id).where(takeovers.c.case_id == case_id)).first() is None:
                raise NotFound("这件不需要人工接手", case=case_id)
            if not tx.execute(update(takeovers).where(mine).values(taken_by=actor, taken_at=now)).rowcount:
                raise Conflict("这件已有人接手", case=case_id)
            _tell(tx, case_id, "taken_over", "人工接手答复", actor, now)
            self._trail.record(tx, "takeover.take", "case", [case_id], None, actor, now)
            return noun(
                Takeover,
                tx.execute(select(takeovers).where(takeovers.c.case_id == case_id)).mappings().one(),
            )

    def _take_over(
        self, tx: Connection, case_id: int | None, limit: int, alarm: Alarm | None, now: datetime
    ) -> list[int]:
        if case_id is None:
            return []
        unhappy = and_(responses.c.case_id == case_id, responses.c.mood == NEGATIVE)
        count = tx.execute(select(func.count()).select_from(responses).where(unhappy)).scalar_one()
        if count < limit:
            return []
        reason = f"本局答复之下已有 {count} 条不满的回应，停用程序拟的文字，请人工答复"
        row = insert_new(tx, takeovers).values(case_id=case_id, reason=reason, at=now)
        if tx.execute(row.returning(takeovers.c.case_id)).scalar() is None:
            return []
        _tell(tx, case_id, TAKE_OVER, reason, SYSTEM, now)
        stopped = stop_fixed_texts(tx, case_id, reason)
        mail = alarm and put(tx, alarm.draft, alarm.key, MessageState.APPROVED, SYSTEM, now)
        return [*stopped, mail] if mail else stopped

    def _where(self, *where: Any) -> list[Heard]:
        query = select(responses).where(*where).order_by(responses.c.id)
        with self._database.read() as tx:
            return [noun(Heard, row) for row in tx.execute(query).mappings()]


def _root(tx: Connection, message_id: int) -> int:
    """The message first published, where this one took its place: both bear the platform's same name."""
    here = tx.execute(
        select(outbox.c.id, outbox.c.about, outbox.c.platform_id).where(outbox.c.id == message_id)
    ).one()
    while here.about is not None:
        above = tx.execute(
            select(outbox.c.id, outbox.c.about, outbox.c.platform_id).where(outbox.c.id == here.about)
        ).one()
        if above.platform_id != here.platform_id:
            break
        here = above
    return int(here.id)


def _insert(
    tx: Connection, root: int, case_id: int | None, one: Response, mood: str, now: datetime
) -> int | None:
    known = select(posts.c.id).where(posts.c.native_id == one.platform_id).limit(1)
    row = insert_new(tx, responses).values(
        message_id=root,
        case_id=case_id,
        post_id=tx.execute(known).scalar(),
        platform_id=one.platform_id,
        text=one.text,
        mood=mood,
        at=one.at,
        seen_at=now,
    )
    return tx.execute(row.returning(responses.c.id)).scalar()


def _tell(tx: Connection, case_id: int, action: str, note: str, actor: str, now: datetime) -> None:
    state = tx.execute(select(cases.c.state).where(cases.c.id == case_id)).scalar_one()
    note_event(tx, case_id, state, action, note, actor, now)
