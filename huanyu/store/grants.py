"""Who may read a reporter's identity by the office's leave, and which prints were taken of a case.

The identities themselves, and the log of every look at them, are in `people`.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import NotFound
from huanyu.store.audit import Trail
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.tables import grants
from huanyu.store.tables import prints
from huanyu.types import Grant
from huanyu.types import Print
from huanyu.types import User


class Grants:
    """Leave to read who reported a case, for one unit or one person of it, until a moment."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def add(
        self,
        case_id: int,
        unit: str,
        user_id: int | None,
        reason: str,
        until: datetime,
        actor: str,
        now: datetime,
    ) -> int:
        """Give leave; returns its number."""
        values = {"case_id": case_id, "unit": unit, "user_id": user_id, "reason": reason, "until": until}
        with self._database.write() as tx:
            statement = insert(grants).values(**values, actor=actor, at=now).returning(grants.c.id)
            found = int(tx.execute(statement).scalar_one())
            facts = [case_id, unit, user_id, reason, until.isoformat()]
            self._trail.record(tx, "grant.add", "grant", [found], facts, actor, now)
            return found

    def revoke(self, case_id: int, grant_id: int, actor: str, now: datetime) -> None:
        """Take it back; raises NotFound where there is nothing to take back."""
        mine = (grants.c.id == grant_id, grants.c.case_id == case_id, grants.c.revoked_at.is_(None))
        with self._database.write() as tx:
            if not tx.execute(update(grants).where(*mine).values(revoked_at=now)).rowcount:
                raise NotFound("没有这条授权，或者已经收回")
            self._trail.record(tx, "grant.revoke", "grant", [grant_id], [case_id], actor, now)

    def of_case(self, case_id: int) -> list[Grant]:
        """Every leave given for the case, oldest first."""
        query = select(grants).where(grants.c.case_id == case_id).order_by(grants.c.id)
        with self._database.read() as tx:
            return [noun(Grant, row) for row in tx.execute(query).mappings()]

    def holds(self, case_id: int, user: User, now: datetime) -> bool:
        """Whether this person has leave now: their unit, or they by name."""
        if not user.unit:
            return False
        here = (grants.c.case_id == case_id, grants.c.unit == user.unit, grants.c.revoked_at.is_(None))
        whom = or_(grants.c.user_id.is_(None), grants.c.user_id == user.id)
        query = select(grants.c.id).where(*here, whom, grants.c.at <= now, grants.c.until > now)
        with self._database.read() as tx:
            return tx.scalar(query.limit(1)) is not None


class Prints:
    """Prints of cases, each with the code that stands on its pages."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def add(
        self,
        case_id: int,
        form: str,
        reason: str,
        mark: str,
        actor: str,
        now: datetime,
        document_id: int | None = None,
    ) -> Print:
        """Keep that a print was taken, of the case or of one of its papers; raises Conflict where the code is taken."""
        values = {
            "case_id": case_id,
            "form": form,
            "reason": reason,
            "mark": mark,
            "document_id": document_id,
        }
        with self._database.write() as tx:
            statement = insert(prints).values(**values, actor=actor, at=now).returning(prints.c.id)
            found = int(tx.execute(statement).scalar_one())
            self._trail.record(tx, "print.add", "print", [found], [case_id, form, reason], actor, now)
            row = tx.execute(select(prints).where(prints.c.id == found)).mappings().one()
            return noun(Print, row)

    def of_case(self, case_id: int) -> list[Print]:
        """Every print of the case, oldest first."""
        query = select(prints).where(prints.c.case_id == case_id).order_by(prints.c.id)
        with self._database.read() as tx:
            return [noun(Print, row) for row in tx.execute(query).mappings()]

    def by_mark(self, mark: str) -> Print | None:
        """The print whose code was found on a paper."""
        with self._database.read() as tx:
            row = tx.execute(select(prints).where(prints.c.mark == mark)).mappings().first()
        return None if row is None else noun(Print, row)
