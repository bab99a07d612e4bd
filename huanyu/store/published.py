"""Copies of what is out: how each published message stands on its platform, and when it is looked at again.

What a look says is decided by publisher.afterwards.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Iterable
from datetime import datetime
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import Row
from sqlalchemy import and_
from sqlalchemy import insert
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import Conflict
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.beside import of_visible
from huanyu.store.casework import note_event
from huanyu.store.outgoing import label
from huanyu.store.outgoing import put
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.tables import cases
from huanyu.store.tables import outbox
from huanyu.store.tables import published
from huanyu.store.tables import takeovers
from huanyu.types import Alarm
from huanyu.types import Copy
from huanyu.types import CopyState
from huanyu.types import MessageState
from huanyu.types import Receipt
from huanyu.types import Seer
from huanyu.types import Sighting

PUBLIC = ("reply", "press")  #: purposes of what the public reads
AFTER = {"correction": CopyState.CORRECTED, "withdrawal": CopyState.WITHDRAWN}
_BATCH = 500


class Published:
    """From the platform's receipt to the last look at what it shows."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def begin(self, first: timedelta, now: datetime) -> list[int]:
        """Start watching what has gone out since; what a 更正 or 撤回 took the place of is watched no more."""
        query = (
            select(outbox)
            .outerjoin(published, published.c.message_id == outbox.c.id)
            .where(
                outbox.c.state == MessageState.SENT,
                outbox.c.purpose.in_(PUBLIC),
                published.c.message_id.is_(None),
            )
            .order_by(outbox.c.id)
            .limit(_BATCH)
        )
        with self._database.read() as tx:  # most turns find nothing: no lock is taken for that
            if tx.execute(query.limit(1)).first() is None:
                return []
        with self._database.write() as tx:
            begun = [_begin(tx, row, first, now) for row in tx.execute(query).all()]
            if begun:
                self._trail.record(tx, "published.begin", "message", begun, None, SYSTEM, now)
            return begun

    def due(self, now: datetime, limit: int) -> list[Copy]:
        """What is to be looked at now, longest overdue first."""
        return self._where(published.c.next_at <= now, limit=limit)

    def of(self, message_ids: Iterable[int]) -> dict[int, Copy]:
        """The copies of these messages, as far as they are out."""
        return {one.message_id: one for one in self._where(published.c.message_id.in_(list(message_ids)))}

    def listing(
        self, states: Collection[CopyState], limit: int = 200, seer: Seer | None = None
    ) -> list[Copy]:
        """Copies in these states whose messages `seer` may see, latest look first."""
        where = [published.c.state.in_(list(states))]
        if seer is not None:
            theirs = select(outbox.c.id).where(*of_visible(seer, outbox.c.case_id))
            where.append(published.c.message_id.in_(theirs))
        return self._where(*where, limit=limit, newest=True)

    def saw(self, copy: Copy, sighting: Sighting, alarm: Alarm | None, now: datetime) -> bool:
        """Keep what a look said, with the case's history and the mail; False when it says nothing any more.

        It says nothing where a 更正 or 撤回 of the message is just on its way, or somebody else looked first.
        """
        with self._database.write() as tx:
            if _under_way(tx, copy.message_id):
                return False
            values = _of_sighting(sighting) | {"checked_at": now, "checks": copy.checks + 1}
            mine = and_(
                published.c.message_id == copy.message_id,
                published.c.checks == copy.checks,
                published.c.state == copy.state,
            )
            if not tx.execute(update(published).where(mine).values(**values)).rowcount:
                return False
            if sighting.note:
                _tell_case(tx, copy.message_id, f"seen_{sighting.state.value}", sighting.note, now)
            ids = [copy.message_id, *_mailed(tx, alarm, now)]
            facts = [sighting.state, sighting.found]
            self._trail.record(tx, "published.look", "message", ids, facts, SYSTEM, now)
            return True

    def accept(self, copy: Copy, note: str, actor: str, now: datetime) -> None:
        """A person has looked into what was changed or is gone: from now on what stands there counts.

        Raises Conflict where the copy has been looked at again since.
        """
        is_gone = copy.state is CopyState.GONE
        values: dict[str, Any] = {"state": CopyState.UNSEEN if is_gone else CopyState.LIVE, "found": ""}
        values |= {"next_at": None} if is_gone else {"copy": copy.found}
        mine = and_(
            published.c.message_id == copy.message_id,
            published.c.checks == copy.checks,
            published.c.state == copy.state,
        )
        with self._database.write() as tx:
            if not tx.execute(update(published).where(mine).values(**values)).rowcount:
                raise Conflict("这一条刚刚又回看过，请刷新后再核实", message=copy.message_id)
            _tell_case(tx, copy.message_id, "seen_accepted", note, now, actor)
            self._trail.record(
                tx, "published.accept", "message", [copy.message_id], [copy.state, note], actor, now
            )

    def postpone(self, copy: Copy, next_at: datetime | None, now: datetime) -> None:
        """The platform gave no answer: look again then, or never."""
        with self._database.write() as tx:
            mine = published.c.message_id == copy.message_id
            tx.execute(update(published).where(mine).values(next_at=next_at))
            self._trail.record(tx, "published.postpone", "message", [copy.message_id], None, SYSTEM, now)

    def identify(self, message_id: int, receipt: Receipt, now: datetime) -> None:
        """The platform's name of a message that was accepted without telling it."""
        nameless = and_(outbox.c.id == message_id, outbox.c.platform_id == "")
        values = {"platform_id": receipt.platform_id, "platform_url": receipt.url}
        with self._database.write() as tx:
            if tx.execute(update(outbox).where(nameless).values(**values)).rowcount:
                facts = receipt.platform_id
                self._trail.record(tx, "published.identify", "message", [message_id], facts, SYSTEM, now)

    def taken_over(self, case_id: int) -> bool:
        """Whether a person answers in this case: no text is composed for it by the program any more."""
        query = select(takeovers.c.case_id).where(takeovers.c.case_id == case_id)
        with self._database.read() as tx:
            return tx.execute(query).first() is not None

    def _where(self, *where: Any, limit: int | None = None, newest: bool = False) -> list[Copy]:
        order = published.c.checked_at.desc() if newest else published.c.next_at
        query = select(published).where(*where).order_by(order, published.c.message_id).limit(limit)
        with self._database.read() as tx:
            return [noun(Copy, row, state=CopyState(row["state"])) for row in tx.execute(query).mappings()]


