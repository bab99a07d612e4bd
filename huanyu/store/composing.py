"""Texts put up for review: of one stage of a case, or of our own choosing with pictures; and what is planned when.

A case that no template may answer is handed to a person here. Which texts, and who may, is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import Connection
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.beside import of_visible
from huanyu.store.blob import keep_blob
from huanyu.store.casework import note_event
from huanyu.store.outgoing import keep_text
from huanyu.store.outgoing import label
from huanyu.store.outgoing import put
from huanyu.store.outgoing import stop_fixed_texts
from huanyu.store.rows import noun
from huanyu.store.sending import compare_and_set
from huanyu.store.sending import load
from huanyu.store.sending import tell_case
from huanyu.store.session import Database
from huanyu.store.session import insert_new
from huanyu.store.tables import blobs
from huanyu.store.tables import case_posts
from huanyu.store.tables import cases
from huanyu.store.tables import message_pictures
from huanyu.store.tables import outbox
from huanyu.store.tables import posts
from huanyu.store.tables import takeovers
from huanyu.types import Draft
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import Picture
from huanyu.types import Seer

PUBLIC = ("reply", "press")  # purposes
MOST = 500  # messages of one month's calendar
MOMENT = func.coalesce(outbox.c.sent_at, outbox.c.due_at)


class Composing:
    """Drafts on their way into the outbox."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def put_up(
        self,
        keyed: Sequence[tuple[str, Draft]],
        author: str,
        now: datetime,
        due_at: datetime | None = None,
        pictures: Sequence[Picture] = (),
        actor: str = SYSTEM,
        most: Mapping[str, int] = MappingProxyType({}),
    ) -> list[int]:
        """Put drafts up for review under their keys, all or nothing; one whose key is taken is left as it is.

        An account of `most` gets only so many of the pictures, the first ones.
        """
        with self._database.write() as tx:
            made = [(put(tx, one, key, MessageState.DRAFT, author, now), one) for key, one in keyed]
            added = [(found, one) for found, one in made if found is not None]
            for message_id, draft in added:
                tx.execute(update(outbox).where(outbox.c.id == message_id).values(due_at=due_at or now))
                _attach(tx, message_id, pictures[: most.get(draft.account)], now)
                if draft.case_id is not None:
                    _tell(tx, draft.case_id, "drafted", f"拟稿: {label(draft.channel)}", actor, now)
            if added:
                facts = [[key, draft.account, draft.text] for key, draft in keyed]
                facts += [[one.digest, one.caption, one.credit] for one in pictures]
                ids = [message_id for message_id, _ in added]
                self._trail.record(tx, "outbox.draft", "message", ids, facts, actor, now)
            return [message_id for message_id, _ in added]

    def known(self, keys: Iterable[str]) -> frozenset[str]:
        """Those of these keys that are in the outbox already."""
        query = select(outbox.c.key).where(outbox.c.key.in_(list(keys)))
        with self._database.read() as tx:
            return frozenset(tx.execute(query).scalars())

    def pictures(self, message_id: int) -> tuple[Picture, ...]:
        """The pictures of a message with their bytes, in order."""
        query = (
            select(message_pictures, blobs.c.body)
            .join(blobs, blobs.c.sha256 == message_pictures.c.digest)
            .where(message_pictures.c.message_id == message_id)
            .order_by(message_pictures.c.place)
        )
        with self._database.read() as tx:
            return tuple(noun(Picture, row) for row in tx.execute(query).mappings())

    def illustrate(self, message: Message, pictures: Sequence[Picture], actor: str, now: datetime) -> Message:
        """Give the message these pictures instead of those it has: a new version, which nobody has agreed to yet.

        Raises Conflict when it has changed since it was read.
        """
        version = message.version + 1
        note = f"配图 {len(pictures)} 张" if pictures else "去掉了配图"
        values = {"state": MessageState.DRAFT, "note": note, "override": "", "approved_version": None}
        with self._database.write() as tx:
            compare_and_set(tx, message, {**values, "author": actor, "version": version})
            keep_text(tx, message.id, version, message.text, actor, now)
            tx.execute(delete(message_pictures).where(message_pictures.c.message_id == message.id))
            _attach(tx, message.id, pictures, now)
            tell_case(tx, message, "drafted", note, actor, now)
            facts = [[one.digest, one.caption, one.credit] for one in pictures]
            self._trail.record(tx, "outbox.illustrate", "message", [message.id], facts, actor, now)
            return load(tx, outbox.c.id == message.id)

    def with_pictures(self, message: Message) -> Message:
        """The message as it leaves or is checked."""
        return replace(message, pictures=self.pictures(message.id))

    def planned(self, since: datetime, until: datetime, seer: Seer | None = None) -> list[Message]:
        """Public messages `seer` may see that went out, or are to go out, from `since` until before `until`."""
        given_up = (MessageState.CANCELLED, MessageState.REFUSED)
        query = (
            select(outbox)
            .where(outbox.c.purpose.in_(PUBLIC), outbox.c.state.not_in(given_up))
            .where(since <= MOMENT, until > MOMENT, *of_visible(seer, outbox.c.case_id))
            .order_by(MOMENT, outbox.c.id)
            .limit(MOST)
        )
        with self._database.read() as tx:
            return [noun(Message, row) for row in tx.execute(query).mappings()]

    def unseen(self, since: datetime, limit: int) -> list[tuple[int, str]]:
        """Cases that no person answers yet, each with a text that came into it since then, newest first."""
        query = (
            select(case_posts.c.case_id, posts.c.title, posts.c.text)
            .join(posts, posts.c.id == case_posts.c.post_id)
            .where(case_posts.c.at >= since)
            .where(case_posts.c.case_id.not_in(select(takeovers.c.case_id)))
            .order_by(case_posts.c.at.desc(), case_posts.c.post_id.desc())
            .limit(limit)
        )
        with self._database.read() as tx:
            return [(row.case_id, f"{row.title}\n{row.text}") for row in tx.execute(query)]

    def hand_over(
        self, case_id: int, reason: str, mail: tuple[str, Draft] | None, now: datetime, actor: str = SYSTEM
    ) -> bool:
        """From now on a person answers this case; true for the first time, when the mail goes out too.

        What a standing rule let out for it and has not left yet stays in.
        """
        with self._database.write() as tx:
            row = insert_new(tx, takeovers).values(case_id=case_id, reason=reason, at=now)
            if tx.execute(row.returning(takeovers.c.case_id)).scalar() is None:
                return False
            _tell(tx, case_id, "needs_person", reason, actor, now)
            stop_fixed_texts(tx, case_id, reason)
            if mail is not None:
                put(tx, mail[1], mail[0], MessageState.APPROVED, actor, now)
            self._trail.record(tx, "takeover.begin", "case", [case_id], reason, actor, now)
            return True


def _attach(tx: Connection, message_id: int, pictures: Sequence[Picture], now: datetime) -> None:
    for place, picture in enumerate(pictures):
        keep_blob(tx, picture.digest, picture.body, picture.media, now)
        tx.execute(
            insert(message_pictures).values(
                message_id=message_id,
                place=place,
                digest=picture.digest,
                name=picture.name,
                media=picture.media,
                caption=picture.caption,
                credit=picture.credit,
            )
        )


def _tell(tx: Connection, case_id: int, action: str, note: str, actor: str, now: datetime) -> None:
    state = tx.execute(select(cases.c.state).where(cases.c.id == case_id)).scalar_one()
    note_event(tx, case_id, state, action, note, actor, now)
