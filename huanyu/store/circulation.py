"""What people add to an issued bulletin: signature, withdrawal, numbered corrections, deliveries, who opened it.

The bulletin itself is never touched. Each delivery and the message that carries it are written together.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import insert
from sqlalchemy import select

from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.store.archive import delivered
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.outgoing import put
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.session import insert_new
from huanyu.store.tables import bulletin_corrections
from huanyu.store.tables import bulletin_marks
from huanyu.store.tables import bulletin_opens
from huanyu.store.tables import bulletins
from huanyu.store.tables import deliveries
from huanyu.types import Addressee
from huanyu.types import Delivery
from huanyu.types import Draft
from huanyu.types import MessageState
from huanyu.types import PaperCorrection
from huanyu.types.circulation import CORRECTION
from huanyu.types.circulation import SIGNED
from huanyu.types.circulation import WITHDRAWN
from huanyu.types.circulation import correction_scope

#: Who gets it, and the message that brings it; None where nothing is sent.
Parcel = tuple[Addressee, Draft | None]
TWICE = {SIGNED: "这一期已经签发", WITHDRAWN: "这一期已经撤回"}


class Circulation:
    """From signature to read receipt."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def sign(self, bulletin_id: int, parcels: Sequence[Parcel], actor: str, now: datetime) -> int:
        """签发并印发: the signature and every delivery, all or nothing; returns how many deliveries are new.

        Raises Conflict for one that is signed or withdrawn already.
        """
        with self._database.write() as tx:
            _demand(tx, bulletin_id)
            if _marked(tx, bulletin_id, WITHDRAWN):
                raise Conflict("这一期已经撤回, 不能再签发", bulletin=bulletin_id)
            self._mark(tx, bulletin_id, SIGNED, "", actor, now)
            return self._deliver(tx, bulletin_id, 0, parcels, actor, now)

    def withdraw(
        self, bulletin_id: int, reason: str, parcels: Sequence[Parcel], actor: str, now: datetime
    ) -> None:
        """撤回: the issue stays where it is, marked, its number is never used again; raises Conflict."""
        with self._database.write() as tx:
            _demand(tx, bulletin_id)
            self._mark(tx, bulletin_id, WITHDRAWN, reason, actor, now)
            self._deliver(tx, bulletin_id, -1, parcels, actor, now)

    def correct(self, bulletin_id: int, made: PaperCorrection, parcels: Sequence[Parcel]) -> None:
        """Add the 更正 under its number with its deliveries; raises Conflict when that number is taken."""
        with self._database.write() as tx:
            _demand(tx, bulletin_id)
            row = _row(made) | {"bulletin_id": bulletin_id}
            table = bulletin_corrections
            found = tx.execute(insert_new(tx, table).values(**row).returning(table.c.id)).scalar()
            if found is None:
                raise Conflict("刚有人发过一份更正, 请刷新后再试", bulletin=bulletin_id)
            facts = [made.figure, made.printed, made.correct, made.why]
            self._trail.record(tx, "bulletin.correct", "bulletin", [bulletin_id], facts, made.actor, made.at)
            self._deliver(tx, bulletin_id, made.number, parcels, made.actor, made.at)

    def unprinted(self) -> list[tuple[int, PaperCorrection]]:
        """Corrections without a signed paper of their own, with the bulletin each is of, oldest first."""
        signed = (
            select(bulletins.c.scope)
            .join(bulletin_marks, bulletin_marks.c.bulletin_id == bulletins.c.id)
            .where(bulletins.c.series == CORRECTION, bulletin_marks.c.kind == SIGNED)
        )
        made = select(bulletin_corrections).order_by(bulletin_corrections.c.id)
        with self._database.read() as tx:
            printed = set(tx.execute(signed).scalars())
            return [
                (row["bulletin_id"], noun(PaperCorrection, row))
                for row in tx.execute(made).mappings()
                if correction_scope(row["bulletin_id"], row["number"]) not in printed
            ]

    def deliver(self, bulletin_id: int, parcels: Sequence[Parcel], now: datetime, actor: str = SYSTEM) -> int:
        """Send the bulletin to those who have not got it yet; returns how many deliveries are new."""
        with self._database.write() as tx:
            _demand(tx, bulletin_id)
            return self._deliver(tx, bulletin_id, 0, parcels, actor, now)

    def unserved(self, recipient: str, series: Sequence[str], since: datetime) -> list[int]:
        """Bulletins of these series (all, where none is named) issued since then that this recipient has not got.

        Withdrawn ones are left out, and 更正: whoever has the corrected issue was sent them. Oldest first.
        """
        has = select(deliveries.c.bulletin_id).where(
            deliveries.c.correction == 0, deliveries.c.recipient == recipient
        )
        gone = select(bulletin_marks.c.bulletin_id).where(bulletin_marks.c.kind == WITHDRAWN)
        query = (
            select(bulletins.c.id)
            .where(bulletins.c.issued_at >= since, bulletins.c.series != CORRECTION)
            .where(bulletins.c.id.not_in(has), bulletins.c.id.not_in(gone))
            .order_by(bulletins.c.id)
        )
        if series:
            query = query.where(bulletins.c.series.in_(series))
        with self._database.read() as tx:
            return list(tx.execute(query).scalars())

    def of_message(self, message_id: int) -> Delivery:
        """The delivery a message of the outbox carries; raises NotFound."""
        with self._database.read() as tx:
            found = delivered(tx, deliveries.c.message_id == message_id)
        if not found:
            raise NotFound("这条消息没有对应的简报", message=message_id)
        return found[0]

    def open(self, bulletin_id: int, reader: str, now: datetime) -> None:
        """Write down somebody's first look; later ones change nothing."""
        with self._database.read() as tx:
            known = select(bulletin_opens.c.id).where(
                bulletin_opens.c.bulletin_id == bulletin_id, bulletin_opens.c.reader == reader
            )
            if tx.execute(known).first() is not None:
                return
        with self._database.write() as tx:
            row = insert_new(tx, bulletin_opens).values(bulletin_id=bulletin_id, reader=reader, at=now)
            if tx.execute(row.returning(bulletin_opens.c.id)).scalar() is not None:
                self._trail.record(tx, "bulletin.open", "bulletin", [bulletin_id], None, reader, now)

    def _mark(
        self, tx: Connection, bulletin_id: int, kind: str, note: str, actor: str, now: datetime
    ) -> None:
        row = {"bulletin_id": bulletin_id, "kind": kind, "at": now, "actor": actor, "note": note}
        added = insert_new(tx, bulletin_marks).values(**row).returning(bulletin_marks.c.id)
        if tx.execute(added).scalar() is None:
            raise Conflict(TWICE[kind], bulletin=bulletin_id)
        self._trail.record(tx, f"bulletin.{kind}", "bulletin", [bulletin_id], note, actor, now)

    def _deliver(
        self,
        tx: Connection,
        bulletin_id: int,
        correction: int,
        parcels: Sequence[Parcel],
        actor: str,
        now: datetime,
    ) -> int:
        ids = [
            found
            for one, draft in parcels
            if (found := _parcel(tx, bulletin_id, correction, one, draft, actor, now)) is not None
        ]
        if ids:
            facts = [[one.key, one.channel, one.address, one.form] for one, _ in parcels]
            self._trail.record(tx, "bulletin.deliver", "delivery", ids, facts, actor, now)
        return len(ids)


