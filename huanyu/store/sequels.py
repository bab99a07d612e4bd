"""What follows an answer or a result: the limit for 回访 begun, what was to be put right looked at again (整改复查).

How long such a limit is, is not decided here.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists
from sqlalchemy import select

from huanyu.errors import IllegalMove
from huanyu.store import casework
from huanyu.store import clockwork
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.caseload import load_one
from huanyu.store.caseload import queued
from huanyu.store.caseload import select_cases
from huanyu.store.clockwork import RECTIFY
from huanyu.store.clockwork import REVISIT
from huanyu.store.session import Database
from huanyu.store.states import ANSWERED
from huanyu.store.tables import cases
from huanyu.store.tables import clocks
from huanyu.types import Case
from huanyu.types import Clock

APPEALED = "appealed"
DECIDED = "reexamined"  #: how the limit of a 复查 or 复核 was met
LOOKED = "rechecked"  #: how the limit of a 整改 was met


class Sequels:
    """Limits that begin after the work is done."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def unbegun(self, since: datetime, limit: int) -> list[Case]:
        """Whole cases answered `since` then in whose round nobody has reckoned when to ask the reporter."""
        known = exists(
            select(clocks.c.id).where(
                clocks.c.case_id == cases.c.id, clocks.c.round == cases.c.round, clocks.c.name == REVISIT
            )
        )
        waiting = (cases.c.state == ANSWERED, cases.c.answered_at >= since, cases.c.parent_id.is_(None))
        with self._database.read() as tx:
            return queued(tx, select_cases().where(*waiting, ~known).order_by(cases.c.id).limit(limit))

    def begin(self, case: Case, limit: Clock, now: datetime, actor: str = SYSTEM) -> None:
        """Start the limit for 回访, or keep on record that the case has none (one that is void)."""
        with self._database.write() as tx:
            clockwork.start_clocks(tx, case.id, [limit], now)
            facts = [limit.name, limit.due.isoformat(), limit.met_how]
            self._trail.record(tx, "case.revisit_due", "case", [case.id], facts, actor, now)

    def recheck(self, case: Case, note: str, anew: Clock | None, actor: str, now: datetime) -> Case:
        """Somebody looked again: all is put right, or it is looked at once more by `anew`; raises Conflict."""
        with self._database.write() as tx:
            casework.advance(tx, case, case.state, LOOKED, note, actor, now)
            if not clockwork.meet(tx, case.id, LOOKED, now, names=(RECTIFY,)):
                raise IllegalMove("本件没有等待复查的整改", case=case.number)
            if anew is not None:
                clockwork.begin(tx, case.id, anew, now)
            until = anew.due.isoformat() if anew else ""
            self._trail.record(tx, "case.recheck", "case", [case.id], [note, until], actor, now)
            return load_one(tx, cases.c.id == case.id)

    def appeal(self, case: Case, limit: Clock, note: str, actor: str, now: datetime) -> Case:
        """复查 or 复核 was asked for: its limit begins, whatever state the case is in; raises Conflict."""
        with self._database.write() as tx:
            casework.advance(tx, case, case.state, APPEALED, note, actor, now)
            clockwork.begin(tx, case.id, limit, now)
            facts = [limit.name, limit.due.isoformat(), note]
            self._trail.record(tx, "case.appeal", "case", [case.id], facts, actor, now)
            return load_one(tx, cases.c.id == case.id)

    def decide_appeal(self, case: Case, name: str, note: str, actor: str, now: datetime) -> Case:
        """What was decided on it; raises Conflict, or IllegalMove where nothing waits."""
        with self._database.write() as tx:
            casework.advance(tx, case, case.state, DECIDED, note, actor, now)
            if not clockwork.meet(tx, case.id, DECIDED, now, names=(name,)):
                raise IllegalMove("本件没有等待复查、复核的请求", case=case.number)
            self._trail.record(tx, "case.decide_appeal", "case", [case.id], [name, note], actor, now)
            return load_one(tx, cases.c.id == case.id)
