"""The archive of bulletins: a number is reserved, the bulletin issued once, and never changed again."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import Row
from sqlalchemy import Select
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.store import paper_words
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.counters import hold
from huanyu.store.counters import next_number
from huanyu.store.nouns import BulletinHead
from huanyu.store.nouns import Reserved
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.tables import bulletin_seals
from huanyu.store.tables import bulletins
from huanyu.store.tables.leaving import ABOUT
from huanyu.store.tables.leaving import PERIODIC
from huanyu.types import Bulletin
from huanyu.types import StoredBulletin

CONTENT = TypeAdapter(Bulletin)

_HEAD = ("id", "series", "day", "year", "number", "total", "title", "issued_at")


class Bulletins:
    """Numbered bulletins of every series."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def reserve(
        self, series: str, day: date, now: datetime, actor: str = SYSTEM, scope: str = ""
    ) -> Reserved:
        """The numbers of the bulletin of the period that ends on `day`, or of what `scope` names, whatever the day.

        Given out once, the same ones when asked again; the year is that of `day`.
        """
        with self._database.write() as tx:
            hold(tx, f"bulletin:{series}")
            found = _reserved(tx, series, day, scope)
            if found is not None:
                return found
            total = next_number(tx, f"bulletin:{series}")
            number = next_number(tx, f"bulletin:{series}:{day.year}")
            row = {
                "series": series,
                "day": day,
                "scope": scope,
                "year": day.year,
                "number": number,
                "total": total,
            }
            found_id = tx.execute(
                insert(bulletins).values(**row, reserved_at=now).returning(bulletins.c.id)
            ).scalar_one()
            self._trail.record(tx, "bulletin.reserve", "bulletin", [found_id], [number, total], actor, now)
            return Reserved(
                id=found_id,
                number=number,
                total=total,
                issued=False,
                series=series,
                day=day,
                scope=scope,
                at=now,
            )

    def unfinished(self) -> list[Reserved]:
        """Numbers given out whose issue is not out yet, oldest first: a crash came between."""
        query = select(bulletins).where(bulletins.c.issued_at.is_(None)).order_by(bulletins.c.id)
        with self._database.read() as tx:
            return [_as_reserved(row) for row in tx.execute(query)]

    def issue(
        self,
        bulletin_id: int,
        bulletin: Bulletin,
        html: bytes,
        docx: bytes,
        pdf: bytes,
        now: datetime,
        actor: str = SYSTEM,
    ) -> StoredBulletin:
        """File the finished bulletin under its reserved numbers; raises Conflict when it is issued already."""
        content = CONTENT.dump_json(bulletin).decode()
        files = {"html": html, "docx": docx, "pdf": pdf}
        with self._database.write() as tx:
            issued = tx.execute(
                update(bulletins)
                .where(
                    bulletins.c.id == bulletin_id,
                    bulletins.c.issued_at.is_(None),
                    bulletins.c.number == bulletin.number,
                    bulletins.c.total == bulletin.total,
                )
                .values(
                    issued_at=now,
                    title=bulletin.title,
                    audit_head=bulletin.audit_head,
                    content=content,
                    **files,
                )
            )
            if not issued.rowcount:
                raise Conflict("这一期已经印发, 或期号与预留的不符", bulletin=bulletin_id)
            seal = {"digest": paper_words.digest(content, html, docx, pdf)}
            words = paper_words.searchable(bulletin)
            tx.execute(insert(bulletin_seals).values(bulletin_id=bulletin_id, words=words, **seal))
            facts = [content, *(data.hex() for data in files.values())]
            self._trail.record(tx, "bulletin.issue", "bulletin", [bulletin_id], facts, actor, now)
        return StoredBulletin(id=bulletin_id, bulletin=bulletin, **files)

    def get(self, bulletin_id: int) -> StoredBulletin:
        """An issued bulletin; raises NotFound."""
        found = self._first(bulletins.c.id == bulletin_id)
        if found is None:
            raise NotFound("没有这一期简报", bulletin=bulletin_id)
        return found

    def by_day(self, series: str, day: date) -> StoredBulletin | None:
        """The issued bulletin of the period that ended on a day."""
        return self._first(bulletins.c.series == series, bulletins.c.day == day, PERIODIC)

    def has(self, series: str, day: date) -> bool:
        """Whether the bulletin of the period that ended on a day is issued; asked every minute, so nothing is read."""
        mine = (
            bulletins.c.series == series,
            bulletins.c.day == day,
            PERIODIC,
            bulletins.c.issued_at.is_not(None),
        )
        with self._database.read() as tx:
            return tx.execute(select(bulletins.c.id).where(*mine)).first() is not None

    def by_scope(self, series: str, scope: str) -> StoredBulletin | None:
        """The issued bulletin about one thing."""
        return self._first(bulletins.c.series == series, bulletins.c.scope == scope)

    def listing(self, limit: int = 50, series: str | None = None) -> list[BulletinHead]:
        """Issued bulletins without their contents, newest first."""
        query = select(*(bulletins.c[name] for name in _HEAD)).where(bulletins.c.issued_at.is_not(None))
        if series is not None:
            query = query.where(bulletins.c.series == series)
        with self._database.read() as tx:
            rows = tx.execute(query.order_by(bulletins.c.day.desc(), bulletins.c.id.desc()).limit(limit))
            return [noun(BulletinHead, row) for row in rows.mappings()]

    def _first(self, *where: ColumnElement[bool]) -> StoredBulletin | None:
        query: Select[Any] = select(bulletins).where(*where, bulletins.c.issued_at.is_not(None))
        with self._database.read() as tx:
            row = tx.execute(query).first()
        return None if row is None else _stored(row)


def _reserved(tx: Connection, series: str, day: date, scope: str) -> Reserved | None:
    mine = bulletins.c.day == day if not scope else bulletins.c.scope == scope
    of_sort = PERIODIC if not scope else ABOUT
    row = tx.execute(select(bulletins).where(bulletins.c.series == series, mine, of_sort)).first()
    return None if row is None else _as_reserved(row)


def _as_reserved(row: Row[Any]) -> Reserved:
    return Reserved(
        id=row.id,
        number=row.number,
        total=row.total,
        issued=row.issued_at is not None,
        series=row.series,
        day=row.day,
        scope=row.scope,
        at=row.reserved_at,
    )


def _stored(row: Row[Any]) -> StoredBulletin:
    content = CONTENT.validate_json(row.content)
    return StoredBulletin(id=row.id, bulletin=content, html=row.html, docx=row.docx, pdf=row.pdf)
