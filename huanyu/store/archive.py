"""Looking back: issued bulletins by series and year, found by any words they print, and what became of each.

Writes nothing; what is added to a bulletin is huanyu.store.circulation's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import Select
from sqlalchemy import func
from sqlalchemy import select

from huanyu.errors import NotFound
from huanyu.store import paper_words
from huanyu.store.bulletins import CONTENT
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.tables import audit_batches
from huanyu.store.tables import bulletin_corrections
from huanyu.store.tables import bulletin_marks
from huanyu.store.tables import bulletin_opens
from huanyu.store.tables import bulletin_seals
from huanyu.store.tables import bulletins
from huanyu.store.tables import deliveries
from huanyu.store.tables import outbox
from huanyu.types import ArchiveRow
from huanyu.types import Delivery
from huanyu.types import Mark
from huanyu.types import MessageState
from huanyu.types import Opened
from huanyu.types import PaperCorrection
from huanyu.types import Standing
from huanyu.types.circulation import SIGNED
from huanyu.types.circulation import WITHDRAWN

ISSUED = bulletins.c.issued_at.is_not(None)
#: What is on its way, or will not go on by itself.
UNDELIVERED = (MessageState.UNKNOWN, MessageState.REFUSED)


class Archive:
    """Every issued bulletin, the withdrawn ones included."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def listing(
        self, series: str = "", year: int = 0, words: str = "", limit: int = 60, at: int = 0
    ) -> list[ArchiveRow]:
        """Issued bulletins, newest first, `at` of them left out; `words` must all be printed in it."""
        wanted = paper_words.terms(words)
        query = _rows(_where(series, year, wanted)).limit(limit).offset(at)
        with self._database.read() as tx:
            return _archived(tx, query, wanted)

    def shelves(self) -> list[tuple[str, int, int]]:
        """(series, year, issues) of what there is, newest year first."""
        query = (
            select(bulletins.c.series, bulletins.c.year, func.count())
            .where(ISSUED)
            .group_by(bulletins.c.series, bulletins.c.year)
            .order_by(bulletins.c.year.desc(), bulletins.c.series)
        )
        with self._database.read() as tx:
            return [(row[0], int(row[1]), int(row[2])) for row in tx.execute(query)]

    def name_of(self, series: str) -> str:
        """The name its latest issue bears; the series' key where there is none."""
        query = select(bulletins.c.content).where(bulletins.c.series == series, ISSUED)
        with self._database.read() as tx:
            content = tx.scalar(query.order_by(bulletins.c.id.desc()).limit(1))
        return CONTENT.validate_json(content).series_name if content else series

    def standing(self, bulletin_id: int) -> Standing:
        """What was said and done about one issued bulletin, and whether its bytes are whole; raises NotFound."""
        with self._database.read() as tx:
            row = tx.execute(_sealed().where(bulletins.c.id == bulletin_id)).first()
            if row is None:
                raise NotFound("没有这一期简报", bulletin=bulletin_id)
            marks = _marks(tx, bulletin_id)
            return Standing(
                digest=row.digest,
                whole=row.digest == paper_words.digest(row.content, row.html, row.docx, row.pdf),
                chained=_chained(tx, row.audit_head),
                signed=marks.get(SIGNED),
                withdrawn=marks.get(WITHDRAWN),
                corrections=_corrections(tx, bulletin_id),
                deliveries=delivered(tx, deliveries.c.bulletin_id == bulletin_id),
                opened=_opened(tx, bulletin_id),
            )

    def damaged(self) -> list[str]:
        """Issued bulletins whose stored bytes are not what was issued, in Chinese; read one at a time."""
        with self._database.read() as tx:
            ids = tx.execute(select(bulletins.c.id).where(ISSUED).order_by(bulletins.c.id)).scalars().all()
        return [f"序号 {one} 的简报与编发时不符" for one in ids if not self.standing(one).whole]

    def unsigned(self, limit: int = 100) -> list[ArchiveRow]:
        """Issues that are out of the press and neither signed nor withdrawn, newest first."""
        marked = select(bulletin_marks.c.id).where(bulletin_marks.c.bulletin_id == bulletins.c.id)
        with self._database.read() as tx:
            return _archived(tx, _rows([~marked.exists()]).limit(limit), ())

    def delivery(self, delivery_id: int) -> Delivery:
        """One delivery; raises NotFound."""
        with self._database.read() as tx:
            found = delivered(tx, deliveries.c.id == delivery_id)
        if not found:
            raise NotFound("没有这次投送", delivery=delivery_id)
        return found[0]

    def undelivered(self, limit: int = 50) -> list[Delivery]:
        """Deliveries that failed or nobody is sure of, and those that were tried and wait for another try."""
        stuck = outbox.c.state.in_(UNDELIVERED)
        again = (outbox.c.state == MessageState.APPROVED) & (outbox.c.attempts > 0)
        with self._database.read() as tx:
            return list(delivered(tx, stuck | again))[:limit]

    def unread(self, reader: str) -> list[int]:
        """Bulletins this person was given on the console and has not opened yet."""
        seen = select(bulletin_opens.c.bulletin_id).where(bulletin_opens.c.reader == reader)
        query = select(deliveries.c.bulletin_id).where(
            deliveries.c.channel == "console",
            deliveries.c.address == reader,
            deliveries.c.bulletin_id.not_in(seen),
        )
        with self._database.read() as tx:
            return sorted(set(tx.execute(query).scalars()))

    def neighbours(self, bulletin_id: int, limit: int = 400) -> list[ArchiveRow]:
        """Other issues of the same series, newest first: what this one can be compared with."""
        with self._database.read() as tx:
            series = tx.scalar(select(bulletins.c.series).where(bulletins.c.id == bulletin_id, ISSUED))
            others = [bulletins.c.series == series, bulletins.c.id != bulletin_id]
            return _archived(tx, _rows(others).limit(limit), ())


