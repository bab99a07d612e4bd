"""A desk that stands on a backup: what it cannot know any more is held, and every way in is shut.

What the desk did between the backup and the restore is in no row. So nothing leaves before a person has looked, and
what waited to leave, or was on its way, counts as possibly sent.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection
from sqlalchemy import case
from sqlalchemy import delete
from sqlalchemy import insert
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import NotFound
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.rows import noun
from huanyu.store.sending import tell_case
from huanyu.store.session import Database
from huanyu.store.session import insert_new
from huanyu.store.switches import KILL_SWITCH
from huanyu.store.switches import ON
from huanyu.store.tables import APPROVED
from huanyu.store.tables import SENDING
from huanyu.store.tables import backups
from huanyu.store.tables import beats
from huanyu.store.tables import chat_codes
from huanyu.store.tables import links
from huanyu.store.tables import outbox
from huanyu.store.tables import presence
from huanyu.store.tables import restores
from huanyu.store.tables import sessions
from huanyu.store.tables import settings
from huanyu.store.tables import tokens
from huanyu.types import Message
from huanyu.types import MessageState

HELD: Final = "台账由备份恢复，这一条在恢复之前可能已经发出，请先查看平台"
CUT_OFF: Final = "备份正在进行时的一份，随备份恢复而中断"
ACTION: Final = "delivery_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restore:
    """When this desk was put back to a backup."""

    id: int
    taken_at: datetime
    restored_at: datetime
    head: str
    held: int
    ended_at: datetime | None = None
    ended_by: str = ""


class Restores:
    """What follows a restore."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def begin(self, taken_at: datetime, head: str, lookable: Collection[str], now: datetime) -> int:
        """Hold what may have left, stop all accounts, end every log-in, token and link; returns how many are held.

        `lookable`: accounts whose channel can find out by itself what was published.
        """
        with self._database.write() as tx:
            held = self._hold(tx, lookable, now)
            _shut(tx, now)
            tx.execute(insert_new(tx, settings).values(name=KILL_SWITCH, value=ON, at=now))
            tx.execute(update(settings).where(settings.c.name == KILL_SWITCH).values(value=ON, at=now))
            running = update(backups).where(backups.c.state == "running")
            tx.execute(running.values(state="failed", ended_at=now, note=CUT_OFF))
            row = insert(restores).values(
                taken_at=taken_at, restored_at=now, head=head, held=len(held), ended_by=""
            )
            number = tx.execute(row.returning(restores.c.id)).scalar_one()
            facts = [taken_at.isoformat(), head, held]
            self._trail.record(tx, "desk.restore", "restore", [number], facts, SYSTEM, now)
            return len(held)

    def latest(self) -> Restore | None:
        """The last one, None for a desk that never was restored."""
        query = select(restores).order_by(restores.c.id.desc()).limit(1)
        with self._database.read() as tx:
            row = tx.execute(query).mappings().first()
        return None if row is None else noun(Restore, row)

    def end(self, restore_id: int, actor: str, now: datetime) -> None:
        """A person has looked at everything; raises NotFound where there is nothing to end."""
        mine = (restores.c.id == restore_id, restores.c.ended_at.is_(None))
        with self._database.write() as tx:
            if not tx.execute(update(restores).where(*mine).values(ended_at=now, ended_by=actor)).rowcount:
                raise NotFound("没有进行中的恢复核对", restore=restore_id)
            self._trail.record(tx, "desk.restore_end", "restore", [restore_id], None, actor, now)

    def doubt(self, message: Message, look_at: datetime | None, now: datetime) -> bool:
        """Hold one that was approved after the restore; whether it was still as it was read."""
        mine = (outbox.c.id == message.id, APPROVED, outbox.c.version == message.version)
        values = {"state": MessageState.UNKNOWN, "note": HELD, "looks": 0, "look_at": look_at}
        with self._database.write() as tx:
            held = update(outbox).where(*mine).values(**values, claimed_at=now, doubted_at=now)
            if not tx.execute(held).rowcount:
                return False
            tell_case(tx, message, ACTION, HELD, SYSTEM, now)
            self._trail.record(tx, "outbox.unknown", "message", [message.id], [None, HELD], SYSTEM, now)
            return True

    def _hold(self, tx: Connection, lookable: Collection[str], now: datetime) -> list[int]:
        rows = tx.execute(select(outbox).where(or_(APPROVED, SENDING)).order_by(outbox.c.id)).mappings().all()
        look_at = case((outbox.c.account.in_(list(lookable)), now), else_=None)
        values = {"state": MessageState.UNKNOWN, "note": HELD, "looks": 0, "claimed_by": ""}
        held = update(outbox).where(or_(APPROVED, SENDING))
        tx.execute(held.values(**values, look_at=look_at, claimed_at=now, doubted_at=now))
        for row in rows:
            tell_case(tx, noun(Message, row), ACTION, HELD, SYSTEM, now)
        found = [int(row["id"]) for row in rows]
        facts = [(one, [None, HELD]) for one in found]
        self._trail.record_each(tx, "outbox.unknown", "message", facts, SYSTEM, now)
        return found


def _shut(tx: Connection, now: datetime) -> None:
    """Whoever was let in since the backup, or shut out, is not known here: everybody comes in anew."""
    for table in (sessions, chat_codes, presence, beats):
        tx.execute(delete(table))
    shut = update(tokens).where(tokens.c.revoked_at.is_(None))
    tx.execute(shut.values(revoked_at=now, revoked_by=SYSTEM))
    tx.execute(update(links).where(links.c.revoked_at.is_(None)).values(revoked_at=now))
