"""The outbox: texts on their way out, each move compare-and-set, each call announced before it leaves.

Which arrows exist and who may take them is decided by publisher.outbox and publisher.review.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import and_
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import Conflict
from huanyu.errors import NotAllowed
from huanyu.errors import NotFound
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.caseload import load_one
from huanyu.store.casework import advance
from huanyu.store.casework import note_event
from huanyu.store.nouns import TextVersion
from huanyu.store.outgoing import keep_text
from huanyu.store.outgoing import label
from huanyu.store.outgoing import put
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.states import REPLYING
from huanyu.store.tables import APPROVED
from huanyu.store.tables import SENDING
from huanyu.store.tables import cases
from huanyu.store.tables import outbox
from huanyu.store.tables import outbox_texts
from huanyu.types import Case
from huanyu.types import Draft
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import Receipt

OUT = (MessageState.SENT, MessageState.REHEARSED)

#: what a case's history calls each state a message reaches
ACTION = {
    MessageState.DRAFT: "edited",
    MessageState.RETURNED: "sent_back",
    MessageState.APPROVED: "approved",
    MessageState.SENT: "sent",
    MessageState.REHEARSED: "rehearsed",
    MessageState.REFUSED: "refused_by_platform",
    MessageState.UNKNOWN: "delivery_unknown",
    MessageState.CANCELLED: "cancelled",
}
#: What the history says where nobody wrote a note.
TOLD = {
    "edited": "文稿已修改",
    "approved": "审核通过",
    "postponed": "稍后再发",
    "sent": "已发出",
    "rehearsed": "已演练",
    "delivery_unknown": "结果不明",
}


class Outbox:
    """Messages from draft to receipt."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def add_drafts(
        self, case: Case, drafts: Sequence[Draft], to: str, author: str, now: datetime, actor: str = SYSTEM
    ) -> list[int]:
        """Put the drafts of one reply up for review and move the case, all or nothing; raises Conflict."""
        with self._database.write() as tx:
            replies = cases.c.replies + 1
            advance(tx, case, to, "drafted", _channels(drafts), actor, now, replies=replies)
            turn = tx.execute(select(cases.c.replies).where(cases.c.id == case.id)).scalar_one()
            ids = [
                put(
                    tx,
                    draft,
                    f"reply:{case.id}:{draft.channel}:{turn}",
                    MessageState.DRAFT,
                    author,
                    now,
                    turn,
                )
                for draft in drafts
            ]
            added = [found for found in ids if found is not None]
            facts = [[draft.channel, draft.account, draft.text] for draft in drafts]
            self._trail.record(tx, "outbox.draft", "message", added, facts, actor, now)
            return added

    def add(
        self,
        draft: Draft,
        key: str,
        state: MessageState,
        author: str,
        now: datetime,
        actor: str = SYSTEM,
    ) -> int | None:
        """Add one message; None when a message with this key is there already."""
        with self._database.write() as tx:
            found = put(tx, draft, key, state, author, now)
            if found is not None:
                facts = [key, state, draft.text]
                self._trail.record(tx, "outbox.add", "message", [found], facts, actor, now)
            return found

    def get(self, message_id: int, unit: str | None = None) -> Message:
        """One message; raises NotFound, also for one of another unit's case."""
        with self._database.read() as tx:
            return _load(tx, outbox.c.id == message_id, *_of_unit(unit), message=message_id)

    def by_key(self, key: str) -> Message:
        """One message by its idempotency key; raises NotFound."""
        with self._database.read() as tx:
            return _load(tx, outbox.c.key == key, message=key)

    def texts(self, message_id: int) -> list[TextVersion]:
        """Every text the message has had, oldest first."""
        query = (
            select(outbox_texts)
            .where(outbox_texts.c.message_id == message_id)
            .order_by(outbox_texts.c.version)
        )
        with self._database.read() as tx:
            return [noun(TextVersion, row) for row in tx.execute(query).mappings()]

    def listing(
        self,
        states: Collection[MessageState] = (),
        purpose: str | None = None,
        unit: str | None = None,
        limit: int = 100,
        case_id: int | None = None,
        newest: bool = False,
    ) -> list[Message]:
        """Messages, oldest first unless `newest`; `unit` shows those of one unit's cases only."""
        where = _of_unit(unit)
        if states:
            where.append(outbox.c.state.in_(list(states)))
        if purpose is not None:
            where.append(outbox.c.purpose == purpose)
        if case_id is not None:
            where.append(outbox.c.case_id == case_id)
        return self._where(*where, limit=limit, newest=newest)

    def move(
        self,
        message: Message,
        to: MessageState,
        note: str,
        now: datetime,
        actor: str = SYSTEM,
        text: str | None = None,
        override: str = "",
    ) -> Message:
        """A person's decision on the message as they saw it; raises Conflict when it has changed since.

        A new text is a new version by a new author and voids any approval; an approval pins the version read.
        """
        if text is not None and to is MessageState.APPROVED:
            raise NotAllowed("改过的文稿须由另一人审核", message=message.key)
        with self._database.write() as tx:
            values: dict[str, Any] = {"state": to, "note": note, "override": override}
            values |= _approval(to, message.version, actor)
            if text is not None:
                values |= {"text": text, "author": actor, "version": message.version + 1}
            _compare_and_set(tx, message, values)
            if text is not None:
                keep_text(tx, message.id, message.version + 1, text, actor, now)
            self._note(tx, message, ACTION.get(to, to.value), note, actor, now)
            self._trail.record(
                tx, f"outbox.{to.value}", "message", [message.id], [note, text, override], actor, now
            )
            return _load(tx, outbox.c.id == message.id)

    def due(self, now: datetime, limit: int, live: bool = False) -> list[Message]:
        """Approved messages whose time has come and whose predecessor is out, oldest first.

        `live`: a predecessor that was only rehearsed is not out, its page does not exist.
        """
        return self._where(
            APPROVED,
            outbox.c.approved_version == outbox.c.version,
            outbox.c.due_at <= now,
            or_(outbox.c.after == "", _predecessor_is_out((MessageState.SENT,) if live else tuple(OUT))),
            limit=limit,
        )

    def claim(self, message: Message, now: datetime, actor: str = SYSTEM) -> Message | None:
        """Write "sending" before the call leaves; None when somebody else has it or it was changed."""
        with self._database.write() as tx:
            mine = and_(outbox.c.id == message.id, APPROVED, outbox.c.version == message.version)
            pinned = outbox.c.approved_version == outbox.c.version
            taken = tx.execute(
                update(outbox)
                .where(mine, pinned)
                .values(state=MessageState.SENDING, attempts=outbox.c.attempts + 1, claimed_at=now)
            )
            if not taken.rowcount:
                return None
            self._trail.record(tx, "outbox.sending", "message", [message.id], message.version, actor, now)
            return _load(tx, outbox.c.id == message.id)

    def settle(
        self,
        message: Message,
        state: MessageState,
        receipt: Receipt | None,
        note: str,
        due_at: datetime | None,
        case_to: str | None,
        now: datetime,
        actor: str = SYSTEM,
    ) -> Message:
        """What became of a message that left; `case_to` moves its case along if that waits for the reply.

        Raises Conflict when the message was settled by somebody else.
        """
        with self._database.write() as tx:
            values: dict[str, Any] = {"state": state, "note": note, "claimed_at": None}
            if state in {MessageState.DRAFT, MessageState.RETURNED}:
                values["approved_version"] = None
            if due_at is not None:
                values["due_at"] = due_at
            _compare_and_set(tx, message, values | _receipt(receipt, state, now))
            action = "postponed" if state is MessageState.APPROVED else ACTION.get(state, state.value)
            self._note(tx, message, action, note, actor, now)
            self._answer(tx, message, case_to, note, actor, now)
            facts = [receipt.platform_id if receipt else None, note]
            self._trail.record(tx, f"outbox.{state.value}", "message", [message.id], facts, actor, now)
            return _load(tx, outbox.c.id == message.id)

    def in_flight(self, before: datetime) -> list[Message]:
        """Messages claimed at or before `before` and never settled: they may be out."""
        return self._where(SENDING, outbox.c.claimed_at <= before)

    def _where(
        self, *where: ColumnElement[bool], limit: int | None = None, newest: bool = False
    ) -> list[Message]:
        order = outbox.c.id.desc() if newest else outbox.c.id
        query = select(outbox).where(*where).order_by(order).limit(limit)
        with self._database.read() as tx:
            return [noun(Message, row) for row in tx.execute(query).mappings()]

    def _note(
        self, tx: Connection, message: Message, action: str, note: str, actor: str, now: datetime
    ) -> None:
        """Tell the case's history; notices and replies are told apart."""
        if message.case_id is None:
            return
        told = f"notice_{action}" if message.purpose == "notice" else action
        state = tx.execute(select(cases.c.state).where(cases.c.id == message.case_id)).scalar_one()
        note_event(
            tx,
            message.case_id,
            state,
            told,
            f"{label(message.channel)}：{note or TOLD.get(action, action)}",
            actor,
            now,
        )

    def _answer(
        self, tx: Connection, message: Message, to: str | None, note: str, actor: str, now: datetime
    ) -> None:
        if to is None or message.case_id is None:
            return
        tx.execute(select(cases.c.id).where(cases.c.id == message.case_id).with_for_update())
        case = load_one(tx, cases.c.id == message.case_id, case=message.case_id)
        # A reply of an earlier round says nothing about this one.
        this_round = select(cases.c.replies).where(cases.c.id == message.case_id).scalar_subquery()
        current = tx.scalar(select(outbox.c.round == this_round).where(outbox.c.id == message.id))
        if case.state == REPLYING and current:
            advance(tx, case, to, to, note, actor, now)


