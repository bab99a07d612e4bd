"""Hand-overs on their way: which units have not signed, which slips left for them, who was told that none arrived.

Whether a slip has arrived is not decided here; a hand-over itself is given and ended in `assignments`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy import Select
from sqlalchemy import bindparam
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import NotFound
from huanyu.store import assignments as duties
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.beside import visible
from huanyu.store.broken import Kind
from huanyu.store.broken import readable
from huanyu.store.casework import note_event
from huanyu.store.outgoing import put
from huanyu.store.rows import chunks
from huanyu.store.rows import noun
from huanyu.store.rows import nouns
from huanyu.store.session import Database
from huanyu.store.tables import assignments
from huanyu.store.tables import cases
from huanyu.store.tables import outbox
from huanyu.types import Assignment
from huanyu.types import Draft
from huanyu.types import HandOverSlip
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import Seer
from huanyu.types import Unsigned

AnySlip = TypeVar("AnySlip", Message, HandOverSlip)

NOTICE = "notice"
#: The mail that tells the office of a hand-over that reached nobody is added under this and the hand-over's number.
UNREACHED = "unreached:"
#: A slip that does not go out with the hand-over itself.
SLIP = "slip:"
#: Hand-overs that nobody has signed for, with their cases.
_UNSIGNED = (
    select(assignments, cases.c.number, cases.c.title, cases.c.restricted)
    .join(cases, cases.c.id == assignments.c.case_id)
    .where(assignments.c.signed_at.is_(None), assignments.c.ended_at.is_(None))
)

_SLIPS = (
    select(
        outbox.c.id,
        outbox.c.case_id,
        outbox.c.channel,
        outbox.c.account,
        outbox.c.recipient,
        outbox.c.state,
        outbox.c.note,
        outbox.c.created_at,
    )
    .where(outbox.c.case_id.in_(bindparam("ids", expanding=True)), outbox.c.purpose == NOTICE)
    .order_by(outbox.c.id)
)

_HAND_OVERS = Kind("assignments", assignments.c.id, _UNSIGNED)


class HandOvers:
    """What the desk knows of hand-overs that wait for a signature."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def get(self, assignment_id: int) -> Assignment:
        """One hand-over; raises NotFound."""
        with self._database.read() as tx:
            query = select(assignments).where(assignments.c.id == assignment_id)
            row = tx.execute(query).mappings().first()
        if row is None:
            raise NotFound("没有这次转办", assignment=assignment_id)
        return noun(Assignment, row)

    def of_case(self, case_id: int) -> tuple[Assignment, ...]:
        """Every hand-over of the case, oldest first."""
        with self._database.read() as tx:
            return duties.of_case(tx, case_id)

    def unsigned(
        self, limit: int, seer: Seer | None = None, besides: Collection[str] = (), told: bool = True
    ) -> list[Unsigned]:
        """Hand-overs nobody has signed for, newest first: what is old was looked at when it was new.

        `besides`: units whose hand-overs are left out; without `told` nobody asks whether the office knows.
        """
        theirs = [] if seer is None else [visible(seer)]
        if besides:
            theirs.append(assignments.c.unit.not_in(sorted(besides)))
        newest = (assignments.c.given_at.desc(), assignments.c.id.desc())
        return self._unsigned(_UNSIGNED.where(*theirs).order_by(*newest).limit(limit), told=told)

    def count_visible(self, assignment_ids: Collection[int], seer: Seer) -> int:
        """How many of these hand-overs are of cases `seer` may see."""
        query = select(func.count()).select_from(assignments)
        query = query.join(cases, cases.c.id == assignments.c.case_id).where(visible(seer))
        with self._database.read() as tx:
            some = (query.where(assignments.c.id.in_(ids)) for ids in chunks(assignment_ids))
            return sum(int(tx.scalar(one) or 0) for one in some)

    def unsigned_of(self, unit: str, since: datetime, limit: int) -> list[Assignment]:
        """Hand-overs to one unit since a moment that nobody has signed for, oldest first."""
        mine = (assignments.c.unit == unit, assignments.c.given_at >= since)
        waits = (assignments.c.signed_at.is_(None), assignments.c.ended_at.is_(None))
        query = select(assignments).where(*mine, *waits).order_by(assignments.c.id).limit(limit)
        with self._database.read() as tx:
            return [noun(Assignment, row) for row in tx.execute(query).mappings()]

    def due(self, now: datetime, limit: int) -> list[Unsigned]:
        """Those that are to be looked at again by now, the longest overdue first: every one has its turn."""
        order = (assignments.c.look_at, assignments.c.id)
        return self._unsigned(_UNSIGNED.where(assignments.c.look_at <= now).order_by(*order).limit(limit))

    def looked(self, next_at: Mapping[int, datetime], now: datetime) -> None:
        """Keep when each of these hand-overs is looked at again."""
        if not next_at:
            return
        again: defaultdict[datetime, list[int]] = defaultdict(list)
        for assignment_id, at in next_at.items():
            again[at].append(assignment_id)
        with self._database.write() as tx:
            for at, ids in again.items():
                for some in chunks(ids):
                    tx.execute(update(assignments).where(assignments.c.id.in_(some)).values(look_at=at))
            facts = sorted(at.isoformat() for at in again)
            self._trail.record(tx, "assignment.look", "assignment", sorted(next_at), facts, SYSTEM, now)

    def _unsigned(self, query: Select[Any], told: bool = True) -> list[Unsigned]:
        with self._database.read() as tx:
            return readable(tx, _HAND_OVERS, query, lambda some: _loaded(tx, some, told))

    def send(self, assignment: Assignment, slips: Sequence[Draft], now: datetime, actor: str = SYSTEM) -> int:
        """Put further slips of a hand-over on their way, each once; returns how many are new."""
        with self._database.write() as tx:
            keys = [f"{SLIP}{assignment.id}:{slip.channel}" for slip in slips]
            found = [
                put(tx, slip, key, MessageState.APPROVED, actor, now)
                for slip, key in zip(slips, keys, strict=True)
            ]
            new = [one for one in found if one is not None]
            if new:
                facts = [[slip.channel, slip.recipient, slip.text] for slip in slips]
                self._trail.record(tx, "assignment.slip", "message", new, facts, actor, now)
            return len(new)

    def tell(
        self, assignment: Assignment, note: str, mail: Draft, now: datetime, more: Sequence[Draft] = ()
    ) -> bool:
        """Tell the office that nobody was reached, in the case's history too; once for each hand-over.

        `more`: what is said elsewhere with it.
        """
        with self._database.write() as tx:
            key = f"{UNREACHED}{assignment.id}"
            found = put(tx, mail, key, MessageState.APPROVED, SYSTEM, now)
            if found is None:
                return False
            for one in more:
                told = f"{key}:{one.channel}:{one.account or one.recipient}"
                put(tx, one, told, MessageState.APPROVED, SYSTEM, now)
            state = tx.execute(select(cases.c.state).where(cases.c.id == assignment.case_id)).scalar_one()
            note_event(tx, assignment.case_id, state, "unreached", note, SYSTEM, now)
            self._trail.record(tx, "assignment.unreached", "case", [assignment.case_id], note, SYSTEM, now)
            return True


