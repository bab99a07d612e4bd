"""The ledger (整改台账): lines put in, told of, moved, signed for and taken off, one transaction each.

Every change is compare-and-set on the version the caller saw; what may follow what is not decided here.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from huanyu.clock import local
from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.store.audit import Trail
from huanyu.store.counters import next_number
from huanyu.store.documents import Filed
from huanyu.store.documents import put_filed
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.tables import documents
from huanyu.store.tables import ledger_draws as draws
from huanyu.store.tables import ledger_lines as lines
from huanyu.store.tables import ledger_papers as papers
from huanyu.store.tables import ledger_signatures as signatures
from huanyu.store.tables import ledger_steps as steps
from huanyu.types import Document
from huanyu.types import Draw
from huanyu.types import LedgerEntry
from huanyu.types import LedgerLine
from huanyu.types import LedgerSignature
from huanyu.types import LedgerStep

GONE = "这一条刚被他人办理过，请刷新后再试"


class Ledger:
    """Lines, their history, signatures, lots and papers."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def enter(self, entry: LedgerEntry, state: str, actor: str, now: datetime) -> LedgerLine:
        """A new line under the next number of the year."""
        year = local(now).year
        with self._database.write() as tx:
            number = f"ZG{year}-{next_number(tx, f'ledger:{year}'):03d}"
            stamps = {"opened_at": now, "moved_at": now, "told_at": now, "opened_by": actor}
            row = insert(lines).values(number=number, state=state, **asdict(entry), **stamps)
            found = int(tx.execute(row.returning(lines.c.id)).scalar_one())
            line = _one(tx, found)
            self._note(tx, line, "entered", "挂账", actor, now, {"due": entry.due.isoformat()})
            return line

    def change(
        self,
        line: LedgerLine,
        action: str,
        note: str,
        actor: str,
        now: datetime,
        values: Mapping[str, Any],
        facts: Mapping[str, Any] | None = None,
        paper: Filed | None = None,
    ) -> LedgerLine:
        """`values` written to the line as the caller saw it, with its paper; a new state stamps the move. Raises Conflict."""
        with self._database.write() as tx:
            _set(tx, line, values, now)
            told = dict(facts or {})
            if paper is not None:
                told["paper"] = paper.serial
                put_paper(tx, line.id, paper, actor, now)
            if values.get("state") == "working":
                _drop(tx, line.id, now)
            after = _one(tx, line.id)
            self._note(tx, after, action, note, actor, now, told)
            return after

    def sign(
        self, line: LedgerLine, office: str, name: str, signed_on: date, actor: str, now: datetime
    ) -> LedgerLine:
        """One office's signature; raises Conflict where that office or that person has signed already."""
        with self._database.write() as tx:
            _set(tx, line, {}, now)
            held = {one.office: one.name for one in _signatures(tx, line.id)}
            if office in held or name in held.values():
                raise Conflict("这个职务或这个人已经签过字", line=line.number)
            row = {"line_id": line.id, "round": line.round, "office": office, "name": name}
            stamp = {"signed_on": signed_on, "recorded_by": actor, "recorded_at": now}
            tx.execute(insert(signatures).values(**row, **stamp))
            after = _one(tx, line.id)
            self._note(
                tx, after, "signed", f"{office}{name}已签字", actor, now, {"on": signed_on.isoformat()}
            )
            return after

    def draw(
        self, pool: Sequence[LedgerLine], lots: Collection[str], seed: str, percent: int, least: int,
        into: tuple[str, str], actor: str, now: datetime,
    ) -> int:  # fmt: skip
        """One 抽查 over the whole pool: those drawn move to `into[0]`, the others to `into[1]`. Raises Conflict."""
        numbers = [one.number for one in pool]
        with self._database.write() as tx:
            row = {"at": now, "actor": actor, "seed": seed, "percent": percent, "least": least}
            kept = insert(draws).values(**row, pool=tuple(numbers), lots=tuple(lots))
            found = int(tx.execute(kept.returning(draws.c.id)).scalar_one())
            for line in pool:
                taken = line.number in lots
                _set(tx, line, {"state": into[0] if taken else into[1]}, now)
                told = f"第{found}次抽查{'抽中' if taken else '未抽中'}"
                self._note(tx, _one(tx, line.id), "drawn", told, actor, now, {"draw": found, "seed": seed})
            return found

    def get(self, line_id: int) -> LedgerLine:
        """One line; raises NotFound."""
        with self._database.read() as tx:
            return _one(tx, line_id)

    def listing(
        self,
        states: Collection[str] = (),
        units: Collection[str] | None = None,
        enterprise: str = "",
        case_id: int | None = None,
    ) -> list[LedgerLine]:
        """Lines, those due first in front; `units`: of these units only."""
        where: list[ColumnElement[bool]] = []
        if states:
            where.append(lines.c.state.in_(sorted(states)))
        if units is not None:
            where.append(lines.c.unit.in_(sorted(units)))
        if enterprise:
            where.append(lines.c.enterprise == enterprise)
        if case_id is not None:
            where.append(lines.c.case_id == case_id)
        query = select(lines).where(*where).order_by(lines.c.due, lines.c.id)
        with self._database.read() as tx:
            return [noun(LedgerLine, row) for row in tx.execute(query).mappings()]

    def steps(self, line_id: int) -> list[LedgerStep]:
        """The history, oldest first."""
        query = select(steps).where(steps.c.line_id == line_id).order_by(steps.c.id)
        with self._database.read() as tx:
            return [noun(LedgerStep, row) for row in tx.execute(query).mappings()]

    def signatures(self, line_id: int) -> list[LedgerSignature]:
        """Those that count now, oldest first."""
        with self._database.read() as tx:
            return _signatures(tx, line_id)

    def draws(self, limit: int = 20) -> list[Draw]:
        """What was drawn, newest first."""
        with self._database.read() as tx:
            query = select(draws).order_by(draws.c.id.desc()).limit(limit)
            return [noun(Draw, row) for row in tx.execute(query).mappings()]

    def papers(self, line_id: int) -> list[Document]:
        """验收报告, 销号表, 挂牌督办通知书 of a line, oldest first."""
        query = select(documents).join(papers, papers.c.document_id == documents.c.id)
        with self._database.read() as tx:
            found = tx.execute(query.where(papers.c.line_id == line_id).order_by(documents.c.id)).mappings()
            return [noun(Document, row) for row in found]

    def lines_of_papers(self, kind: str, year: int) -> dict[int, int]:
        """Of the ledger's papers of a kind and year: document -> line."""
        query = select(papers.c.document_id, papers.c.line_id).join(documents)
        mine = (documents.c.kind == kind, documents.c.year == year)
        with self._database.read() as tx:
            return {int(row.document_id): int(row.line_id) for row in tx.execute(query.where(*mine))}

    def begun_on(self) -> date | None:
        """The day of the first line; None while there is none."""
        with self._database.read() as tx:
            first = tx.scalar(select(func.min(lines.c.opened_at)))
        return None if first is None else local(first).date()

    def note_export(self, ids: Sequence[int], asked: Sequence[str], actor: str, now: datetime) -> None:
        """Leave the line of a file taken out, before it is handed over."""
        with self._database.write() as tx:
            self._trail.record(tx, "ledger.export", "ledger", ids, list(asked), actor, now)

    def _note(
        self,
        tx: Connection,
        line: LedgerLine,
        action: str,
        note: str,
        actor: str,
        now: datetime,
        facts: Mapping[str, Any],
    ) -> None:
        put_step(tx, line, action, note, actor, now, facts)
        self._trail.record(tx, f"ledger.{action}", "ledger", [line.id], [note, dict(facts)], actor, now)


