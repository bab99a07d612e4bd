"""What is kept no longer than it is of use: found by rule, removed in ranges, with a line of proof in the audit trail.

The line holds which rows of which table are gone and, keyed, what stood in them: who has a copy can be told that it
was of them, nobody learns from the line what it was, and the chain stays whole. How long is decided by others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Column
from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import FromClause
from sqlalchemy import Select
from sqlalchemy import Table
from sqlalchemy import and_
from sqlalchemy import delete
from sqlalchemy import exists
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import update

from huanyu.clock import local
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.session import Database
from huanyu.store.states import OVER
from huanyu.store.tables import case_posts
from huanyu.store.tables import cases
from huanyu.store.tables import chat_updates
from huanyu.store.tables import identities
from huanyu.store.tables import info_applicants
from huanyu.store.tables import info_requests
from huanyu.store.tables import press_attendance
from huanyu.store.tables import press_contacts
from huanyu.store.tables import rejects
from huanyu.store.tables import reward_claims
from huanyu.store.tables import rewards
from huanyu.store.tables import sessions
from huanyu.store.tables import talk_messages
from huanyu.store.tables import visits

ACTION: Final = "retention.remove"


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of record: where it stands, and which rows had their last use before a moment."""

    table: Table
    noun: str
    due: Callable[[datetime], ColumnElement[bool]]
    named_in: Column[int] | None = None  #: what stays and names a row; it names nobody any more

    @property
    def key(self) -> Column[int] | Column[str]:
        """Names a row."""
        (found,) = self.table.primary_key.columns
        return found


def _without_case(before: datetime) -> ColumnElement[bool]:
    """Nobody made a case of the post. One that is in a case goes with it."""
    taken = exists().where(case_posts.c.post_id == identities.c.post_id)
    return and_(identities.c.post_id.is_not(None), identities.c.at <= before, ~taken)


def _of_cases(before: datetime) -> ColumnElement[bool]:
    """The case is over, and so is every case it went on in: what is joined may be taken apart again."""
    mine = select(case_posts.c.case_id).where(case_posts.c.post_id == identities.c.post_id).scalar_subquery()
    owner = func.coalesce(identities.c.case_id, mine)
    over = select(cases.c.id).where(_ended(cases, before), cases.c.id.not_in(_going_on(before)))
    return owner.in_(over)


def _going_on(before: datetime) -> Select[tuple[int]]:
    """Cases that were joined into one that is not over, at whatever remove."""
    first = select(cases.c.id.label("start"), cases.c.joined_into.label("into"))
    ways = first.where(cases.c.joined_into.is_not(None)).cte("ways", recursive=True)
    step = select(ways.c.start, cases.c.joined_into).where(cases.c.id == ways.c.into)
    ways = ways.union(step.where(cases.c.joined_into.is_not(None)))
    last = cases.alias()
    return select(ways.c.start).join(last, last.c.id == ways.c.into).where(~_ended(last, before))


def _ended(one: FromClause, before: datetime) -> ColumnElement[bool]:
    return and_(one.c.state.in_(sorted(OVER)), one.c.closed_at <= before)


def _of_rewards(before: datetime) -> ColumnElement[bool]:
    """Paid, forfeited or revoked: nobody has to be paid any more."""
    return exists().where(rewards.c.id == reward_claims.c.reward_id, rewards.c.ended_at <= before)


def _of_requests(before: datetime) -> ColumnElement[bool]:
    """Answered or void: nobody has to be written to any more."""
    return exists().where(
        info_requests.c.id == info_applicants.c.request_id, info_requests.c.ended_at <= before
    )


SORTS: Final[Mapping[str, Sort]] = {
    "reporters_without_case": Sort(identities, "identity", _without_case),
    "reporters_of_cases": Sort(identities, "identity", _of_cases),
    "reward_claims": Sort(reward_claims, "reward_claim", _of_rewards),
    "info_applicants": Sort(info_applicants, "info_applicant", _of_requests),
    "press_contacts": Sort(
        press_contacts,
        "press_contact",
        lambda before: press_contacts.c.valid_to < local(before).date(),
        press_attendance.c.contact_id,
    ),
    "unread_items": Sort(
        rejects, "reject", lambda before: and_(rejects.c.resolved_at.is_(None), rejects.c.at <= before)
    ),
    "sessions": Sort(sessions, "session", lambda before: sessions.c.expires_at <= before),
    "visits": Sort(visits, "visit", lambda before: visits.c.at <= before),
    "chat_messages": Sort(
        talk_messages,
        "talk_message",
        lambda before: and_(talk_messages.c.sealed.is_(None), talk_messages.c.at <= before),
    ),
    "chat_updates": Sort(chat_updates, "chat_update", lambda before: chat_updates.c.at <= before),
    "cases": Sort(cases, "case", lambda before: _ended(cases, before)),
}


class Retaining:
    """Records whose time is over."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def due(self, what: str, before: datetime) -> int:
        """How many rows of a sort had their last use before then."""
        sort = SORTS[what]
        with self._database.read() as tx:
            return int(tx.scalar(select(func.count()).select_from(sort.table).where(sort.due(before))) or 0)

    def remove(
        self, what: str, days: int, before: datetime, limit: int, now: datetime, actor: str = SYSTEM
    ) -> int:
        """Remove up to `limit` of them for good, and note which; returns how many."""
        sort = SORTS[what]
        with self._database.write() as tx:
            _for_good(tx)
            some = select(sort.key).where(sort.due(before)).order_by(sort.key).limit(limit)
            if sort.named_in is not None:
                tx.execute(
                    update(sort.named_in.table).where(sort.named_in.in_(some)).values({sort.named_in: None})
                )
            gone = tx.execute(delete(sort.table).where(sort.key.in_(some)).returning(*sort.table.c)).all()
            if gone:
                marks = {getattr(row, sort.key.name): _mark(tuple(row)) for row in gone}
                ids = sorted(marks)
                facts = [what, days, before.isoformat(), [marks[one] for one in ids]]
                self._trail.record(tx, ACTION, sort.noun, ids, facts, actor, now)
            return len(gone)


def _for_good(tx: Connection) -> None:
    """SQLite leaves what is deleted in its file until the place is needed; then it writes zeros over it."""
    if tx.dialect.name == "sqlite":
        tx.exec_driver_sql("PRAGMA secure_delete = ON")


def _mark(values: tuple[object, ...]) -> str:
    return hashlib.sha256(repr(values).encode()).hexdigest()
