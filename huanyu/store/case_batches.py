"""典型案例 batches: numbered by year, their cases as they will be told, approved once; one audit row a write."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.store.audit import Trail
from huanyu.store.counters import next_number
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.session import insert_new
from huanyu.store.tables import press_batch_cases as told
from huanyu.store.tables import press_batches as batches
from huanyu.types import BatchCase
from huanyu.types import CaseBatch

GONE = "这一批刚被他人改过或已经批准，请刷新后再试"


class CaseBatches:
    """Batches of typical cases."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def open(self, year: int, title: str, actor: str, now: datetime) -> CaseBatch:
        """An empty one under the next number of the year."""
        with self._database.write() as tx:
            number = next_number(tx, f"press_batch:{year}")
            row = {
                "year": year,
                "number": number,
                "title": title,
                "state": "draft",
                "approver": "",
                "version": 1,
            }
            made = insert(batches).values(**row, made_by=actor, made_at=now).returning(batches.c.id)
            found = int(tx.execute(made).scalar_one())
            self._trail.record(tx, "press.batch", "press_batch", [found], [year, number, title], actor, now)
            return _one(tx, found)

    def put(
        self, one: CaseBatch, case_id: int, words: tuple[str, str, str], actor: str, now: datetime
    ) -> CaseBatch:
        """A case of the batch as (heading, text, decision), new at the end or in other words; raises Conflict."""
        values = dict(zip(("heading", "text", "decision"), words, strict=True))
        with self._database.write() as tx:
            self._step(tx, one, {"made_by": actor})
            last = tx.scalar(select(func.max(told.c.place)).where(told.c.batch_id == one.id)) or 0
            row = {"batch_id": one.id, "case_id": case_id, "place": last + 1}
            tx.execute(insert_new(tx, told).values(**row, **values))
            mine = (told.c.batch_id == one.id, told.c.case_id == case_id)
            tx.execute(update(told).where(*mine).values(**values))
            self._trail.record(tx, "press.batch_case", "press_batch", [one.id], [case_id, *words], actor, now)
            return _one(tx, one.id)

    def drop(self, one: CaseBatch, case_id: int, actor: str, now: datetime) -> CaseBatch:
        """Out of the batch; raises Conflict."""
        with self._database.write() as tx:
            self._step(tx, one, {"made_by": actor})
            tx.execute(delete(told).where(told.c.batch_id == one.id, told.c.case_id == case_id))
            self._trail.record(tx, "press.batch_case", "press_batch", [one.id], [case_id, ""], actor, now)
            return _one(tx, one.id)

    def approve(self, one: CaseBatch, override: str, actor: str, now: datetime) -> CaseBatch:
        """As it stands; nothing in it changes any more. `override`: why, against a finding. Raises Conflict."""
        values = {"state": "approved", "approver": actor, "approved_at": now, "override": override}
        with self._database.write() as tx:
            self._step(tx, one, values)
            told = [one.number, override]
            self._trail.record(tx, "press.approve_batch", "press_batch", [one.id], told, actor, now)
            return _one(tx, one.id)

    def get(self, batch_id: int) -> CaseBatch:
        with self._database.read() as tx:
            return _one(tx, batch_id)

    def all(self) -> list[CaseBatch]:
        """The latest first."""
        query = select(batches).order_by(batches.c.year.desc(), batches.c.number.desc())
        with self._database.read() as tx:
            return [noun(CaseBatch, row) for row in tx.execute(query).mappings()]

    def cases(self, batch_id: int) -> list[BatchCase]:
        """In their order."""
        query = select(told).where(told.c.batch_id == batch_id).order_by(told.c.place, told.c.id)
        with self._database.read() as tx:
            return [noun(BatchCase, row) for row in tx.execute(query).mappings()]

    def _step(self, tx: Connection, one: CaseBatch, values: dict[str, object]) -> None:
        mine = (batches.c.id == one.id, batches.c.version == one.version, batches.c.state == "draft")
        anew = {**values, "version": one.version + 1}
        if not tx.execute(update(batches).where(*mine).values(**anew)).rowcount:
            raise Conflict(GONE, batch=one.id)


def _one(tx: Connection, batch_id: int) -> CaseBatch:
    row = tx.execute(select(batches).where(batches.c.id == batch_id)).mappings().first()
    if row is None:
        raise NotFound("没有这一批典型案例", batch=batch_id)
    return noun(CaseBatch, row)
