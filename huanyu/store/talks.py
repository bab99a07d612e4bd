"""What people say to our accounts on chat platforms: each message once, gathered per person until an item is made of it.

Who spoke is a keyed digest here; the name itself stands sealed in a message until the item is there, then beside its
post alone. What is answered, and what becomes of a talk, is not decided here.
"""

from __future__ import annotations

import base64
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from typing import Any
from typing import Literal

from sqlalchemy import Connection
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import update

from huanyu.clock import local
from huanyu.errors import Conflict
from huanyu.errors import NotKnown
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.keys import Keys
from huanyu.store.openings import case_of_post
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.session import insert_new
from huanyu.store.tables import talk_messages
from huanyu.store.tables import talks
from huanyu.types import Piece
from huanyu.types import Spoken
from huanyu.types import Talk

LOOKUP = "lookup"
CODE = 8  # characters: 40 bits, and few tries
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much is taken."""

    gather: timedelta
    longest: timedelta
    messages: int  #: of one person in an hour
    lookups: int
    waiting: int  #: talks of everybody


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of a message."""

    result: Literal["new", "added", "noted", "known", "slow"]
    talk: Talk | None = None


class Talks:
    """Talks that wait to become items, and what they became."""

    def __init__(self, database: Database, trail: Trail, keys: Keys) -> None:
        self._database = database
        self._trail = trail
        self._keys = keys

    def hear(self, said: Spoken, bounds: Bounds, now: datetime) -> Heard:
        """Keep a message with the talk it belongs to; known for one that came before. Raises NotKnown for a replay.

        Beyond the bounds only that it came is kept, so that it is known again.
        """
        sender = self._keys.digest("talk sender", said.account, said.sender)
        with self._database.write() as tx:
            lookup = said.kind == LOOKUP
            slow = _recent(tx, said.account, sender, lookup, now) >= (
                bounds.lookups if lookup else bounds.messages
            )
            message = self._note(tx, said, sender, now)
            if message is None:
                return Heard("known")
            if slow:
                return Heard("slow")
            if said.kind not in {"text", "picture", "sound", "place"}:
                return Heard("noted")
            talk, new = _talk(tx, said, sender, bounds, now)
            if talk is None:
                return Heard("slow")
            sealed = self._keys.seal(_told(said))
            tx.execute(
                update(talk_messages)
                .where(talk_messages.c.id == message)
                .values(talk_id=talk.id, sealed=sealed)
            )
            self._trail.record(tx, "talk.hear", "talk", [talk.id], [said.kind, said.text], SYSTEM, now)
            return Heard("new" if new else "added", talk)

    def number(self, talk: Talk) -> str:
        """What the person may call it: W260310-00012."""
        return f"W{local(talk.begun_at):%y%m%d}-{talk.id:05d}"

    def code(self, talk: Talk) -> str:
        """What proves that it is theirs; derived, kept nowhere."""
        digest = bytes.fromhex(self._keys.digest("talk code", talk.id))
        return base64.b32encode(digest)[:CODE].decode()

    def find(self, number: str, code: str) -> Talk | None:
        """The talk of that number and code, with the case it has come to; None for any other pair."""
        tail = number.rpartition("-")[2]
        key = int(tail) if tail.isdecimal() and len(tail) < 16 else 0
        with self._database.read() as tx:
            row = tx.execute(select(talks).where(talks.c.id == key)).mappings().first()
            if row is None:
                return None
            talk = noun(Talk, row)
            case_id = (case_of_post(tx, talk.post_id) if talk.post_id else None) or talk.case_id
        right = hmac.compare_digest(f"{self.number(talk)} {self.code(talk)}", f"{number} {code}")
        return noun(Talk, row, case_id=case_id) if right else None

    def get(self, talk_id: int) -> Talk | None:
        """One talk, None for none."""
        with self._database.read() as tx:
            row = tx.execute(select(talks).where(talks.c.id == talk_id)).mappings().first()
        return None if row is None else noun(Talk, row)

    def due(self, now: datetime, limit: int) -> list[Talk]:
        """Talks whose time has come, the oldest first."""
        query = select(talks).where(talks.c.look_at <= now).order_by(talks.c.look_at, talks.c.id).limit(limit)
        with self._database.read() as tx:
            return [noun(Talk, row) for row in tx.execute(query).mappings()]

    def pieces(self, talk: Talk) -> list[Piece]:
        """What was said, in the order it came."""
        query = select(talk_messages).where(talk_messages.c.talk_id == talk.id).order_by(talk_messages.c.id)
        with self._database.read() as tx:
            rows = tx.execute(query.where(talk_messages.c.sealed.is_not(None))).mappings().all()
        return [
            Piece(kind=row["kind"], at=row["at"], **json.loads(self._keys.open(row["sealed"])))
            for row in rows
        ]

    def taken(
        self, talk: Talk, pieces: int, now: datetime, case_id: int | None = None, post_id: int | None = None
    ) -> None:
        """The item is there: forget what was said and by whom. Raises Conflict where more was said meanwhile."""
        with self._database.write() as tx:
            mine = select(talks.c.look_at).where(talks.c.id == talk.id).with_for_update()
            if tx.execute(mine).scalar_one() is None:
                raise Conflict("已经立件", talk=talk.id)
            held = talk_messages.c.talk_id == talk.id
            if (
                tx.scalar(
                    select(func.count())
                    .select_from(talk_messages)
                    .where(held, talk_messages.c.sealed.is_not(None))
                )
                != pieces
            ):
                raise Conflict("又来了一条消息", talk=talk.id)
            tx.execute(update(talk_messages).where(held).values(sealed=None))
            values = {"look_at": None, "case_id": case_id, "post_id": post_id}
            tx.execute(update(talks).where(talks.c.id == talk.id).values(**values))
            self._trail.record(tx, "talk.take", "talk", [talk.id], [case_id, post_id], SYSTEM, now)

    def later(self, talk: Talk, look_at: datetime, now: datetime) -> None:
        """Something could not be fetched: again at that moment."""
        with self._database.write() as tx:
            mine = (talks.c.id == talk.id, talks.c.look_at.is_not(None))
            tx.execute(update(talks).where(*mine).values(look_at=look_at, tries=talks.c.tries + 1))
            self._trail.record(tx, "talk.later", "talk", [talk.id], look_at.isoformat(), SYSTEM, now)

    def _note(self, tx: Connection, said: Spoken, sender: str, now: datetime) -> int | None:
        """The row of a new message; None for one that came before."""
        mark = self._keys.digest("talk mark", said.account, said.mark)
        once = self._keys.digest("talk once", said.account, said.once) if said.once else ""
        row: dict[str, Any] = {"account": said.account, "sender": sender, "mark": mark, "once": once}
        new = insert_new(tx, talk_messages).values(**row, kind=said.kind, at=now)
        found = tx.execute(new.returning(talk_messages.c.id)).scalar()
        if found is None:
            known = (talk_messages.c.account == said.account, talk_messages.c.mark == mark)
            if tx.scalar(select(talk_messages.c.id).where(*known)) is None:
                raise NotKnown("这个签名已经用过", code="replayed")
            return None
        self._trail.record(tx, "talk.note", "talk_message", [found], said.kind, SYSTEM, now)
        return int(found)


