"""How leaders watch lines of the ledger: 挂牌督办 and 包案 with its visits, each with its line in the history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import Conflict
from huanyu.store.audit import Trail
from huanyu.store.documents import Filed
from huanyu.store.ledger import put_paper
from huanyu.store.ledger import put_step
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.tables import ledger_charges as charges
from huanyu.store.tables import ledger_listings as listings
from huanyu.store.tables import ledger_visits as visits
from huanyu.types import Charge
from huanyu.types import LedgerLine
from huanyu.types import Listing


class Oversight:
    """Listings and charges; at most one of each is open for a line, the database sees to it."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def list_line(
        self,
        line: LedgerLine,
        grade: str,
        reason: str,
        from_on: date,
        due: date,
        paper: Filed,
        actor: str,
        now: datetime,
    ) -> None:
        """挂牌督办 under the number of its paper; raises Conflict where it is listed already."""
        with self._database.write() as tx:
            if _open_listing(tx, line.id) is not None:
                raise Conflict("这一条已经挂牌督办", line=line.number)
            kept = put_paper(tx, line.id, paper, actor, now)
            row = {"line_id": line.id, "grade": grade, "reason": reason, "from_on": from_on, "due": due}
            tx.execute(
                insert(listings).values(
                    **row, serial=paper.serial, actor=actor, document_id=kept, ended_why=""
                )
            )
            told = f"{grade}督办（{paper.serial}）：{reason}"
            self._note(tx, line, "listed", told, actor, now, {"due": due.isoformat()})

    def unlist(self, line: LedgerLine, why: str, actor: str, now: datetime) -> None:
        """摘牌; raises Conflict where nothing is listed."""
        with self._database.write() as tx:
            mine = (listings.c.line_id == line.id, listings.c.ended_at.is_(None))
            if not tx.execute(update(listings).where(*mine).values(ended_at=now, ended_why=why)).rowcount:
                raise Conflict("这一条没有挂牌督办", line=line.number)
            self._note(tx, line, "unlisted", f"摘牌：{why}", actor, now, {})

    def take_charge(
        self, line: LedgerLine, leader: str, post: str, from_on: date, actor: str, now: datetime
    ) -> None:
        """包案 by this leader from that day; whoever had it before has it until then."""
        with self._database.write() as tx:
            mine = (charges.c.line_id == line.id, charges.c.until_on.is_(None))
            tx.execute(update(charges).where(*mine).values(until_on=from_on))
            row = {"line_id": line.id, "leader": leader, "post": post, "from_on": from_on, "actor": actor}
            tx.execute(insert(charges).values(**row))
            self._note(tx, line, "charged", f"由{post}{leader}包案", actor, now, {"on": from_on.isoformat()})

    def end_charge(self, line: LedgerLine, day: date, why: str, actor: str, now: datetime) -> None:
        """解除包案; raises Conflict where nobody has it."""
        with self._database.write() as tx:
            mine = (charges.c.line_id == line.id, charges.c.until_on.is_(None))
            if not tx.execute(update(charges).where(*mine).values(until_on=day)).rowcount:
                raise Conflict("这一条没有包案领导", line=line.number)
            self._note(tx, line, "uncharged", f"解除包案：{why}", actor, now, {})

    def visit(self, line: LedgerLine, day: date, note: str, actor: str, now: datetime) -> None:
        """The leader was on the spot; raises Conflict where nobody has the line in charge."""
        with self._database.write() as tx:
            mine = (charges.c.line_id == line.id, charges.c.until_on.is_(None))
            charge = tx.scalar(select(charges.c.id).where(*mine))
            if charge is None:
                raise Conflict("这一条没有包案领导", line=line.number)
            row = {"charge_id": charge, "day": day, "note": note, "actor": actor, "at": now}
            tx.execute(insert(visits).values(**row))
            self._note(tx, line, "visited", f"包案领导到场：{note}", actor, now, {"on": day.isoformat()})

    def listings(self, line_id: int | None = None) -> list[Listing]:
        """Of one line, or every open one; oldest first."""
        where = listings.c.ended_at.is_(None) if line_id is None else listings.c.line_id == line_id
        with self._database.read() as tx:
            query = select(listings).where(where).order_by(listings.c.id)
            return [noun(Listing, row) for row in tx.execute(query).mappings()]

    def charges(self, line_id: int | None = None) -> list[Charge]:
        """Of one line, or every open one; oldest first, each with its visits."""
        where = charges.c.until_on.is_(None) if line_id is None else charges.c.line_id == line_id
        with self._database.read() as tx:
            found = tx.execute(select(charges).where(where).order_by(charges.c.id)).mappings().all()
            seen = _visits(tx, [int(row["id"]) for row in found])
            return [noun(Charge, row, visits=tuple(seen.get(int(row["id"]), ()))) for row in found]

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


def _open_listing(tx: Connection, line_id: int) -> int | None:
    mine = (listings.c.line_id == line_id, listings.c.ended_at.is_(None))
    found = tx.scalar(select(listings.c.id).where(*mine))
    return None if found is None else int(found)


def _visits(tx: Connection, ids: list[int]) -> dict[int, list[tuple[date, str]]]:
    query = select(visits).where(visits.c.charge_id.in_(ids)).order_by(visits.c.day, visits.c.id)
    found: dict[int, list[tuple[date, str]]] = {}
    for row in tx.execute(query):
        found.setdefault(int(row.charge_id), []).append((row.day, str(row.note)))
    return found
