"""One-time links: made, found by the hash of their token, used, revoked; each with its audit line.

The token is kept nowhere. What a link lets its holder do is not decided here.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement
from sqlalchemy import and_
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.store import assignments as duties
from huanyu.store import clockwork
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.casework import note_event
from huanyu.store.clockwork import OPINION
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.tables import assignments
from huanyu.store.tables import cases
from huanyu.store.tables import links
from huanyu.types import Assignment
from huanyu.types import Link


class Links:
    """Links to one hand-over each."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def make(
        self,
        assignment_id: int,
        token_hash: str,
        expires_at: datetime,
        now: datetime,
        actor: str = SYSTEM,
    ) -> Link:
        """Keep a new link; those made before stay good. Raises Conflict where the unit has the case no longer."""
        with self._database.write() as tx:
            given = select(assignments.c.id).where(
                assignments.c.id == assignment_id, assignments.c.ended_at.is_(None)
            )
            if tx.scalar(given) is None:
                raise Conflict("该件已不在这个单位手里", assignment=assignment_id)
            values = {"assignment_id": assignment_id, "token_hash": token_hash, "made_at": now}
            statement = insert(links).values(**values, made_by=actor, expires_at=expires_at)
            found = int(tx.execute(statement.returning(links.c.id)).scalar_one())
            facts = [assignment_id, expires_at.isoformat()]
            self._trail.record(tx, "link.make", "link", [found], facts, actor, now)
            row = tx.execute(select(links).where(links.c.id == found)).mappings().one()
            return noun(Link, row)

    def find(self, token_hash: str) -> Link | None:
        """The link of a token, dead ones too."""
        with self._database.read() as tx:
            row = tx.execute(select(links).where(links.c.token_hash == token_hash)).mappings().first()
        return None if row is None else noun(Link, row)

    def of_case(self, case_id: int) -> list[Link]:
        """Every link to the case, oldest first."""
        query = (
            select(links)
            .join(assignments, assignments.c.id == links.c.assignment_id)
            .where(assignments.c.case_id == case_id)
            .order_by(links.c.id)
        )
        with self._database.read() as tx:
            return [noun(Link, row) for row in tx.execute(query).mappings()]

    def use(self, link: Link, act: str, now: datetime) -> None:
        """Note that something is done with the link; raises NotFound where it does not open any more."""
        with self._database.write() as tx:
            alive = update(links).where(links.c.id == link.id, _alive(now)).values(used_at=now)
            if not tx.execute(alive).rowcount:
                raise NotFound("链接已失效")
            self._trail.record(tx, "link.use", "link", [link.id], [act], SYSTEM, now)

    def fail(self, link: Link, now: datetime) -> None:
        """Somebody tried a link that opens nothing any more."""
        with self._database.write() as tx:
            tx.execute(update(links).where(links.c.id == link.id).values(failed=links.c.failed + 1))
            self._trail.record(tx, "link.refused", "link", [link.id], [], SYSTEM, now)

    def revoke(self, assignment_id: int, actor: str, now: datetime) -> int:
        """Close every open link to a hand-over; returns how many there were."""
        mine = and_(links.c.assignment_id == assignment_id, _alive(now))
        with self._database.write() as tx:
            closed = update(links).where(mine).values(revoked_at=now).returning(links.c.id)
            found = [int(one) for one in tx.execute(closed).scalars()]
            if found:
                self._trail.record(tx, "link.revoke", "link", sorted(found), [assignment_id], actor, now)
            return len(found)

    def opine(self, link: Link, one: Assignment, opinion: str, by: str, now: datetime) -> None:
        """An assisting unit signs, or with an opinion answers, through its link; raises Conflict or NotFound."""
        with self._database.write() as tx:
            alive = update(links).where(links.c.id == link.id, _alive(now)).values(used_at=now)
            if not tx.execute(alive).rowcount:
                raise NotFound("链接已失效")
            mine = select(assignments.c.answered_at).where(assignments.c.id == one.id).with_for_update()
            if opinion and tx.scalar(mine) is not None:
                raise Conflict("意见已经交过了")
            done = (
                duties.answer(tx, one.case_id, one.unit, by, now, opinion)
                if opinion
                else duties.sign(tx, one.case_id, one.unit, by, now)
            )
            if not done:
                raise Conflict("已经签收过了")
            if opinion:
                clockwork.meet(tx, one.case_id, OPINION, now, names=(OPINION,), owed_by=one.unit)
            state = tx.execute(select(cases.c.state).where(cases.c.id == one.case_id)).scalar_one()
            action, note = (
                ("opinion", f"协办意见：{opinion}") if opinion else ("assist_signed", "协办单位已签收")
            )
            note_event(tx, one.case_id, state, action, note, by, now)
            self._trail.record(tx, "link.use", "link", [link.id], [action, opinion], by, now)


def _alive(now: datetime) -> ColumnElement[bool]:
    return and_(links.c.revoked_at.is_(None), links.c.expires_at > now)
