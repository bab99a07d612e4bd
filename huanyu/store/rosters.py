"""Who has duty when, and who stands in for somebody who is away.

What ends keeps its row with an earlier end; what duty or standing in lets a person do is not decided here.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import RowMapping
from sqlalchemy import Table
from sqlalchemy import bindparam
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import BadInput
from huanyu.errors import NotFound
from huanyu.store.audit import Trail
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.tables import absences
from huanyu.store.tables import shifts
from huanyu.store.tables import users
from huanyu.types import Absence
from huanyu.types import Shift
from huanyu.types import User

_SHIFTS = (
    select(shifts)
    .where(
        shifts.c.to_at > bindparam("since"),
        shifts.c.from_at <= bindparam("until"),
        shifts.c.to_at > shifts.c.from_at,
    )
    .order_by(shifts.c.from_at, shifts.c.id)
)
_REPRESENTED = (
    select(users)
    .join(absences, absences.c.user_id == users.c.id)
    .where(
        absences.c.deputy_id == bindparam("deputy"),
        absences.c.from_at <= bindparam("now"),
        absences.c.to_at > bindparam("now"),
        users.c.active,
    )
    .order_by(absences.c.id)
)


class Rosters:
    """Shifts and absences."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def add_shift(
        self,
        unit: str,
        user_id: int,
        from_at: datetime,
        to_at: datetime,
        kind: str,
        actor: str,
        now: datetime,
    ) -> int:
        """Put a person on duty for a unit; raises BadInput where they have that unit's duty then already."""
        same = (shifts.c.unit == unit, shifts.c.user_id == user_id, shifts.c.kind == kind)
        values = {"unit": unit, "user_id": user_id, "from_at": from_at, "to_at": to_at}
        with self._database.write() as tx:
            tx.execute(select(users.c.id).where(users.c.id == user_id).with_for_update())
            meets = select(shifts.c.id).where(*same, shifts.c.from_at < to_at, shifts.c.to_at > from_at)
            if tx.scalar(meets.limit(1)) is not None:
                raise BadInput("这段时间此人已排了同样的班")
            statement = insert(shifts).values(**values, kind=kind, actor=actor).returning(shifts.c.id)
            found = int(tx.execute(statement).scalar_one())
            facts = [unit, user_id, from_at.isoformat(), to_at.isoformat(), kind]
            self._trail.record(tx, "shift.add", "shift", [found], facts, actor, now)
            return found

    def shift(self, shift_id: int) -> Shift:
        """One shift; raises NotFound."""
        with self._database.read() as tx:
            return noun(Shift, _one(tx, shifts, shift_id, "没有这个班次"))

    def end_shift(self, shift_id: int, actor: str, now: datetime) -> None:
        """It ends now; one that has not begun never does. Raises NotFound for one that is over."""
        self._end(shifts, "shift.end", shift_id, "这个班次已经结束", actor, now)

    def shifts(self, unit: str | None, since: datetime, until: datetime) -> list[Shift]:
        """Shifts that touch these hours, of one unit or of all, in order of time."""
        query = _SHIFTS if unit is None else _SHIFTS.where(shifts.c.unit == unit)
        with self._database.read() as tx:
            rows = tx.execute(query, {"since": since, "until": until}).mappings()
            return [noun(Shift, row) for row in rows]

    def on_duty(self, unit: str, now: datetime) -> list[User]:
        """Who has the unit's duty now and may come in, in the order of the roster."""
        here = (shifts.c.unit == unit, shifts.c.from_at <= now, shifts.c.to_at > now)
        query = (
            select(users)
            .join(shifts, shifts.c.user_id == users.c.id)
            .where(*here, users.c.active)
            .order_by(shifts.c.id)
        )
        with self._database.read() as tx:
            return [noun(User, row) for row in tx.execute(query).mappings()]

    def add_absence(
        self,
        user_id: int,
        from_at: datetime,
        to_at: datetime,
        deputy_id: int,
        actor: str,
        now: datetime,
    ) -> int:
        """Somebody is away and names a deputy; raises BadInput where they have one for a part of that time."""
        values = {"user_id": user_id, "from_at": from_at, "to_at": to_at, "deputy_id": deputy_id}
        with self._database.write() as tx:
            tx.execute(select(users.c.id).where(users.c.id == user_id).with_for_update())
            same = (absences.c.user_id == user_id, absences.c.from_at < to_at, absences.c.to_at > from_at)
            if tx.scalar(select(absences.c.id).where(*same).limit(1)) is not None:
                raise BadInput("这段时间已经登记了不在岗，请先结束原来的")
            statement = insert(absences).values(**values, actor=actor).returning(absences.c.id)
            found = int(tx.execute(statement).scalar_one())
            facts = [user_id, from_at.isoformat(), to_at.isoformat(), deputy_id]
            self._trail.record(tx, "absence.add", "absence", [found], facts, actor, now)
            return found

    def absence(self, absence_id: int) -> Absence:
        """One absence; raises NotFound."""
        with self._database.read() as tx:
            return noun(Absence, _one(tx, absences, absence_id, "没有这条不在岗登记"))

    def end_absence(self, absence_id: int, actor: str, now: datetime) -> None:
        """The person is back; raises NotFound where they were already."""
        self._end(absences, "absence.end", absence_id, "这条登记已经结束", actor, now)

    def absences(self, since: datetime) -> list[Absence]:
        """Absences that were not over at `since`, in order of time."""
        here = (absences.c.to_at > since, absences.c.to_at > absences.c.from_at)
        query = select(absences).where(*here).order_by(absences.c.from_at, absences.c.id)
        with self._database.read() as tx:
            return [noun(Absence, row) for row in tx.execute(query).mappings()]

    def away(self, now: datetime) -> dict[int, int]:
        """Whoever is away now, with their deputy."""
        here = (absences.c.from_at <= now, absences.c.to_at > now)
        with self._database.read() as tx:
            found = tx.execute(select(absences.c.user_id, absences.c.deputy_id).where(*here)).all()
        return {row.user_id: row.deputy_id for row in found}

    def represented(self, deputy_id: int, now: datetime) -> list[User]:
        """For whom this person stands in now; those who may not come in any more count for nobody."""
        with self._database.read() as tx:
            rows = tx.execute(_REPRESENTED, {"deputy": deputy_id, "now": now}).mappings()
            return [noun(User, row) for row in rows]

    def _end(self, table: Table, action: str, key: int, over: str, actor: str, now: datetime) -> None:
        lasts = (table.c.id == key, table.c.to_at > now, table.c.to_at > table.c.from_at)
        begun = update(table).where(*lasts, table.c.from_at <= now).values(to_at=now)
        ahead = update(table).where(*lasts, table.c.from_at > now).values(to_at=table.c.from_at)
        with self._database.write() as tx:
            if not tx.execute(begun).rowcount and not tx.execute(ahead).rowcount:
                raise NotFound(over)
            self._trail.record(tx, action, table.name.removesuffix("s"), [key], [], actor, now)


def _one(tx: Connection, table: Table, key: int, missing: str) -> RowMapping:
    row = tx.execute(select(table).where(table.c.id == key)).mappings().first()
    if row is None:
        raise NotFound(missing)
    return row