def _talk(
    tx: Connection, said: Spoken, sender: str, bounds: Bounds, now: datetime
) -> tuple[Talk | None, bool]:
    """The open talk of this person, a new one, or None where too many wait."""
    mine = (talks.c.account == said.account, talks.c.sender == sender, talks.c.look_at.is_not(None))
    query = select(talks).where(*mine).with_for_update()
    row = tx.execute(query).mappings().first()
    if row is None:
        waiting = select(func.count()).select_from(talks).where(talks.c.look_at.is_not(None))
        if (tx.scalar(waiting) or 0) >= bounds.waiting:
            return None, False
        values = {"platform": said.platform, "account": said.account, "sender": sender, "tries": 0}
        first = {"begun_at": now, "last_at": now, "look_at": now + min(bounds.gather, bounds.longest)}
        made = insert_new(tx, talks).values(**values, **first).returning(talks)
        if (row := tx.execute(made).mappings().first()) is not None:
            return noun(Talk, row), True
        row = tx.execute(query).mappings().one()  # another message of theirs was first by a moment
    until = min(now + bounds.gather, row["begun_at"] + bounds.longest)
    values = {"last_at": now, "look_at": max(until, now)}
    changed = update(talks).where(talks.c.id == row["id"]).values(**values).returning(talks)
    return noun(Talk, tx.execute(changed).mappings().one()), False


def _recent(tx: Connection, account: str, sender: str, lookup: bool, now: datetime) -> int:
    theirs = (talk_messages.c.account == account, talk_messages.c.sender == sender)
    kind = talk_messages.c.kind == LOOKUP if lookup else talk_messages.c.kind != LOOKUP
    query = select(func.count()).select_from(talk_messages).where(*theirs, kind)
    return tx.scalar(query.where(talk_messages.c.at > now - HOUR)) or 0


def _told(said: Spoken) -> str:
    told = {"text": said.text, "media_id": said.media_id, "sender": said.sender}
    return json.dumps(told, ensure_ascii=False)