def _loaded(tx: Connection, query: Select[Any], asked: bool) -> list[Unsigned]:
    """With their slips, all of them: one left out would be sent once more."""
    rows = tx.execute(query).mappings().all()
    told = _told(tx, [row["id"] for row in rows]) if asked else set()
    slips: defaultdict[int, list[HandOverSlip]] = defaultdict(list)
    for ids in chunks({row["case_id"] for row in rows}):
        for slip in nouns(HandOverSlip, tx.execute(_SLIPS, {"ids": ids}).mappings()):
            slips[slip.case_id].append(slip)
    return [
        Unsigned(
            assignment=assignment,
            number=row["number"],
            title=row["title"],
            restricted=row["restricted"],
            slips=tuple(since(slips[row["case_id"]], row["given_at"])),
            told=f"{UNREACHED}{row['id']}" in told,
        )
        for row, assignment in zip(rows, nouns(Assignment, rows), strict=True)
    ]


def _told(tx: Connection, ids: Iterable[int]) -> set[str]:
    """Keys of the mails that told of these hand-overs."""
    keys = [f"{UNREACHED}{one}" for one in ids]
    return {
        key
        for some in chunks(keys)
        for key in tx.execute(select(outbox.c.key).where(outbox.c.key.in_(some))).scalars()
    }


def since(slips: Iterable[AnySlip], given_at: datetime) -> Iterable[AnySlip]:
    """Slips of this hand-over, not of an earlier one of the same case."""
    return (slip for slip in slips if slip.created_at >= given_at)
