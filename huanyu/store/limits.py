"""The limits of open cases: which of them run, and what was reminded of.

When a limit ends, and when a person is to be told, is not decided here.
"""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta

from sqlalchemy import select

from huanyu.store import casework
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.caseload import IS_OPEN
from huanyu.store.caseload import has_running_clock
from huanyu.store.caseload import load
from huanyu.store.caseload import select_cases
from huanyu.store.outgoing import put_notice
from huanyu.store.session import Database
from huanyu.store.session import insert_new
from huanyu.store.states import OVER
from huanyu.store.tables import cases
from huanyu.store.tables import reminders
from huanyu.types import Case
from huanyu.types import Draft

# Yellow cards go out one working day ahead; the longest holiday with its weekends is nine days.
AHEAD = timedelta(days=12)


class Limits:
    """Limits that run, and the reminders given of them."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def with_clocks(self, now: datetime | None = None) -> list[Case]:
        """Open cases with a running limit; given `now`, only those near enough for a reminder."""
        by = None if now is None else now + AHEAD
        query = select_cases().where(IS_OPEN, has_running_clock(by)).order_by(cases.c.id)
        with self._database.read() as tx:
            return load(tx, query)

    def reminded(self) -> set[tuple[int, str, str]]:
        """(case, clock, stage) of every reminder given in the present round of an open case."""
        query = (
            select(reminders.c.case_id, reminders.c.clock, reminders.c.stage)
            .join(cases, cases.c.id == reminders.c.case_id)
            .where(IS_OPEN, reminders.c.round == cases.c.round)
        )
        with self._database.read() as tx:
            return {(row.case_id, row.clock, row.stage) for row in tx.execute(query)}

    def remind(
        self,
        case: Case,
        clock: str,
        stage: str,
        note: str,
        notice: Draft | None,
        now: datetime,
        actor: str = SYSTEM,
    ) -> bool:
        """Note a reminder and send its notice, once per round, clock and stage; False when it was given before."""
        with self._database.write() as tx:
            turn, state = tx.execute(select(cases.c.round, cases.c.state).where(cases.c.id == case.id)).one()
            if state in OVER:  # joined or closed since the caller looked
                return False
            given = insert_new(tx, reminders).values(
                case_id=case.id, round=turn, clock=clock, stage=stage, at=now
            )
            if tx.execute(given.returning(reminders.c.id)).scalar() is None:
                return False
            casework.note_event(tx, case.id, state, "reminded", note, actor, now)
            put_notice(tx, case.id, notice, actor, now)
            self._trail.record(tx, "case.remind", "case", [case.id], [clock, stage], actor, now)
            return True
