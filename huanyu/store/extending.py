"""延期: more time for one limit of a case, asked for, decided, told to the reporter; each a row that stays.

How much may be given, and by whom, is not decided here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import exists
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.store import casework
from huanyu.store import clockwork
from huanyu.store.audit import Trail
from huanyu.store.caseload import load_case
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.tables import PAUSE_ASKED
from huanyu.store.tables import case_events
from huanyu.store.tables import cases
from huanyu.store.tables import clocks
from huanyu.store.tables import extensions
from huanyu.types import Case
from huanyu.types import Clock
from huanyu.types import Event
from huanyu.types import Extension

#: What answers a pause that was asked for, or makes it pointless; asked again, only the last counts.
PAUSE_ANSWERED = ("pause_asked", "pause_refused", "paused", "routed", "rerouted", "returned")


class Extensions:
    """What was asked for, and what became of it."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def get(self, extension_id: int) -> Extension:
        """One of them; raises NotFound."""
        with self._database.read() as tx:
            return _get(tx, extension_id)

    def undecided(self, limit: int) -> list[tuple[Extension, Case]]:
        """What waits for a decision, with its case, the oldest first."""
        query = select(extensions).where(extensions.c.decided_at.is_(None)).order_by(extensions.c.id)
        with self._database.read() as tx:
            found = [noun(Extension, row) for row in tx.execute(query.limit(limit)).mappings()]
            return [(one, load_case(tx, one.case_id)) for one in found]

    def pauses_asked(self, states: Collection[str], limit: int) -> list[tuple[Event, Case]]:
        """Pauses asked for that nobody has answered, with their cases in one of `states`, the oldest first."""
        later = case_events.alias()
        answered = exists().where(
            later.c.case_id == case_events.c.case_id,
            later.c.id > case_events.c.id,
            later.c.action.in_(PAUSE_ANSWERED),
        )
        query = (
            select(case_events)
            .join(cases, cases.c.id == case_events.c.case_id)
            .where(cases.c.state.in_(states), PAUSE_ASKED, ~answered)
            .order_by(case_events.c.id)
        )
        with self._database.read() as tx:
            rows = tx.execute(query.limit(limit)).mappings().all()
            return [(noun(Event, row), load_case(tx, row["case_id"])) for row in rows]

    def ask(self, case: Case, asked: Extension, note: str, now: datetime) -> int:
        """Keep a request; raises Conflict where the case has changed since, or one for the same limit waits already."""
        with self._database.write() as tx:
            seen = (cases.c.id == case.id, cases.c.version == case.version)
            if (
                tx.execute(select(cases.c.id).where(*seen).with_for_update(key_share=True)).one_or_none()
                is None
            ):
                raise Conflict("该件刚被他人处理过, 请刷新后再试", case=case.number)
            known = clockwork.extensions_of(tx, case.id, case.round)
            if any(one.clock == asked.clock and one.decided_at is None for one in known):
                raise Conflict("这项时限的延期申请正在等待批准", case=case.number)
            values = {name: value for name, value in asdict(asked).items() if name != "id"}
            found = int(tx.execute(insert(extensions).values(values).returning(extensions.c.id)).scalar_one())
            casework.note_event(tx, case.id, case.state, "extension_asked", note, asked.asked_by, now)
            facts = [asked.clock, asked.amount, asked.unit]
            self._trail.record(tx, "extension.ask", "case", [case.id], facts, asked.asked_by, now)
            return found

    def decide(
        self, asked: Extension, decision: str, anew: Clock | None, note: str, actor: str, now: datetime
    ) -> None:
        """Keep the decision, once; `anew` is the limit as it is from now on. Raises Conflict."""
        with self._database.write() as tx:
            case = load_case(tx, asked.case_id)
            open_one = (extensions.c.id == asked.id, extensions.c.decided_at.is_(None))
            values = {"decision": decision, "decided_by": actor, "decided_at": now}
            if anew is not None:
                values["new_due"] = anew.due
            if not tx.execute(update(extensions).where(*open_one).values(values)).rowcount:
                raise Conflict("这份延期申请已有人批过，请刷新后再看", case=case.number)
            if anew is not None:
                self._move(tx, case, anew, now)
            casework.note_event(tx, case.id, case.state, "extension_decided", note, actor, now)
            self._trail.record(tx, "extension.decide", "case", [case.id], [asked.id, decision], actor, now)

    def tell(self, asked: Extension, how: str, note: str, actor: str, now: datetime) -> None:
        """The reporter has been told, once; raises Conflict."""
        with self._database.write() as tx:
            untold = (extensions.c.id == asked.id, extensions.c.told_at.is_(None))
            told = update(extensions).where(*untold).values(told_at=now, told_how=how)
            if not tx.execute(told).rowcount:
                raise Conflict("已记录告知")
            state = tx.execute(select(cases.c.state).where(cases.c.id == asked.case_id)).scalar_one()
            casework.note_event(tx, asked.case_id, state, "extension_told", note, actor, now)
            self._trail.record(tx, "extension.told", "case", [asked.case_id], [asked.id], actor, now)

    def _move(self, tx: Connection, case: Case, anew: Clock, now: datetime) -> None:
        mine = (clocks.c.case_id == case.id, clocks.c.id == anew.id, clocks.c.ended_at.is_(None))
        if tx.execute(select(clocks.c.id).where(*mine).with_for_update()).one_or_none() is None:
            raise Conflict("这项时限刚刚停止或改变，请刷新后再批", case=case.number)
        clockwork.replace_clock(tx, anew.id, anew, now)


def _get(tx: Connection, extension_id: int) -> Extension:
    row = tx.execute(select(extensions).where(extensions.c.id == extension_id)).mappings().one_or_none()
    if row is None:
        raise NotFound("没有这份延期申请", extension=extension_id)
    return noun(Extension, row)