def _channels(drafts: Sequence[Draft]) -> str:
    return "拟稿: " + "、".join(label(draft.channel) for draft in drafts)


def _of_unit(unit: str | None) -> list[ColumnElement[bool]]:
    if unit is None:
        return []
    return [outbox.c.case_id.in_(select(cases.c.id).where(cases.c.unit == unit))]


def _load(tx: Connection, *where: ColumnElement[bool], **ids: object) -> Message:
    row = tx.execute(select(outbox).where(*where)).mappings().first()
    if row is None:
        raise NotFound("没有这条消息", **ids)
    return noun(Message, row)


def _compare_and_set(tx: Connection, message: Message, values: dict[str, Any]) -> None:
    same = and_(
        outbox.c.id == message.id,
        outbox.c.state == message.state,
        outbox.c.version == message.version,
        outbox.c.attempts == message.attempts,
    )
    if not tx.execute(update(outbox).where(same).values(**values)).rowcount:
        raise Conflict("这条消息刚被他人处理过, 请刷新后再试", message=message.key)


def _approval(to: MessageState, version: int, actor: str) -> dict[str, Any]:
    if to is MessageState.APPROVED:
        return {"approved_version": version, "reviewer": actor}
    return {"approved_version": None}


def _receipt(receipt: Receipt | None, state: MessageState, now: datetime) -> dict[str, Any]:
    # Our clock, as in the case's history: a platform's may run ahead or behind.
    values: dict[str, Any] = {"sent_at": now} if state in OUT else {}
    if receipt is not None:
        values |= {"platform_id": receipt.platform_id, "platform_url": receipt.url}
    return values


def _predecessor_is_out(states: Sequence[MessageState]) -> ColumnElement[bool]:
    """Whether the message of the same case, purpose and round on the channel `after` has gone out."""
    other = outbox.alias("predecessor")
    return (
        select(other.c.id)
        .where(
            other.c.case_id == outbox.c.case_id,
            other.c.purpose == outbox.c.purpose,
            other.c.round == outbox.c.round,
            other.c.channel == outbox.c.after,
            other.c.state.in_(states),
        )
        .exists()
    )
