"""Who agreed to what: one row per step, person and version; the last step lets the message go.

Which step a person may take is decided by publisher.review; that nobody votes twice, on a text they wrote, out of
turn or on another version holds here, whoever asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import RowMapping
from sqlalchemy import and_
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import Conflict
from huanyu.errors import NotAllowed
from huanyu.errors import NotFound
from huanyu.review_rows import ChainRow
from huanyu.review_rows import StepRow
from huanyu.review_rows import chain_of
from huanyu.review_rows import class_of
from huanyu.store.audit import Trail
from huanyu.store.casework import note_event
from huanyu.store.gate import Gate
from huanyu.store.gate import votes_on
from huanyu.store.outgoing import label
from huanyu.store.rows import chunks
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.tables import approvals
from huanyu.store.tables import cases
from huanyu.store.tables import outbox
from huanyu.store.tables import outbox_texts
from huanyu.store.tables import users
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import User
from huanyu.types import Vote

S = MessageState


class Approvals:
    """Votes on messages, and the few decisions that rest on them."""

    def __init__(self, database: Database, trail: Trail, gate: Gate, chains: Sequence[ChainRow]) -> None:
        self._database = database
        self._trail = trail
        self._gate = gate
        self._chains = chains

    def take_in(self, chains: Sequence[ChainRow]) -> None:
        """Go by these reviews from now on."""
        self._chains = chains

    def votes(self, message_id: int) -> list[Vote]:
        """Every vote a message ever had, oldest first; those on other versions than today's are void."""
        query = select(approvals).where(approvals.c.message_id == message_id).order_by(approvals.c.id)
        with self._database.read() as tx:
            return [noun(Vote, row) for row in tx.execute(query).mappings()]

    def on_current(self, messages: Sequence[Message]) -> dict[int, list[Vote]]:
        """The votes that count for each of the messages, as they are now."""
        found: dict[int, list[Vote]] = {message.id: [] for message in messages}
        same = and_(approvals.c.message_id == outbox.c.id, approvals.c.version == outbox.c.version)
        with self._database.read() as tx:
            for some in chunks(list(found)):
                query = (
                    select(approvals)
                    .join(outbox, same)
                    .where(approvals.c.message_id.in_(some))
                    .order_by(approvals.c.id)
                )
                for row in tx.execute(query).mappings():
                    found[row["message_id"]].append(noun(Vote, row))
        return found

    def writers(self, messages: Sequence[Message]) -> dict[int, frozenset[str]]:
        """Who wrote any version of each message."""
        found: dict[int, set[str]] = {message.id: {message.author} for message in messages}
        query = select(outbox_texts.c.message_id, outbox_texts.c.author).distinct()
        with self._database.read() as tx:
            for some in chunks(list(found)):
                for row in tx.execute(query.where(outbox_texts.c.message_id.in_(some))):
                    found[row.message_id].add(row.author)
        return {message_id: frozenset(names) for message_id, names in found.items()}

    def vote(
        self,
        message: Message,
        step: str,
        actor: str,
        now: datetime,
        override: str = "",
        account: str = "",
        parent: str = "",
    ) -> Message:
        """One person's agreement to the version they saw, at `step`; with the last one the message is approved.

        Raises Conflict when the text or its votes changed meanwhile, NotAllowed for a person who may not.
        """
        with self._database.write() as tx:
            row = _locked(tx, message)
            chain, found = self._demand(tx, row, step, actor)
            _keep(tx, message, found, step, now, override=override, account=account, parent=parent)
            name = _step(chain, step).name
            values: dict[str, Any] = {"note": f"{name}通过", "override": override or row["override"]}
            last = chain.is_last(_step(chain, step))
            if last:
                values |= self._last(tx, row, actor)
            tx.execute(update(outbox).where(outbox.c.id == message.id).values(**values))
            self._tell(tx, row, "approved" if last else "voted", f"{name}通过", actor, now)
            facts = [message.version, step, override, account, parent]
            self._trail.record(tx, "outbox.vote", "message", [message.id], facts, actor, now)
            return _load(tx, message.id)

    def release(self, message: Message, note: str, override: str, actor: str, now: datetime) -> Message:
        """A text that was rehearsed or refused goes out after all, as long as its votes still stand.

        Raises Conflict when somebody was first, NotAllowed where the votes do not let it out.
        """
        with self._database.write() as tx:
            row = _locked(tx, message, S.REHEARSED, S.REFUSED)
            fault = "" if row["rule_id"] is not None and row["version"] == 1 else self._gate.fault(tx, row)
            if fault:
                raise NotAllowed(f"{fault}，请改稿后重新审核", message=message.key)
            values = {
                "state": S.APPROVED,
                "note": note,
                "approved_version": row["version"],
                "override": override,
            }
            tx.execute(update(outbox).where(outbox.c.id == message.id).values(**values))
            self._tell(tx, row, "approved", note, actor, now)
            self._trail.record(tx, "outbox.release", "message", [message.id], [note, override], actor, now)
            return _load(tx, message.id)

    def schedule(self, message: Message, due_at: datetime, note: str, actor: str, now: datetime) -> Message:
        """When the message is to leave, at the earliest; its text and its votes stay as they are."""
        with self._database.write() as tx:
            row = _locked(tx, message, S.DRAFT, S.APPROVED)
            # Without `claimed_at` it is nothing that an outage put off: the first success hurries it no more.
            values = {"due_at": due_at, "note": note, "claimed_at": None}
            tx.execute(update(outbox).where(outbox.c.id == message.id).values(**values))
            self._tell(tx, row, "scheduled", note, actor, now)
            self._trail.record(tx, "outbox.schedule", "message", [message.id], due_at.isoformat(), actor, now)
            return _load(tx, message.id)

    def _last(self, tx: Connection, row: RowMapping, actor: str) -> dict[str, Any]:
        """What the last vote makes of the message; raises NotAllowed where the votes together do not let it out."""
        fault = self._gate.fault(tx, row)
        if fault:
            raise NotAllowed(fault, message=row["key"])
        return {"state": S.APPROVED, "approved_version": row["version"], "reviewer": actor}

    def _demand(self, tx: Connection, row: RowMapping, step: str, actor: str) -> tuple[ChainRow, User]:
        """The chain and the person, where this step is the next and may be theirs."""
        chain = chain_of(self._chains, class_of(row["purpose"], row["content_class"], row["channel"]))
        if chain is None:
            raise NotAllowed("这类稿件没有设置审校流程", message=row["key"])
        given = votes_on(tx, row["id"], row["version"])
        following = chain.next_step(given)
        if following is None or following.key != step:
            raise Conflict("这一步刚被他人审过，请刷新后再看", message=row["key"])
        person = tx.execute(select(users).where(users.c.name == actor)).mappings().first()
        if person is None or not person["active"] or person["role"] not in following.roles:
            raise NotAllowed(f"没有“{following.name}”的权限", user=actor)
        if actor in {vote.actor for vote in given}:
            raise NotAllowed("同一稿各步审核必须由不同的人完成，您已审过", user=actor)
        wrote = select(outbox_texts.c.author).where(outbox_texts.c.message_id == row["id"])
        if actor == row["author"] or actor in set(tx.scalars(wrote)):
            raise NotAllowed("拟稿人、承办人不能审核自己的稿件", user=actor)
        return chain, noun(User, person)

    def _tell(
        self, tx: Connection, row: RowMapping, action: str, note: str, actor: str, now: datetime
    ) -> None:
        if row["case_id"] is None:
            return
        state = tx.scalar(select(cases.c.state).where(cases.c.id == row["case_id"]))
        told = f"{label(row['channel'])}：{note}"
        note_event(tx, row["case_id"], str(state), action, told, actor, now)


def _locked(tx: Connection, message: Message, *states: MessageState) -> RowMapping:
    """The row of the message as the caller saw it; raises Conflict when it has changed since."""
    query = select(outbox).where(outbox.c.id == message.id).with_for_update()
    row = tx.execute(query).mappings().first()
    if row is None:
        raise NotFound("没有这条消息", message=message.id)
    if row["version"] != message.version:
        raise Conflict("稿件在您打开之后改过，请重新阅读后再审核", message=row["key"])
    if row["state"] not in (states or (S.DRAFT,)):
        raise Conflict("这条消息刚被他人处理过, 请刷新后再试", message=row["key"])
    return row


def _keep(tx: Connection, message: Message, user: User, step: str, now: datetime, **shown: str) -> None:
    who = {"actor": user.name, "role": user.role, "at": now}
    tx.execute(
        insert(approvals).values(message_id=message.id, version=message.version, step=step, **who, **shown)
    )


def _load(tx: Connection, message_id: int) -> Message:
    return noun(Message, tx.execute(select(outbox).where(outbox.c.id == message_id)).mappings().one())


def _step(chain: ChainRow, key: str) -> StepRow:
    return next(step for step in chain.steps if step.key == key)
