"""The register of 更正 and 撤回: a running number a year without gaps, written together with the messages that bear it.

What the messages say is decided by publisher.correction.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import Row
from sqlalchemy import and_
from sqlalchemy import false
from sqlalchemy import insert
from sqlalchemy import or_
from sqlalchemy import select

from huanyu.clock import local
from huanyu.errors import Conflict
from huanyu.errors import IllegalMove
from huanyu.errors import NotFound
from huanyu.store.audit import Trail
from huanyu.store.beside import of_visible
from huanyu.store.casework import note_event
from huanyu.store.counters import next_number
from huanyu.store.outgoing import WAITING
from huanyu.store.outgoing import label
from huanyu.store.outgoing import put
from huanyu.store.outgoing import stop
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.tables import cases
from huanyu.store.tables import outbox
from huanyu.store.tables import public_corrections
from huanyu.types import Draft
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import PublicCorrection
from huanyu.types import Seer

S = MessageState
CORRECTION, WITHDRAWAL = "correction", "withdrawal"
LABEL = {CORRECTION: "更正", WITHDRAWAL: "撤回"}
#: States in which nothing more becomes of a message.
OVER = (S.SENT, S.CANCELLED)
Compose = Callable[[Sequence[Message], str], Sequence[Draft]]


class Corrections:
    """Numbers, and the messages under each."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def standing(self, message_id: int, kind: str) -> list[Message]:
        """Every message that says today what this one said, on all accounts: what a 更正 or 撤回 would go to."""
        with self._database.read() as tx:
            return _standing(tx, message_id, kind)

    def open(
        self, entry: PublicCorrection, form: str, compose: Compose, now: datetime
    ) -> tuple[PublicCorrection, list[int]]:
        """Take the next number of the year and put its messages up for review, all or nothing.

        `entry` says what is to be put right, its number is filled in; `compose` makes the drafts of what stands.
        Raises IllegalMove where nothing stands, Conflict where another 更正 of it is still on its way.
        """
        with self._database.write() as tx:
            year = local(now).year
            number = next_number(tx, f"correction:{year}")  # first: holds off a second one of the same text
            originals = _standing(tx, entry.about, entry.kind)
            _demand_free(tx, originals)
            serial = form.format(year=year, number=number)
            stopped = _stop_the_rest(tx, entry, serial, now)
            values = _row(entry) | {"serial": serial, "year": year, "number": number}
            made = insert(public_corrections).values(**values).returning(public_corrections.c.id)
            found = replace(entry, id=tx.execute(made).scalar_one(), serial=serial, year=year, number=number)
            ids = [
                _put(
                    tx, draft, f"correction:{year}-{number}:{draft.account}:{place}", number, entry.actor, now
                )
                for place, draft in enumerate(compose(originals, serial), start=1)
            ]
            _tell(tx, entry, serial, now)
            facts = [serial, entry.wrong, entry.right, entry.reason]
            affected = [*ids, *stopped]
            self._trail.record(tx, f"correction.{entry.kind}", "message", affected, facts, entry.actor, now)
            return found, ids

    def register(
        self, year: int | None = None, limit: int = 200, seer: Seer | None = None
    ) -> list[PublicCorrection]:
        """The entries `seer` may see, latest first; those whose messages were all dropped too."""
        where = of_visible(seer, public_corrections.c.case_id)
        if year is not None:
            where.append(public_corrections.c.year == year)
        return self._where(*where, limit=limit)

    def of_case(self, case_id: int) -> list[PublicCorrection]:
        return self._where(public_corrections.c.case_id == case_id)

    def by_serial(self, serial: str) -> PublicCorrection:
        """One entry; raises NotFound."""
        found = self._where(public_corrections.c.serial == serial)
        if not found:
            raise NotFound("没有这个编号的更正", serial=serial)
        return found[0]

    def messages(self, serials: Sequence[str]) -> dict[str, list[Message]]:
        """The messages under each number."""
        query = select(outbox).where(outbox.c.serial.in_(list(serials))).order_by(outbox.c.id)
        found: dict[str, list[Message]] = {serial: [] for serial in serials}
        with self._database.read() as tx:
            for row in tx.execute(query).mappings():
                found[row["serial"]].append(noun(Message, row))
        return found

    def about(self, message_id: int) -> list[Message]:
        """The 更正 and 撤回 of one message, oldest first."""
        query = select(outbox).where(outbox.c.about == message_id).order_by(outbox.c.id)
        with self._database.read() as tx:
            return [noun(Message, row) for row in tx.execute(query).mappings()]

    def _where(self, *where: ColumnElement[bool], limit: int | None = None) -> list[PublicCorrection]:
        order = (public_corrections.c.year.desc(), public_corrections.c.number.desc())
        query = select(public_corrections).where(*where).order_by(*order).limit(limit)
        with self._database.read() as tx:
            return [noun(PublicCorrection, row) for row in tx.execute(query).mappings()]