def put_step(
    tx: Connection,
    line: LedgerLine,
    action: str,
    note: str,
    actor: str,
    now: datetime,
    facts: Mapping[str, Any],
) -> None:
    """A line of the history; the audit row is the caller's."""
    row = {"line_id": line.id, "at": now, "actor": actor, "action": action, "state": line.state}
    tx.execute(insert(steps).values(**row, round=line.round, note=note, facts=dict(facts)))


def put_paper(tx: Connection, line_id: int, paper: Filed, actor: str, now: datetime) -> int:
    """Keep a paper of the line under its number; raises Conflict when that is taken."""
    found = put_filed(tx, paper, None, actor, now)
    tx.execute(insert(papers).values(line_id=line_id, document_id=found))
    return found


def _set(tx: Connection, line: LedgerLine, values: Mapping[str, Any], now: datetime) -> None:
    anew: dict[str, Any] = {**values, "version": line.version + 1}
    if "state" in values:
        anew["moved_at"] = now
    mine = (lines.c.id == line.id, lines.c.version == line.version)
    if not tx.execute(update(lines).where(*mine).values(**anew)).rowcount:
        raise Conflict(GONE, line=line.number)


def _drop(tx: Connection, line_id: int, now: datetime) -> None:
    mine = (signatures.c.line_id == line_id, signatures.c.dropped_at.is_(None))
    tx.execute(update(signatures).where(*mine).values(dropped_at=now))


def _signatures(tx: Connection, line_id: int) -> list[LedgerSignature]:
    mine = (signatures.c.line_id == line_id, signatures.c.dropped_at.is_(None))
    query = select(signatures).where(*mine).order_by(signatures.c.id)
    return [noun(LedgerSignature, row) for row in tx.execute(query).mappings()]


def _one(tx: Connection, line_id: int) -> LedgerLine:
    row = tx.execute(select(lines).where(lines.c.id == line_id)).mappings().first()
    if row is None:
        raise NotFound("台账中没有这一条", line=line_id)
    return noun(LedgerLine, row)
