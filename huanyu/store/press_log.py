"""报道和活动台账: records, written once each, put right, struck out; one transaction and one audit row a write."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.store.audit import Trail
from huanyu.store.rows import chunks
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.tables import press_records as records
from huanyu.types import Activity
from huanyu.types import ActivityEntry

GONE = "这一条刚被他人改过，请刷新后再试"


class PressLog:
    """Coverage and activities of every year; nothing is ever deleted."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def add(
        self,
        entries: Sequence[tuple[str, ActivityEntry]],
        actor: str,
        now: datetime,
        conference_id: int | None = None,
        batch_id: int | None = None,
    ) -> list[int]:
        """The (token, entry) pairs that are not in the log yet; returns the new ids."""
        told = dict(entries)
        with self._database.write() as tx:
            known = _known(tx, told)
            new = [
                {
                    **asdict(one),
                    "token": token,
                    "conference_id": conference_id,
                    "batch_id": batch_id,
                    "struck_why": "",
                    "made_by": actor,
                    "made_at": now,
                    "version": 1,
                }
                for token, one in told.items()
                if token not in known
            ]
            ids = [
                int(tx.execute(insert(records).values(**row).returning(records.c.id)).scalar_one())
                for row in new
            ]
            facts = [
                (found, [row["kind"], row["day"].isoformat(), row["title"]])
                for found, row in zip(ids, new, strict=True)
            ]
            self._trail.record_each(tx, "press.record", "press_record", facts, actor, now)
        return ids

    def change(
        self, one: Activity, token: str, values: Mapping[str, Any], actor: str, now: datetime
    ) -> Activity:
        """What is said of a record put right, as the caller saw it; raises Conflict."""
        with self._database.write() as tx:
            if token != one.token and _known(tx, [token]):
                raise Conflict("台账里已经有相同的一条", record=one.id)
            self._write(tx, one, {**values, "token": token})
            told = {name: [_plain(getattr(one, name)), _plain(value)] for name, value in values.items()}
            self._trail.record(tx, "press.change", "press_record", [one.id], told, actor, now)
            return _one(tx, one.id)

    def strike(self, one: Activity, why: str, actor: str, now: datetime) -> Activity:
        """Out of the figures, with a reason; raises Conflict."""
        with self._database.write() as tx:
            self._write(tx, one, {"struck_at": now, "struck_why": why, "token": f"{one.token}:{one.id}"})
            self._trail.record(tx, "press.strike", "press_record", [one.id], why, actor, now)
            return _one(tx, one.id)

    def note_export(self, year: int, actor: str, now: datetime) -> None:
        """That the figures of a year were taken out, before the bytes leave."""
        with self._database.write() as tx:
            self._trail.record(tx, "press.export", "press_record", [year], year, actor, now)

    def get(self, record_id: int) -> Activity:
        with self._database.read() as tx:
            return _one(tx, record_id)

    def between(self, first: date, last: date) -> list[Activity]:
        """Every record of these days, the newest first, struck ones, too."""
        query = (
            select(records)
            .where(records.c.day.between(first, last))
            .order_by(records.c.day.desc(), records.c.id.desc())
        )
        with self._database.read() as tx:
            return [noun(Activity, row) for row in tx.execute(query).mappings()]

    def of_conference(self, conference_id: int) -> list[Activity]:
        """What was printed of a conference, and the conference itself, by day."""
        query = (
            select(records)
            .where(records.c.conference_id == conference_id)
            .order_by(records.c.day, records.c.id)
        )
        with self._database.read() as tx:
            return [noun(Activity, row) for row in tx.execute(query).mappings()]

    def years(self) -> tuple[int, int] | None:
        """The first and the last year that have records."""
        with self._database.read() as tx:
            row = tx.execute(select(func.min(records.c.day), func.max(records.c.day))).one()
        return None if row[0] is None else (row[0].year, row[1].year)

    def _write(self, tx: Connection, one: Activity, values: Mapping[str, Any]) -> None:
        mine = (records.c.id == one.id, records.c.version == one.version, records.c.struck_at.is_(None))
        anew = {**values, "version": one.version + 1}
        if not tx.execute(update(records).where(*mine).values(**anew)).rowcount:
            raise Conflict(GONE, record=one.id)


def _known(tx: Connection, tokens: Mapping[str, Any] | Sequence[str]) -> set[str]:
    found: set[str] = set()
    for some in chunks(tokens):
        found |= set(tx.scalars(select(records.c.token).where(records.c.token.in_(some))))
    return found


def _one(tx: Connection, record_id: int) -> Activity:
    row = tx.execute(select(records).where(records.c.id == record_id)).mappings().first()
    if row is None:
        raise NotFound("没有这一条", record=record_id)
    return noun(Activity, row)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
