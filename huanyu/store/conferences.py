"""新闻发布会: plans, their states, what belongs to them, who came; one transaction and one audit row a write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import Table
from sqlalchemy import delete
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from huanyu.clock import local
from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.store.audit import Trail
from huanyu.store.counters import next_number
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.session import insert_new
from huanyu.store.tables import press_attendance as attendance
from huanyu.store.tables import press_conference_answers as answers
from huanyu.store.tables import press_conference_cases as cases
from huanyu.store.tables import press_conferences as conferences
from huanyu.types import Attendance
from huanyu.types import Conference
from huanyu.types import ConferencePlan

GONE = "这场发布会刚被他人改过，请刷新后再试"


class Conferences:
    """Press conferences, numbered by year; a cancelled one keeps its number."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def open(self, plan: ConferencePlan, state: str, actor: str, now: datetime) -> Conference:
        """A new one under the next number of the year it is planned for."""
        with self._database.write() as tx:
            year = local(plan.at).year
            number = f"{year}-{next_number(tx, f'press_conference:{year}'):02}"
            row = {**asdict(plan), "number": number, "state": state, "why": "", "approver": "", "version": 1}
            made = insert(conferences).values(**row, made_by=actor, made_at=now).returning(conferences.c.id)
            found = int(tx.execute(made).scalar_one())
            self._trail.record(tx, "press.conference", "press_conference", [found], _told(plan), actor, now)
            return _one(tx, found)

    def replan(
        self, one: Conference, plan: ConferencePlan, state: str, actor: str, now: datetime
    ) -> Conference:
        """Another plan; who approved the former one approved this one not. Raises Conflict."""
        values = {**asdict(plan), "state": state, "approver": "", "approved_at": None, "made_by": actor}
        return self._write(one, "press.conference", values, _told(plan), actor, now)

    def move(
        self, one: Conference, state: str, values: Mapping[str, Any], actor: str, now: datetime
    ) -> Conference:
        """Into another state; raises Conflict."""
        told = [one.state, state, values.get("why", "")]
        return self._write(one, "press.move", {**values, "state": state}, told, actor, now)

    def add_case(self, one: Conference, case_id: int, actor: str, now: datetime) -> None:
        self._tie(cases, one, "case_id", case_id, actor, now)

    def add_answer(self, one: Conference, answer_id: int, actor: str, now: datetime) -> None:
        self._tie(answers, one, "answer_id", answer_id, actor, now)

    def drop_answer(self, one: Conference, answer_id: int, actor: str, now: datetime) -> None:
        """No longer for this conference; it stays in the library."""
        with self._database.write() as tx:
            mine = (answers.c.conference_id == one.id, answers.c.answer_id == answer_id)
            tx.execute(delete(answers).where(*mine))
            told = ["drop", answer_id]
            self._trail.record(tx, "press.tie", "press_conference", [one.id], told, actor, now)

    def ask(
        self, one: Conference, outlet: str, name: str, contact_id: int | None, actor: str, now: datetime
    ) -> None:
        """Asked to come; the same person of the same outlet once."""
        row = {
            "conference_id": one.id,
            "outlet": outlet,
            "name": name,
            "contact_id": contact_id,
            "came": False,
        }
        with self._database.write() as tx:
            tx.execute(insert_new(tx, attendance).values(**row))
            self._trail.record(tx, "press.ask", "press_conference", [one.id], [outlet, name], actor, now)

    def came(self, one: Conference, ids: frozenset[int], actor: str, now: datetime) -> list[Attendance]:
        """Exactly these came, of those on the list."""
        with self._database.write() as tx:
            tx.execute(
                update(attendance)
                .where(attendance.c.conference_id == one.id)
                .values(came=attendance.c.id.in_(sorted(ids)))
            )
            self._trail.record(tx, "press.came", "press_conference", [one.id], sorted(ids), actor, now)
        return self.attendance(one.id)

    def note_export(self, one: Conference, what: str, actor: str, now: datetime) -> None:
        """That a paper was taken out, before the bytes leave."""
        with self._database.write() as tx:
            self._trail.record(tx, "press.paper", "press_conference", [one.id], what, actor, now)

    def get(self, conference_id: int) -> Conference:
        with self._database.read() as tx:
            return _one(tx, conference_id)

    def all(self, limit: int = 200) -> list[Conference]:
        """The latest first."""
        query = select(conferences).order_by(conferences.c.at.desc(), conferences.c.id.desc()).limit(limit)
        with self._database.read() as tx:
            return [noun(Conference, row) for row in tx.execute(query).mappings()]

    def case_ids(self, conference_id: int) -> list[int]:
        query = select(cases.c.case_id).where(cases.c.conference_id == conference_id).order_by(cases.c.id)
        with self._database.read() as tx:
            return list(tx.scalars(query))

    def attendance(self, conference_id: int) -> list[Attendance]:
        """By outlet and name."""
        query = (
            select(attendance)
            .where(attendance.c.conference_id == conference_id)
            .order_by(attendance.c.outlet, attendance.c.name, attendance.c.id)
        )
        with self._database.read() as tx:
            return [noun(Attendance, row) for row in tx.execute(query).mappings()]

    def _tie(self, table: Table, one: Conference, column: str, value: int, actor: str, now: datetime) -> None:
        with self._database.write() as tx:
            tx.execute(insert_new(tx, table).values(**{"conference_id": one.id, column: value}))
            self._trail.record(tx, "press.tie", "press_conference", [one.id], [column, value], actor, now)

    def _write(
        self, one: Conference, action: str, values: Mapping[str, Any], told: object, actor: str, now: datetime
    ) -> Conference:
        with self._database.write() as tx:
            mine = (conferences.c.id == one.id, conferences.c.version == one.version)
            anew = {**values, "version": one.version + 1}
            if not tx.execute(update(conferences).where(*mine).values(**anew)).rowcount:
                raise Conflict(GONE, conference=one.id)
            self._trail.record(tx, action, "press_conference", [one.id], told, actor, now)
            return _one(tx, one.id)


def _told(plan: ConferencePlan) -> dict[str, Any]:
    return {**asdict(plan), "at": plan.at.isoformat()}


def _one(tx: Connection, conference_id: int) -> Conference:
    row = tx.execute(select(conferences).where(conferences.c.id == conference_id)).mappings().first()
    if row is None:
        raise NotFound("没有这场发布会", conference=conference_id)
    return noun(Conference, row)
