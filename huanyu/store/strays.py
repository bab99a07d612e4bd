"""What stands on an official account and the desk did not send, and how far each account's timeline has been read."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.outgoing import put
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.session import insert_new
from huanyu.store.tables import account_states
from huanyu.store.tables import outbox
from huanyu.store.tables import strays
from huanyu.types import Alarm
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import Seen
from huanyu.types import Stray

S = MessageState
IN_DOUBT = (S.SENDING, S.UNKNOWN)


class Strays:
    """Unknown texts, each once, until a person says what they are."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def read_until(self, account: str) -> datetime | None:
        """How far the account's timeline has been read; None before the first time."""
        query = select(account_states.c.cursor).where(account_states.c.account == account)
        with self._database.read() as tx:
            found = tx.execute(query).scalar()
        return datetime.fromisoformat(found) if found else None

    def have_read(self, account: str, until: datetime, now: datetime) -> None:
        """The timeline has been read to its end."""
        mine = account_states.c.account == account
        with self._database.write() as tx:
            tx.execute(insert_new(tx, account_states).values(account=account, state="ok"))
            tx.execute(update(account_states).where(mine).values(cursor=until.isoformat()))
            self._trail.record(tx, "timeline.read", "account", [account], until.isoformat(), SYSTEM, now)

    def candidates(self, account: str, platform_ids: Collection[str]) -> list[Message]:
        """Messages of ours that these could be: those of that name, those in doubt, those the platform left unnamed."""
        named = outbox.c.platform_id.in_(list(platform_ids))
        nameless = and_(outbox.c.state == S.SENT, outbox.c.platform_id == "")
        query = (
            select(outbox)
            .where(outbox.c.account == account)
            .where(or_(and_(named, outbox.c.platform_id != ""), outbox.c.state.in_(IN_DOUBT), nameless))
            .order_by(outbox.c.id)
        )
        with self._database.read() as tx:
            return [noun(Message, row) for row in tx.execute(query).mappings()]

    def add(self, account: str, seen: Seen, alarm: Alarm | None, now: datetime) -> bool:
        """Keep an unknown text and write the mail about it; False when it is known already."""
        row = {"account": account, "platform_id": seen.platform_id, "text": seen.text, "url": seen.url}
        with self._database.write() as tx:
            added = insert_new(tx, strays).values(**row, at=seen.at, seen_at=now).returning(strays.c.id)
            found = tx.execute(added).scalar()
            if found is None:
                return False
            if alarm is not None:
                put(tx, alarm.draft, alarm.key, S.APPROVED, SYSTEM, now)
            self._trail.record(tx, "stray.add", "stray", [found], row, SYSTEM, now)
            return True

    def waiting(self) -> list[Stray]:
        """Those nobody has settled, oldest first."""
        return self._listing(settled=False)

    def settled(self, limit: int = 50) -> list[Stray]:
        """Those a person has settled, latest first."""
        return list(reversed(self._listing(settled=True)))[:limit]

    def settle(self, stray_id: int, note: str, actor: str, now: datetime) -> None:
        """A person says what it is; raises NotFound, or Conflict when somebody has said so already."""
        mine = and_(strays.c.id == stray_id, strays.c.settled_at.is_(None))
        values = {"settled_by": actor, "settled_at": now, "note": note}
        with self._database.write() as tx:
            if tx.execute(select(strays.c.id).where(strays.c.id == stray_id)).first() is None:
                raise NotFound("没有这条记录", stray=stray_id)
            if not tx.execute(update(strays).where(mine).values(**values)).rowcount:
                raise Conflict("这一条已经核实过", stray=stray_id)
            self._trail.record(tx, "stray.settle", "stray", [stray_id], note, actor, now)

    def _listing(self, *, settled: bool) -> list[Stray]:
        done = strays.c.settled_at.is_not(None) if settled else strays.c.settled_at.is_(None)
        order = strays.c.settled_at if settled else strays.c.id
        with self._database.read() as tx:
            rows = tx.execute(select(strays).where(done).order_by(order, strays.c.id)).mappings()
            return [noun(Stray, row) for row in rows]
