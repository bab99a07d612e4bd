"""督察信访件: batches and their letters, each letter tied to its case; one transaction and one audit row a write."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.store.audit import Trail
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.tables import inspection_batches as batches
from huanyu.store.tables import inspection_items as items
from huanyu.types import BatchEntry
from huanyu.types import InspectionBatch
from huanyu.types import InspectionItem
from huanyu.types import ItemEntry

COUNTED = (
    "told_items",
    "told_focus",
)  # by the sheet; a typing slip there must not hold the disclosure up for good
GONE = "这一件刚被他人改过，请刷新后再试"


class Inspections:
    """Batches, in the order they came, and the letters of each."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def open(self, entry: BatchEntry, actor: str, now: datetime) -> InspectionBatch:
        """The batch, kept once; raises Conflict where it is known with another day.

        How many letters its sheet tells of may be put right.
        """
        with self._database.write() as tx:
            known = _batch(tx, *_called(entry))
            if known is not None:
                _demand_same(known, entry)
                self._recount(tx, known, entry, actor, now)
                return _one(tx, known.id)
            row = insert(batches).values(**asdict(entry), made_by=actor, made_at=now)
            found = int(tx.execute(row.returning(batches.c.id)).scalar_one())
            told = [entry.campaign, entry.number, entry.told_items, entry.due.isoformat()]
            self._trail.record(tx, "inspection.open", "inspection", [found], told, actor, now)
            return _one(tx, found)

    def _recount(
        self, tx: Connection, known: InspectionBatch, entry: BatchEntry, actor: str, now: datetime
    ) -> None:
        anew = {
            name: getattr(entry, name) for name in COUNTED if getattr(entry, name) != getattr(known, name)
        }
        if anew:
            tx.execute(update(batches).where(batches.c.id == known.id).values(**anew))
            told = {name: [getattr(known, name), value] for name, value in anew.items()}
            self._trail.record(tx, "inspection.recount", "inspection", [known.id], told, actor, now)

    def add(
        self, batch: InspectionBatch, entry: ItemEntry, case_id: int, actor: str, now: datetime
    ) -> InspectionItem:
        """A letter of the batch and the case it is; raises Conflict where its number is known."""
        with self._database.write() as tx:
            known = _item(tx, items.c.number == entry.number)
            if known is not None:
                raise Conflict(f"受理编号 {entry.number} 已经登记", number=entry.number)
            values = {**asdict(entry), "batch_id": batch.id, "case_id": case_id}
            row = insert(items).values(**values, accountable="", version=1)
            found = int(tx.execute(row.returning(items.c.id)).scalar_one())
            told = [batch.number, entry.number, entry.focus, list(entry.areas)]
            self._trail.record(tx, "inspection.add", "inspection", [batch.id], told, actor, now)
            return _demand(_item(tx, items.c.id == found))

    def change(
        self, item: InspectionItem, values: Mapping[str, Any], reason: str, actor: str, now: datetime
    ) -> InspectionItem:
        """What is said of a letter put right, as the caller saw it; raises Conflict."""
        with self._database.write() as tx:
            mine = (items.c.id == item.id, items.c.version == item.version)
            anew = {**values, "version": item.version + 1}
            if not tx.execute(update(items).where(*mine).values(**anew)).rowcount:
                raise Conflict(GONE, number=item.number)
            told = {name: [_plain(getattr(item, name)), _plain(value)] for name, value in values.items()}
            facts = [item.number, reason, told]
            self._trail.record(tx, "inspection.change", "inspection", [item.batch_id], facts, actor, now)
            return _demand(_item(tx, items.c.id == item.id))

    def get(self, batch_id: int) -> InspectionBatch:
        """One batch; raises NotFound."""
        with self._database.read() as tx:
            return _one(tx, batch_id)

    def item(self, batch_id: int, item_id: int) -> InspectionItem:
        """A letter of that batch; raises NotFound."""
        with self._database.read() as tx:
            return _demand(_item(tx, items.c.id == item_id, items.c.batch_id == batch_id))

    def batches(self) -> list[InspectionBatch]:
        """All of them, the newest first."""
        query = select(batches).order_by(batches.c.received_on.desc(), batches.c.id.desc())
        with self._database.read() as tx:
            return [noun(InspectionBatch, row) for row in tx.execute(query).mappings()]

    def items(self, batch_ids: Sequence[int]) -> list[InspectionItem]:
        """The letters of these batches, in the order of their lists."""
        query = select(items).where(items.c.batch_id.in_(batch_ids))
        with self._database.read() as tx:
            found = tx.execute(query.order_by(items.c.batch_id, items.c.place, items.c.id)).mappings()
            return [noun(InspectionItem, row) for row in found]

    def by_number(self, number: str) -> InspectionItem | None:
        """The letter of that number, whatever its batch."""
        with self._database.read() as tx:
            return _item(tx, items.c.number == number)

    def note_export(self, batch_id: int, form: str, actor: str, now: datetime) -> None:
        """Leave the line of a table taken out, before it is handed over."""
        with self._database.write() as tx:
            self._trail.record(tx, "inspection.export", "inspection", [batch_id], [form], actor, now)


def _called(entry: BatchEntry) -> tuple[ColumnElement[bool], ...]:
    return (
        batches.c.campaign == entry.campaign,
        batches.c.level == entry.level,
        batches.c.number == entry.number,
    )


def _demand_same(known: InspectionBatch, entry: BatchEntry) -> None:
    same = {name: value for name, value in asdict(entry).items() if name not in COUNTED}
    if any(getattr(known, name) != value for name, value in same.items()):
        raise Conflict(
            f"{known.campaign}第{known.number}批已经登记：{known.received_on.isoformat()}收到，"
            f"{known.due.isoformat()}前办结；"
            "补登记请照此填写",
            batch=known.id,
        )


def _batch(tx: Connection, *where: ColumnElement[bool]) -> InspectionBatch | None:
    row = tx.execute(select(batches).where(*where)).mappings().first()
    return None if row is None else noun(InspectionBatch, row)


def _one(tx: Connection, batch_id: int) -> InspectionBatch:
    found = _batch(tx, batches.c.id == batch_id)
    if found is None:
        raise NotFound("没有这一批", batch=batch_id)
    return found


def _item(tx: Connection, *where: ColumnElement[bool]) -> InspectionItem | None:
    row = tx.execute(select(items).where(*where)).mappings().first()
    return None if row is None else noun(InspectionItem, row)


def _demand(found: InspectionItem | None) -> InspectionItem:
    if found is None:
        raise NotFound("这一批没有这一件")
    return found


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