def _standing(tx: Connection, message_id: int, kind: str) -> list[Message]:
    row = tx.execute(select(outbox).where(outbox.c.id == message_id)).first()
    if row is None:
        raise NotFound("没有这条消息", message=message_id)
    first = _first(tx, row)
    originals = tx.execute(
        select(outbox).where(_same_text(first), outbox.c.about.is_(None), outbox.c.state == S.SENT)
    ).all()
    found = [one for original in originals for one in _heads(tx, original, kind)]
    if not found:
        raise IllegalMove("这条内容没有发布，或已经撤回，无从更正、撤回", message=row.key)
    site_first = sorted(found, key=lambda one: (one.channel != "site", one.id))
    return [noun(Message, one._mapping) for one in site_first]


def _stop_the_rest(tx: Connection, entry: PublicCorrection, serial: str, now: datetime) -> list[int]:
    """What says the same and has not left yet does not leave: taken back with the rest, or put right before.

    One whose fate nobody knows cannot be stopped; the case's history tells that it has to be seen to.
    """
    row = tx.execute(select(outbox).where(outbox.c.id == entry.about)).one()
    same = (_same_text(_first(tx, row)), outbox.c.about.is_(None))
    wrong = outbox.c.text.contains(entry.wrong, autoescape=True)
    mine = same if entry.kind == WITHDRAWAL else (*same, wrong)
    # Locked first: what a worker claims meanwhile is then seen as sending.
    held = select(outbox).where(*mine, outbox.c.state.in_((*WAITING, S.HANDED))).with_for_update()
    waiting, verb = tx.execute(held).all(), LABEL[entry.kind]
    for one in waiting:
        stop(tx, one, entry.kind == WITHDRAWAL, f"{serial}：同一内容已发出的部分正在{verb}", now)
    doubtful = select(outbox).where(*mine, outbox.c.state.in_((S.SENDING, S.UNKNOWN)))
    for one in tx.execute(doubtful).all():
        _note(tx, entry, f"{label(one.channel)}的同一内容结果不明，核实为已发出的，须另行{verb}", now)
    return [one.id for one in waiting]


def _first(tx: Connection, row: Row[tuple[object, ...]]) -> Row[tuple[object, ...]]:
    while row.about is not None:
        row = tx.execute(select(outbox).where(outbox.c.id == row.about)).one()
    return row


def _same_text(first: Row[tuple[object, ...]]) -> ColumnElement[bool]:
    """Which messages say the same on other accounts: one round of a case, one answer on the way, one press item."""
    if first.case_id is not None:
        same = outbox.c.round == first.round if first.round else outbox.c.created_at == first.created_at
        of_case = and_(outbox.c.case_id == first.case_id, same)
        return and_(of_case, outbox.c.purpose == first.purpose, outbox.c.stage == first.stage)
    # press:TURN:ACCOUNT, occasion:DAY:YEAR:ACCOUNT; a mail to the press ends in its contact.
    item, found, rest = first.key.rpartition(f":{first.account}")
    has_others = found and (not rest or rest.startswith(":"))
    others = outbox.c.key.startswith(f"{item}:", autoescape=True) if has_others else false()
    return or_(outbox.c.id == first.id, others)


def _heads(tx: Connection, original: Row[tuple[object, ...]], kind: str) -> list[Row[tuple[object, ...]]]:
    """What stands of one message: itself or the 更正 in its place; for a 撤回 also the notices beside it."""
    later = tx.execute(
        select(outbox).where(outbox.c.about == original.id, outbox.c.state == S.SENT).order_by(outbox.c.id)
    ).all()
    if any(one.stage == WITHDRAWAL for one in later):
        return []
    in_place = [one for one in later if one.platform_id and one.platform_id == original.platform_id]
    beside = [one for one in later if one not in in_place] if kind == WITHDRAWAL else []
    here = _heads(tx, in_place[-1], kind) if in_place else [original]
    return [*here, *(head for one in beside for head in _heads(tx, one, kind))]


def _demand_free(tx: Connection, originals: Sequence[Message]) -> None:
    ids = [one.id for one in originals]
    busy = select(outbox.c.serial).where(outbox.c.about.in_(ids), outbox.c.state.not_in(OVER))
    found = tx.execute(busy.limit(1)).scalar()
    if found is not None:
        raise Conflict(f"{found}还没有办完，请先发布或作废后再另行更正")


def _put(tx: Connection, draft: Draft, key: str, number: int, author: str, now: datetime) -> int:
    # A round of its own below zero: `after` means this 更正's page, and no case takes it for its answer.
    found = put(tx, draft, key, S.DRAFT, author, now, turn=-number)
    if found is None:
        raise Conflict("刚有人取了这个更正编号, 请再试一次", key=key)
    return found


def _row(entry: PublicCorrection) -> dict[str, object]:
    names = ("kind", "about", "case_id", "wrong", "right", "reason", "actor", "at")
    return {name: getattr(entry, name) for name in names}


def _tell(tx: Connection, entry: PublicCorrection, serial: str, now: datetime) -> None:
    _note(tx, entry, f"拟{LABEL[entry.kind]}（{serial}）：{entry.reason}", now)


def _note(tx: Connection, entry: PublicCorrection, note: str, now: datetime) -> None:
    if entry.case_id is None:
        return
    state = tx.execute(select(cases.c.state).where(cases.c.id == entry.case_id)).scalar_one()
    note_event(tx, entry.case_id, state, f"{entry.kind}_drafted", note, entry.actor, now)
