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
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.counters import hold
from huanyu.store.counters import next_number
from huanyu.store.nouns import BulletinHead
from huanyu.store.nouns import Reserved
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.tables import bulletins
from huanyu.types import Bulletin
from huanyu.types import StoredBulletin

CONTENT = TypeAdapter(Bulletin)

_HEAD = ("id", "series", "day", "year", "number", "total", "title", "issued_at")


class Bulletins:
    """Numbered bulletins of every series."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def reserve(self, series: str, day: date, now: datetime, actor: str = SYSTEM) -> Reserved:
        """The numbers of the bulletin of `day`: given out once, the same ones when asked again."""
        with self._database.write() as tx:
            hold(tx, f"bulletin:{series}")
            found = _reserved(tx, series, day)
            if found is not None:
                return found
            total = next_number(tx, f"bulletin:{series}")
            number = next_number(tx, f"bulletin:{series}:{day.year}")
            row = {"series": series, "day": day, "year": day.year, "number": number, "total": total}
            found_id = tx.execute(
                insert(bulletins).values(**row, reserved_at=now).returning(bulletins.c.id)
            ).scalar_one()
            self._trail.record(tx, "bulletin.reserve", "bulletin", [found_id], [number, total], actor, now)
            return Reserved(id=found_id, number=number, total=total, issued=False)

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
        """The issued bulletin of a day."""
        return self._first(bulletins.c.series == series, bulletins.c.day == day)

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


def _reserved(tx: Connection, series: str, day: date) -> Reserved | None:
    row = tx.execute(select(bulletins).where(bulletins.c.series == series, bulletins.c.day == day)).first()
    if row is None:
        return None
    return Reserved(id=row.id, number=row.number, total=row.total, issued=row.issued_at is not None)


def _stored(row: Row[Any]) -> StoredBulletin:
    content = CONTENT.validate_json(row.content)
    return StoredBulletin(id=row.id, bulletin=content, html=row.html, docx=row.docx, pdf=row.pdf)
