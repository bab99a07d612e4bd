"""The outbox: texts on their way out, each move compare-and-set, each call announced before it leaves.

Which arrows exist and who may take them is decided by publisher.outbox and publisher.review.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import select

from huanyu.errors import NotAllowed
from huanyu.review_rows import class_of
from huanyu.store.audit import SYSTEM
from huanyu.store.beside import of_visible
from huanyu.store.casework import advance
from huanyu.store.nouns import TextVersion
from huanyu.store.outgoing import keep_text
from huanyu.store.outgoing import label
from huanyu.store.outgoing import put
from huanyu.store.rows import noun
from huanyu.store.sending import ACTION
from huanyu.store.sending import Sending
from huanyu.store.sending import compare_and_set
from huanyu.store.sending import load
from huanyu.store.sending import tell_case
from huanyu.store.tables import SETTLED
from huanyu.store.tables import UNDONE
from huanyu.store.tables import cases
from huanyu.store.tables import outbox
from huanyu.store.tables import outbox_texts
from huanyu.types import Case
from huanyu.types import Draft
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import Seer


class Outbox(Sending):
    """Messages from draft to receipt."""

    def add_drafts(
        self, case: Case, drafts: Sequence[Draft], to: str, author: str, now: datetime, actor: str = SYSTEM
    ) -> list[int]:
        """Put the drafts of one reply up for review and move the case, all or nothing; raises Conflict."""
        with self._database.write() as tx:
            replies = cases.c.replies + 1
            advance(tx, case, to, "drafted", _channels(drafts), actor, now, replies=replies)
            turn = tx.execute(select(cases.c.replies).where(cases.c.id == case.id)).scalar_one()
            ids = [
                put(tx, draft, f"reply:{case.id}:{name}:{turn}", MessageState.DRAFT, author, now, turn)
                for name, draft in _named(drafts)
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
        """Add one message; None when a message with this key is there already.

        Raises NotAllowed for a public text that is to leave without its reviews.
        """
        public = class_of(draft.purpose, draft.content_class, draft.channel)
        if draft.rule_id is not None or (public and state is not MessageState.DRAFT):
            raise NotAllowed("公开发布的稿件须先经审校", message=key)
        with self._database.write() as tx:
            found = put(tx, draft, key, state, author, now)
            if found is not None:
                facts = [key, state, draft.text]
                self._trail.record(tx, "outbox.add", "message", [found], facts, actor, now)
            return found

    def get(self, message_id: int, unit: str | None = None) -> Message:
        """One message; raises NotFound, also for one of another unit's case."""
        with self._database.read() as tx:
            return load(tx, outbox.c.id == message_id, *_of_unit(unit), message=message_id)

    def by_key(self, key: str) -> Message:
        """One message by its idempotency key; raises NotFound."""
        with self._database.read() as tx:
            return load(tx, outbox.c.key == key, message=key)

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
        seer: Seer | None = None,
    ) -> list[Message]:
        """Messages `seer` may see, oldest first unless `newest`; `unit` shows those of one unit's cases only."""
        where = [*_of_unit(unit), *of_visible(seer, outbox.c.case_id)]
        if states:
            where.append(outbox.c.state.in_(list(states)))
            if not SETTLED & frozenset(states):  # the index is used where its own words are said
                where.append(UNDONE)
        if purpose is not None:
            where.append(outbox.c.purpose == purpose)
        if case_id is not None:
            where.append(outbox.c.case_id == case_id)
        return self._where(*where, limit=limit, newest=newest, all_=case_id is not None)

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
        if to is MessageState.APPROVED:
            _demand_unreviewed(message, text)
        with self._database.write() as tx:
            values: dict[str, Any] = {"state": to, "note": note, "override": override}
            values |= _approval(to, message.version, actor)
            if text is not None:
                values |= {"text": text, "author": actor, "version": message.version + 1}
            compare_and_set(tx, message, values)
            if text is not None:
                keep_text(tx, message.id, message.version + 1, text, actor, now)
            tell_case(tx, message, ACTION.get(to, to.value), note, actor, now)
            self._trail.record(
                tx, f"outbox.{to.value}", "message", [message.id], [note, text, override], actor, now
            )
            return load(tx, outbox.c.id == message.id)


def _named(drafts: Sequence[Draft]) -> Iterator[tuple[str, Draft]]:
    """Each draft with what its key tells it by: the channel; of its second account and every further one, that too."""
    seen: set[str] = set()
    for draft in drafts:
        yield (f"{draft.channel}.{draft.account}" if draft.channel in seen else draft.channel), draft
        seen.add(draft.channel)


def _channels(drafts: Sequence[Draft]) -> str:
    return "拟稿: " + "、".join(label(draft.channel) for draft in drafts)


def _of_unit(unit: str | None) -> list[ColumnElement[bool]]:
    if unit is None:
        return []
    return [outbox.c.case_id.in_(select(cases.c.id).where(cases.c.unit == unit))]


def _demand_unreviewed(message: Message, text: str | None) -> None:
    """Raise unless one person alone may let the message go: notices to colleagues, never a changed text."""
    if text is not None:
        raise NotAllowed("改过的文稿须由另一人审核", message=message.key)
    if class_of(message.purpose, message.content_class, message.channel):
        raise NotAllowed("公开发布的稿件须逐步审核，不能直接放行", message=message.key)


def _approval(to: MessageState, version: int, actor: str) -> dict[str, Any]:
    if to is MessageState.APPROVED:
        return {"approved_version": version, "reviewer": actor}
    return {"approved_version": None}