def _row(made: PaperCorrection) -> dict[str, object]:
    """The columns of a correction."""
    names = ("number", "at", "actor", "figure", "label", "unit", "printed", "correct", "why")
    return {name: getattr(made, name) for name in names}


def _demand(tx: Connection, bulletin_id: int) -> None:
    known = select(bulletins.c.id).where(bulletins.c.id == bulletin_id, bulletins.c.issued_at.is_not(None))
    if tx.execute(known).first() is None:
        raise NotFound("没有这一期简报", bulletin=bulletin_id)


def _marked(tx: Connection, bulletin_id: int, kind: str) -> bool:
    table = bulletin_marks
    query = select(table.c.id).where(table.c.bulletin_id == bulletin_id, table.c.kind == kind)
    return tx.execute(query).first() is not None


def _parcel(
    tx: Connection,
    bulletin_id: int,
    correction: int,
    one: Addressee,
    draft: Draft | None,
    actor: str,
    now: datetime,
) -> int | None:
    """One delivery with its message; None when this recipient has got it already."""
    where = (
        deliveries.c.bulletin_id == bulletin_id,
        deliveries.c.correction == correction,
        deliveries.c.recipient == one.key,
    )
    if tx.execute(select(deliveries.c.id).where(*where)).first() is not None:
        return None
    key = f"bulletin:{bulletin_id}:{correction}:{one.key}"
    message = None if draft is None else put(tx, draft, key, MessageState.APPROVED, actor, now)
    row = {
        "bulletin_id": bulletin_id,
        "correction": correction,
        "recipient": one.key,
        "name": one.name,
        "channel": one.channel,
        "address": one.address,
        "form": one.form,
        "at": now,
        "message_id": message,
    }
    return int(tx.execute(insert(deliveries).values(**row).returning(deliveries.c.id)).scalar_one())