def _begin(tx: Connection, row: Row[Any], first: timedelta, now: datetime) -> int:
    sent_at = row.sent_at or now
    watched = row.stage != "withdrawal" or not _replaces(tx, row)
    tx.execute(
        insert(published).values(
            message_id=row.id,
            state=CopyState.WAITING if watched else CopyState.WITHDRAWN,
            next_at=max(sent_at + first, sent_at) if watched else None,
            checks=0,
        )
    )
    if row.stage in AFTER and _replaces(tx, row):
        settled = {"state": AFTER[row.stage], "next_at": None}
        tx.execute(update(published).where(published.c.message_id == row.about).values(**settled))
    return int(row.id)


def _replaces(tx: Connection, row: Row[Any]) -> bool:
    """Whether the message took the place of the one it is about, instead of standing beside it."""
    if row.about is None:
        return False
    about = tx.execute(select(outbox.c.platform_id).where(outbox.c.id == row.about)).scalar()
    return bool(about) and about == row.platform_id


def _under_way(tx: Connection, message_id: int) -> bool:
    """Whether we are changing the message ourselves: on its way, perhaps out, or out and not yet taken note of."""
    watched = select(published.c.message_id)
    noted = and_(outbox.c.state == MessageState.SENT, outbox.c.id.not_in(watched))
    moving = or_(outbox.c.state.in_([MessageState.SENDING, MessageState.UNKNOWN]), noted)
    query = select(outbox.c.id).where(outbox.c.about == message_id, moving)
    return tx.execute(query.limit(1)).first() is not None


def _of_sighting(sighting: Sighting) -> dict[str, Any]:
    values: dict[str, Any] = {
        "state": sighting.state,
        "copy": sighting.copy,
        "found": sighting.found,
        "next_at": sighting.next_at,
    }
    counts = {"comments": sighting.comments, "reposts": sighting.reposts, "views": sighting.views}
    return values | {name: count for name, count in counts.items() if count is not None}


def _tell_case(
    tx: Connection, message_id: int, action: str, note: str, now: datetime, actor: str = SYSTEM
) -> None:
    query = select(outbox.c.case_id, outbox.c.channel).where(outbox.c.id == message_id)
    found = tx.execute(query).one()
    if found.case_id is not None:
        state = tx.execute(select(cases.c.state).where(cases.c.id == found.case_id)).scalar_one()
        note_event(tx, found.case_id, state, action, f"{label(found.channel)}：{note}", actor, now)


def _mailed(tx: Connection, alarm: Alarm | None, now: datetime) -> list[int]:
    """The mail of an alarm, written with what it tells of."""
    if alarm is None:
        return []
    found = put(tx, alarm.draft, alarm.key, MessageState.APPROVED, SYSTEM, now)
    return [] if found is None else [found]