def delivered(tx: Connection, *where: ColumnElement[bool]) -> tuple[Delivery, ...]:
    """Deliveries with what became of their messages, in the order they were made."""
    told = (outbox.c.state, outbox.c.note, outbox.c.attempts, outbox.c.due_at, outbox.c.sent_at)
    query = (
        select(deliveries, *told)
        .select_from(deliveries.join(outbox, outbox.c.id == deliveries.c.message_id, isouter=True))
        .where(*where)
        .order_by(deliveries.c.id)
    )
    return tuple(
        noun(Delivery, row, note=row["note"] or "", attempts=row["attempts"] or 0)
        for row in tx.execute(query).mappings()
    )


def _sealed() -> Select[Any]:
    files = (bulletins.c.audit_head, bulletins.c.content, bulletins.c.html, bulletins.c.docx, bulletins.c.pdf)
    joined = bulletins.join(bulletin_seals, bulletin_seals.c.bulletin_id == bulletins.c.id)
    return select(bulletin_seals.c.digest, *files).select_from(joined).where(ISSUED)


def _chained(tx: Connection, head: str) -> bool:
    known = select(audit_batches.c.number).where(audit_batches.c.head == head)
    return not head or tx.execute(known).first() is not None


def _where(series: str, year: int, wanted: Sequence[str]) -> list[ColumnElement[bool]]:
    found = [bulletin_seals.c.words.contains(word, autoescape=True) for word in wanted]
    if series:
        found.append(bulletins.c.series == series)
    if year:
        found.append(bulletins.c.year == year)
    return found


def _rows(where: Sequence[ColumnElement[bool]]) -> Select[Any]:
    marked = select(bulletin_marks.c.id).where(bulletin_marks.c.bulletin_id == bulletins.c.id)
    put_right = select(func.count()).where(bulletin_corrections.c.bulletin_id == bulletins.c.id)
    heads = ("id", "series", "day", "year", "number", "total", "title", "issued_at")
    return (
        select(
            *(bulletins.c[name] for name in heads),
            marked.where(bulletin_marks.c.kind == SIGNED).exists().label("signed"),
            marked.where(bulletin_marks.c.kind == WITHDRAWN).exists().label("withdrawn"),
            put_right.scalar_subquery().label("corrections"),
        )
        .select_from(bulletins.join(bulletin_seals, bulletin_seals.c.bulletin_id == bulletins.c.id))
        .where(ISSUED, *where)
        .order_by(bulletins.c.day.desc(), bulletins.c.id.desc())
    )


def _archived(tx: Connection, query: Select[Any], wanted: Sequence[str]) -> list[ArchiveRow]:
    """Rows of the archive; a bulletin is read only for its series' name and where words were looked for."""
    names: dict[str, str] = {}
    found = []
    for row in tx.execute(query).mappings().all():
        snippet = ""
        if wanted or row["series"] not in names:
            content = select(bulletins.c.content).where(bulletins.c.id == row["id"])
            made = CONTENT.validate_json(tx.execute(content).scalar_one())
            names[row["series"]] = made.series_name
            snippet = paper_words.snippet(made, wanted)
        found.append(noun(ArchiveRow, row, series_name=names[row["series"]], snippet=snippet))
    return found


def _marks(tx: Connection, bulletin_id: int) -> dict[str, Mark]:
    query = select(bulletin_marks).where(bulletin_marks.c.bulletin_id == bulletin_id)
    return {row["kind"]: noun(Mark, row) for row in tx.execute(query).mappings()}


def _corrections(tx: Connection, bulletin_id: int) -> tuple[PaperCorrection, ...]:
    table = bulletin_corrections
    query = select(table).where(table.c.bulletin_id == bulletin_id).order_by(table.c.number)
    return tuple(noun(PaperCorrection, row) for row in tx.execute(query).mappings())


def _opened(tx: Connection, bulletin_id: int) -> tuple[Opened, ...]:
    table = bulletin_opens
    query = select(table).where(table.c.bulletin_id == bulletin_id).order_by(table.c.id)
    return tuple(noun(Opened, row) for row in tx.execute(query).mappings())
