"""The audit trail: a line in every write transaction, sealed in hash-chained batches.

Lines hold ids and keyed digests, never texts, so that erasing personal data leaves the chain whole.
Writers never wait for each other: lines are chained later, by `seal`.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from huanyu.clock import utc
from huanyu.store.keys import Keys
from huanyu.store.nouns import AuditRow
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.session import insert_new
from huanyu.store.tables import audit
from huanyu.store.tables import audit_batches
from huanyu.store.tables import audit_head
from huanyu.store.tables import bulletins

SYSTEM = "系统"
_LINE = insert(audit)
_LAST = select(func.max(audit.c.id))


class Trail:
    """Writes audit lines; handed to every noun of the store."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def record(
        self,
        tx: Connection,
        action: str,
        about: str,
        ids: Sequence[int | str],
        facts: object,
        actor: str,
        now: datetime,
    ) -> None:
        """Add the line of this transaction; `facts` go in as a keyed digest only."""
        tx.execute(_LINE, self._line(action, about, ids, facts, actor, now))

    def record_each(
        self,
        tx: Connection,
        action: str,
        about: str,
        lines: Iterable[tuple[int, object]],
        actor: str,
        now: datetime,
    ) -> None:
        """Add a line for each (id, facts) of a transaction that did the same to many."""
        written = [self._line(action, about, [one], facts, actor, now) for one, facts in lines]
        if written:
            tx.execute(_LINE, written)

    def _line(
        self, action: str, about: str, ids: Sequence[int | str], facts: object, actor: str, now: datetime
    ) -> dict[str, Any]:
        digest = self._keys.digest(facts)
        return {
            "at": now,
            "actor": actor,
            "action": action,
            "noun": about,
            "ids": list(ids),
            "digest": digest,
            "mac": self.mac(now, actor, action, about, ids, digest),
        }

    def mac(
        self, at: datetime, actor: str, action: str, about: str, ids: Sequence[int | str], digest: str
    ) -> str:
        """What makes a changed line show."""
        return self._keys.digest(utc(at).isoformat(), actor, action, about, list(ids), digest)

    def batch(self, previous: str, at: datetime, lines: Iterable[Any]) -> str:
        """Head of the chain after these (id, mac) lines."""
        return self._keys.digest(previous, utc(at).isoformat(), [[line.id, line.mac] for line in lines])

    def head(self, batches: int, head: str) -> str:
        """Signature over the length and the end of the chain."""
        return self._keys.digest("head", batches, head)


class Audit:
    """Seals, verifies and lists the trail."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def seal(self, now: datetime) -> str:
        """Chain the lines written since the last seal; returns the head, "" for an empty trail."""
        with self._database.write() as tx:
            tx.execute(
                insert_new(tx, audit_head).values(id=1, batches=0, head="", mac=self._trail.head(0, ""))
            )
            end = tx.execute(select(audit_head).with_for_update()).one()
            if tx.execute(select(audit.c.id).where(audit.c.batch.is_(None)).limit(1)).first() is None:
                return str(end.head)
            number = end.batches + 1
            tx.execute(
                insert(audit_batches).values(number=number, at=now, rows=0, previous=end.head, head="")
            )
            # One statement takes and returns the lines: one committed meanwhile waits for the next seal.
            taken = tx.execute(
                update(audit)
                .where(audit.c.batch.is_(None))
                .values(batch=number)
                .returning(audit.c.id, audit.c.mac)
            ).all()
            head = self._trail.batch(end.head, now, sorted(taken, key=lambda line: line.id))
            tx.execute(
                update(audit_batches)
                .where(audit_batches.c.number == number)
                .values(rows=len(taken), head=head)
            )
            tx.execute(
                update(audit_head).values(batches=number, head=head, mac=self._trail.head(number, head))
            )
            return head

    def head(self) -> str:
        """Head of the chain, "" before the first seal."""
        with self._database.read() as tx:
            return read_head(tx)

    def verify(self, known_head: str = "") -> list[str]:
        """What is wrong with the trail, in Chinese; empty means whole.

        `known_head` is a head kept elsewhere, e.g. printed in a bulletin: whoever cuts the end off cannot
        take that back. Heads of issued bulletins are looked for as well.
        """
        with self._database.read() as tx:
            problems = self._changed_lines(tx)
            heads, broken = self._broken_batches(tx)
            return [*problems, *broken, *self._cut_end(tx, heads), *_lost_heads(tx, heads, known_head)]

    def last(self) -> int:
        """The number of the newest line: as long as it stands, nothing new was written."""
        with self._database.read() as tx:
            return int(tx.scalar(_LAST) or 0)

    def listing(self, limit: int = 100, before: int | None = None) -> list[AuditRow]:
        """The latest lines, newest first; `before` is the last id of the page above."""
        query = select(audit).order_by(audit.c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(audit.c.id < before)
        with self._database.read() as tx:
            return [noun(AuditRow, row, ids=tuple(row["ids"])) for row in tx.execute(query).mappings()]

    def _changed_lines(self, tx: Connection) -> list[str]:
        problems = []
        for row in tx.execute(select(audit).order_by(audit.c.id)).yield_per(1000):
            mac = self._trail.mac(row.at, row.actor, row.action, row.noun, row.ids, row.digest)
            if mac != row.mac:
                problems.append(f"审计第 {row.id} 行被改动")
        return problems

    def _broken_batches(self, tx: Connection) -> tuple[list[str], list[str]]:
        """Heads of all batches in order, and what is wrong with them."""
        heads: list[str] = []
        problems = []
        previous, expected = "", 1
        for batch in tx.execute(select(audit_batches).order_by(audit_batches.c.number)).all():
            if batch.number != expected or batch.previous != previous:
                problems.append(f"审计第 {expected} 批缺失或次序被改动")
            lines = tx.execute(
                select(audit.c.id, audit.c.mac).where(audit.c.batch == batch.number).order_by(audit.c.id)
            ).all()
            if len(lines) != batch.rows:
                problems.append(f"审计第 {batch.number} 批应有 {batch.rows} 行, 现有 {len(lines)} 行")
            if self._trail.batch(batch.previous, batch.at, lines) != batch.head:
                problems.append(f"审计第 {batch.number} 批与封存时不符")
            heads.append(batch.head)
            previous, expected = batch.head, batch.number + 1
        return heads, problems

    def _cut_end(self, tx: Connection, heads: list[str]) -> list[str]:
        end = tx.execute(select(audit_head)).first()
        if end is None:
            return ["审计链尾记录缺失"] if heads else []
        if end.mac != self._trail.head(end.batches, end.head):
            return ["审计链尾记录被改动"]
        if end.batches != len(heads) or end.head != (heads[-1] if heads else ""):
            return [f"审计链应有 {end.batches} 批, 现有 {len(heads)} 批"]
        return []


def read_head(tx: Connection) -> str:
    """Head of the chain inside a transaction."""
    return str(tx.scalar(select(audit_head.c.head)) or "")


def _lost_heads(tx: Connection, heads: list[str], known_head: str) -> list[str]:
    known = set(heads)
    problems = (
        [f"审计链中找不到已知的链头 {known_head[:12]}…"] if known_head and known_head not in known else []
    )
    printed = select(bulletins.c.series, bulletins.c.day, bulletins.c.audit_head).where(
        bulletins.c.audit_head != ""
    )
    problems += [
        f"审计链中找不到 {row.day} 简报 ({row.series}) 所印的链头 {row.audit_head[:12]}…"
        for row in tx.execute(printed)
        if row.audit_head not in known
    ]
    return problems
