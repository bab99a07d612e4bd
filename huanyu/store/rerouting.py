"""Cases whose inputs of routing have changed: looked at again, moved, proposed for another unit; facts and levels set.

Each change is one transaction, compare-and-set on the version the caller saw; which unit is right is not decided here.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import and_
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import true
from sqlalchemy import update

from huanyu.errors import Conflict
from huanyu.store import casework
from huanyu.store import clockwork
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.beside import visible
from huanyu.store.caseload import IS_OPEN
from huanyu.store.caseload import load
from huanyu.store.caseload import load_case
from huanyu.store.caseload import queued
from huanyu.store.caseload import select_cases
from huanyu.store.changing import touch
from huanyu.store.outgoing import put_notice
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.session import insert_new
from huanyu.store.states import ASSIGNED
from huanyu.store.tables import UNCONFIRMED
from huanyu.store.tables import cases
from huanyu.store.tables import reroutes
from huanyu.store.tables import settings
from huanyu.types import Case
from huanyu.types import Clock
from huanyu.types import Draft
from huanyu.types import Reroute
from huanyu.types import Route
from huanyu.types import Seer

TABLES = "routing_tables"  #: setting: digest of the tables that cases were last routed by
OPEN = reroutes.c.decided_at.is_(None)
OF_A_ROUTE = ("unit", "department", "assist", "rule", "why")


class Rerouting:
    """What happens to a case between two looks of the rules at it."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def changed(self, limit: int) -> list[Case]:
        """Open cases to be looked at again, oldest first."""
        query = select_cases().where(cases.c.changed_at.is_not(None), IS_OPEN)
        with self._database.read() as tx:
            return queued(tx, query.order_by(cases.c.id).limit(limit))

    def tables(self, digest: str, now: datetime) -> int:
        """Note by which tables is routed; where they are others than last time every live case is marked."""
        mine = settings.c.name == TABLES
        with self._database.read() as tx:
            if tx.scalar(select(settings.c.value).where(mine)) == digest:
                return 0
        with self._database.in_line(), self._database.write() as tx:
            first = insert_new(tx, settings).values(name=TABLES, value=digest, at=now)
            if tx.execute(first.returning(settings.c.name)).scalar():
                return 0
            other = update(settings).where(mine, settings.c.value != digest)
            if not tx.execute(other.values(value=digest, at=now)).rowcount:
                return 0
            marked = touch(tx, true(), "派单规则表已更新", now)
            self._trail.record(tx, "routing.tables", "setting", [TABLES], [digest, marked], SYSTEM, now)
            return marked

    def save_table(
        self, name: str, edits: Sequence[str], digest: str, put: Callable[[], None], actor: str, now: datetime
    ) -> None:
        """A person replaces a table of the bureau by calling `put`; without it there is no line in the trail."""
        with self._database.write() as tx:
            self._trail.record(tx, "table.save", "table", [name, *edits], [digest], actor, now)
            put()

    def settle(self, case: Case, now: datetime) -> None:
        """Looked at: it stays where it is, and what was proposed is out of date."""
        with self._database.write() as tx:
            _drop(tx, case.id, now)
            _looked_at(tx, case)

    def refine(self, case: Case, route: Route, now: datetime) -> None:
        """The same unit by another rule, or with others to assist; raises Conflict."""
        with self._database.write() as tx:
            values = {name: getattr(route, name) for name in OF_A_ROUTE if name != "unit"}
            told = f"{case.changed_why}，承办单位不变：{route.why}"
            casework.advance(tx, case, case.state, "refined", told, SYSTEM, now, **values)
            _drop(tx, case.id, now)
            _looked_at(tx, case)
            self._trail.record(tx, "case.refine", "case", [case.id], [route.unit, route.rule], SYSTEM, now)

    def move(
        self,
        case: Case,
        route: Route,
        clocks: Sequence[Clock],
        notices: Sequence[Draft | None],
        because: str,
        now: datetime,
        actor: str = SYSTEM,
        proposal: int | None = None,
    ) -> Case:
        """改派: give the case to another unit, with new limits and word to both; raises Conflict.

        `proposal` is what a person accepted by it.
        """
        with self._database.write() as tx:
            if proposal is not None:
                _decide(tx, case.id, proposal, "accepted", because, actor, now)
            _drop(tx, case.id, now)
            values = {name: getattr(route, name) for name in OF_A_ROUTE}
            afresh = {"routed_at": now} | dict.fromkeys(("signed_at", "arrived_at", "reported_at"))
            told = f"{because}，改派：{route.why}"
            casework.advance(tx, case, ASSIGNED, "rerouted", told, actor, now, **afresh, **values)
            clockwork.set_clocks(tx, case.id, clocks, now)
            for notice in notices:
                put_notice(tx, case.id, notice, actor, now)
            _looked_at(tx, case)
            facts = [case.unit, route.unit, route.rule, because]
            self._trail.record(tx, "case.reroute", "case", [case.id], facts, actor, now)
            return load_case(tx, case.id)

    def propose(self, case: Case, route: Route, now: datetime) -> bool:
        """改派建议 for a person to decide, in the place of an older one; False where it stands there already."""
        with self._database.write() as tx:
            _looked_at(tx, case)
            mine = tx.execute(select(reroutes.c.unit).where(reroutes.c.case_id == case.id, OPEN)).first()
            if mine is not None and mine.unit == route.unit:
                return False
            _drop(tx, case.id, now)
            values = {name: getattr(route, name) for name in OF_A_ROUTE}
            row = {"case_id": case.id, "round": case.round, "at": now, "because": case.changed_why}
            tx.execute(insert(reroutes).values(**row, **values))
            told = f"{case.changed_why}，建议改派：{route.why}"
            casework.note_event(tx, case.id, case.state, "reroute_proposed", told, SYSTEM, now)
            self._trail.record(tx, "case.propose_reroute", "case", [case.id], [route.unit], SYSTEM, now)
            return True

    def refuse(self, case: Case, proposal: int, reason: str, actor: str, now: datetime) -> None:
        """不改派: a person leaves the case where it is; raises Conflict."""
        with self._database.write() as tx:
            _decide(tx, case.id, proposal, "refused", reason, actor, now)
            told = f"不改派：{reason}"
            casework.advance(tx, case, case.state, "reroute_refused", told, actor, now)
            self._trail.record(tx, "case.refuse_reroute", "case", [case.id], [proposal, reason], actor, now)

    def proposals(self, case_id: int) -> list[Reroute]:
        """Every proposal of the case, oldest first."""
        query = select(reroutes).where(reroutes.c.case_id == case_id).order_by(reroutes.c.id)
        with self._database.read() as tx:
            return [noun(Reroute, row) for row in tx.execute(query).mappings()]

    def proposed(self, limit: int = 200) -> list[Case]:
        """Cases with a proposal that waits for a person, oldest first."""
        waits = select(reroutes.c.case_id).where(OPEN)
        query = select_cases().where(cases.c.id.in_(waits), IS_OPEN).order_by(cases.c.id)
        with self._database.read() as tx:
            return load(tx, query.limit(limit))

    def edit(
        self,
        case: Case,
        values: Mapping[str, Any],
        note: str,
        actor: str,
        now: datetime,
        title: str = "",
    ) -> Case:
        """A person sets facts of the case: from now on no machine changes them; raises Conflict.

        `title`: the one that goes with them, where another does.
        """
        with self._database.write() as tx:
            more = {"title": title} if title else {}
            casework.advance(tx, case, case.state, "edited", note, actor, now, **values, **more)
            edited = tuple(dict.fromkeys((*case.edited, *values)))
            tx.execute(update(cases).where(cases.c.id == case.id).values(edited=edited))
            touch(tx, cases.c.id == case.id, note, now)
            self._trail.record(tx, "case.edit", "case", [case.id], [sorted(values), note], actor, now)
            return load_case(tx, case.id)

    def enlist(self, case: Case, campaign: str, now: datetime) -> Case:
        """The case belongs to a 专项行动; raises Conflict."""
        with self._database.write() as tx:
            told = f"归入专项行动：{campaign}"
            casework.advance(tx, case, case.state, "enlisted", told, SYSTEM, now, campaign=campaign)
            self._trail.record(tx, "case.enlist", "case", [case.id], [campaign], SYSTEM, now)
            return load_case(tx, case.id)

    def confirm_level(
        self,
        case: Case,
        level: str,
        known: Sequence[str],
        note: str,
        clocks: Sequence[Clock],
        notice: Draft | None,
        actor: str,
        now: datetime,
    ) -> Case:
        """A person says how grave it is, having seen the rules in `known`; raises Conflict."""
        with self._database.write() as tx:
            said = {"level": level, "level_by": actor, "level_at": now}
            casework.advance(tx, case, case.state, "graded", note, actor, now, **said)
            seen = tuple(dict.fromkeys((*case.level_known, *known)))
            tx.execute(update(cases).where(cases.c.id == case.id).values(level_known=seen))
            if clocks:
                clockwork.set_clocks(tx, case.id, clocks, now)
            put_notice(tx, case.id, notice, actor, now)
            if level != case.level:
                touch(tx, cases.c.id == case.id, f"等级改为{level}", now)
                tx.execute(
                    update(cases).where(cases.c.id == case.id).values(watched_posts=0)
                )  # look once more
            self._trail.record(tx, "case.confirm_level", "case", [case.id], [level, note], actor, now)
            return load_case(tx, case.id)

    def unconfirmed(self, limit: int, offset: int = 0, lean: bool = False) -> list[Case]:
        """Open cases above 一般 whose level only the machine has said, oldest first; `lean`: without results and limits."""
        query = select_cases().where(UNCONFIRMED).order_by(cases.c.id)
        with self._database.read() as tx:
            return load(tx, query.limit(limit).offset(offset), lean=lean, limits=not lean)

    def count_unconfirmed(self, most: int, seer: Seer) -> int:
        """How many of those `seer` may see, counted no further than `most`."""
        few = select(cases.c.id).where(UNCONFIRMED, visible(seer)).limit(most).subquery()
        with self._database.read() as tx:
            return int(tx.scalar(select(func.count()).select_from(few)) or 0)


def _looked_at(tx: Connection, case: Case) -> None:
    """The mark the caller saw is dealt with; a later one stays."""
    mine = and_(cases.c.id == case.id, cases.c.changed_at == case.changed_at)
    tx.execute(update(cases).where(mine).values(changed_at=None, changed_why=""))


def _drop(tx: Connection, case_id: int, now: datetime) -> None:
    values = {"decided_at": now, "decided_by": SYSTEM, "decision": "dropped"}
    tx.execute(update(reroutes).where(reroutes.c.case_id == case_id, OPEN).values(**values))


def _decide(
    tx: Connection, case_id: int, proposal: int, decision: str, note: str, actor: str, now: datetime
) -> None:
    mine = and_(reroutes.c.id == proposal, reroutes.c.case_id == case_id, OPEN)
    values = {"decided_at": now, "decided_by": actor, "decision": decision, "note": note}
    if not tx.execute(update(reroutes).where(mine).values(**values)).rowcount:
        raise Conflict("这条改派建议已经处理过, 或情况又有变化", case=case_id)
