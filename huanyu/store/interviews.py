"""约谈 and 问责: the registers; one transaction and one audit row a write. A ranking or a line of the ledger may stand behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.store.audit import Trail
from huanyu.store.documents import Filed
from huanyu.store.documents import put_filed
from huanyu.store.rankings import GONE
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.tables import interviews
from huanyu.store.tables import sanctions
from huanyu.types import Interview
from huanyu.types import InterviewEntry
from huanyu.types import Sanction
from huanyu.types import SanctionEntry


class Interviews:
    """Who was asked to come, who came, and who was held to account."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def propose(self, entry: InterviewEntry, actor: str, now: datetime) -> Interview:
        """A 约谈 that waits for a leader's signature."""
        row = {**asdict(entry), "state": "proposed", "serial": "", "came": 0, "minutes": "", "why": ""}
        more = {"signed_by": "", "made_by": actor, "made_at": now, "version": 1}
        with self._database.write() as tx:
            made = insert(interviews).values(**row, **more).returning(interviews.c.id)
            found = int(tx.execute(made).scalar_one())
            told = [entry.subject, entry.people, entry.ranking_id, entry.line_id]
            self._trail.record(tx, "interview.propose", "interview", [found], told, actor, now)
            return _one(tx, found)

    def issue(self, seen: Interview, paper: Filed, actor: str, now: datetime) -> Interview:
        """The 约谈通知书 under its number, in the same write; raises Conflict."""
        with self._database.write() as tx:
            document = put_filed(tx, paper, None, actor, now)
            anew = {"state": "issued", "serial": paper.serial, "document_id": document}
            _change(tx, seen, "proposed", anew | {"signed_by": actor, "issued_at": now})
            told = [paper.serial, seen.subject]
            self._trail.record(tx, "interview.issue", "interview", [seen.id], told, actor, now)
            return _one(tx, seen.id)

    def hold(
        self, seen: Interview, held_on: date, came: int, minutes: str, actor: str, now: datetime
    ) -> Interview:
        """It took place; raises Conflict."""
        with self._database.write() as tx:
            _change(
                tx, seen, "issued", {"state": "held", "held_on": held_on, "came": came, "minutes": minutes}
            )
            told = [seen.serial, held_on.isoformat(), came]
            self._trail.record(tx, "interview.hold", "interview", [seen.id], told, actor, now)
            return _one(tx, seen.id)

    def cancel(self, seen: Interview, why: str, actor: str, now: datetime) -> Interview:
        """It does not take place; a number stays used. Raises Conflict."""
        with self._database.write() as tx:
            _change(tx, seen, seen.state, {"state": "cancelled", "why": why})
            told = [seen.serial, seen.subject, why]
            self._trail.record(tx, "interview.cancel", "interview", [seen.id], told, actor, now)
            return _one(tx, seen.id)

    def get(self, interview_id: int) -> Interview:
        """Raises NotFound."""
        with self._database.read() as tx:
            return _one(tx, interview_id)

    def listing(self) -> list[Interview]:
        """All of them, the latest first."""
        with self._database.read() as tx:
            rows = tx.execute(select(interviews).order_by(interviews.c.id.desc())).mappings()
            return [noun(Interview, row) for row in rows]

    def add_sanction(self, entry: SanctionEntry, actor: str, now: datetime) -> Sanction:
        """A 问责 as it was decided elsewhere."""
        row = {**asdict(entry), "struck": "", "made_by": actor, "made_at": now}
        with self._database.write() as tx:
            found = int(tx.execute(insert(sanctions).values(**row).returning(sanctions.c.id)).scalar_one())
            told = [entry.subject, entry.measure, entry.people]
            self._trail.record(tx, "sanction.add", "sanction", [found], told, actor, now)
            return _sanction(tx, found)

    def strike(self, sanction_id: int, why: str, actor: str, now: datetime) -> Sanction:
        """One that was wrong counts no longer; raises Conflict where it was struck out before."""
        with self._database.write() as tx:
            mine = (sanctions.c.id == sanction_id, sanctions.c.struck == "")
            if not tx.execute(update(sanctions).where(*mine).values(struck=why)).rowcount:
                _sanction(tx, sanction_id)
                raise Conflict("这一条已经撤销", sanction=sanction_id)
            self._trail.record(tx, "sanction.strike", "sanction", [sanction_id], [why], actor, now)
            return _sanction(tx, sanction_id)

    def sanctions(self) -> list[Sanction]:
        """All of them, the latest first, those struck out too."""
        query = select(sanctions).order_by(sanctions.c.decided_on.desc(), sanctions.c.id.desc())
        with self._database.read() as tx:
            return [noun(Sanction, row) for row in tx.execute(query).mappings()]


def _change(tx: Connection, seen: Interview, state: str, values: Mapping[str, Any]) -> None:
    mine = (interviews.c.id == seen.id, interviews.c.version == seen.version, interviews.c.state == state)
    if not tx.execute(update(interviews).where(*mine).values(**values, version=seen.version + 1)).rowcount:
        raise Conflict(GONE, interview=seen.id)


def _one(tx: Connection, interview_id: int) -> Interview:
    row = tx.execute(select(interviews).where(interviews.c.id == interview_id)).mappings().first()
    if row is None:
        raise NotFound("没有这次约谈", interview=interview_id)
    return noun(Interview, row)


def _sanction(tx: Connection, sanction_id: int) -> Sanction:
    row = tx.execute(select(sanctions).where(sanctions.c.id == sanction_id)).mappings().first()
    if row is None:
        raise NotFound("没有这条问责", sanction=sanction_id)
    return noun(Sanction, row)
