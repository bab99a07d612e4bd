"""Cases on their way: given to a unit, moved, graded, their limits set anew.

Changes are compare-and-set on the version the caller saw; who may move what is not decided here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from huanyu.store import assignments
from huanyu.store import casework
from huanyu.store import clockwork
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.caseload import load_case
from huanyu.store.changing import touch
from huanyu.store.outgoing import put_notice
from huanyu.store.session import Database
from huanyu.store.states import ASSIGNED
from huanyu.store.states import PENDING
from huanyu.store.states import RETURNED
from huanyu.store.states import SIGNED
from huanyu.store.tables import cases
from huanyu.types import Case
from huanyu.types import Clock
from huanyu.types import Draft
from huanyu.types import Result
from huanyu.types import Route


class CaseMoves:
    """What moves a case, one transaction each."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def assign(
        self,
        case: Case,
        route: Route,
        clocks: Sequence[Clock],
        notice: Draft | None,
        now: datetime,
        actor: str = SYSTEM,
        learned_at: datetime | None = None,
    ) -> Case:
        """Give the case to a unit with its limits and hand-over notice; raises Conflict.

        `learned_at`: of a case that is to be done again (重办), when that was found out.

        Without a unit it stays where it is, on the list of what a person must dispatch; its limits run.
        """
        with self._database.write() as tx:
            more = {} if learned_at is None else {"learned_at": learned_at}
            assign(tx, case, route, clocks, notice, now, actor, **more)
            self._trail.record(tx, "case.assign", "case", [case.id], [route.unit, route.rule], actor, now)
            return load_case(tx, case.id)

    def move(
        self,
        case: Case,
        to: str,
        action: str,
        note: str,
        now: datetime,
        actor: str = SYSTEM,
        result: Result | None = None,
        kind: str = "",
        notice: Draft | None = None,
    ) -> Case:
        """Move the case as the caller saw it to another state; raises Conflict when it has changed since.

        `kind`: of a case that is sent back, the reason by the table.
        """
        with self._database.write() as tx:
            more: dict[str, Any] = {"result_id": casework.add_result(tx, case.id, result)} if result else {}
            if to == SIGNED and (signed := assignments.signed_at(tx, case.id)) is not None:
                more["signed_at"] = signed  # 退回补充: the unit took it on when it did, not now
            casework.advance(tx, case, to, action, note, actor, now, kind=kind, **more)
            if kind and to == RETURNED:
                assignments.name_return(tx, case.id, kind, now)
            put_notice(tx, case.id, notice, actor, now)
            facts = [to, action, note, [result.finding, result.found, result.measure] if result else None]
            self._trail.record(tx, "case.move", "case", [case.id], facts, actor, now)
            return load_case(tx, case.id)

    def reopen(self, case: Case, why: str, actor: str, now: datetime) -> Case:
        """A person takes a settled matter up again: the new round counts from now; raises Conflict."""
        with self._database.write() as tx:
            casework.advance(tx, case, PENDING, "reopened", why, actor, now, learned_at=now)
            self._trail.record(tx, "case.reopen", "case", [case.id], [why], actor, now)
            return load_case(tx, case.id)

    def grade(
        self,
        case: Case,
        level: str,
        why: str,
        now: datetime,
        actor: str = SYSTEM,
        clocks: Sequence[Clock] = (),
        notice: Draft | None = None,
        told: str = "",
    ) -> Case:
        """Set the level (一般 … 特别重大) with its reason, and the limits that go with it; raises Conflict.

        `told`: what the history says of these limits, where a unit has the case and gets the `notice`.
        """
        with self._database.write() as tx:
            said = {"level": level, "level_by": "", "level_at": None}
            casework.advance(tx, case, case.state, "graded", why, actor, now, **said)
            if clocks:
                clockwork.set_clocks(tx, case.id, clocks, now)
            put_notice(tx, case.id, notice, actor, now)
            if told:
                casework.note_event(tx, case.id, case.state, "tightened", told, actor, now)
            touch(tx, cases.c.id == case.id, f"等级升为{level}", now)
            self._trail.record(tx, "case.grade", "case", [case.id], [level], actor, now)
            return load_case(tx, case.id)

    def tighten(
        self,
        case: Case,
        clocks: Sequence[Clock],
        notice: Draft | None,
        why: str,
        now: datetime,
        actor: str = SYSTEM,
    ) -> Case:
        """Set the limits anew and tell the unit, without moving the case; raises Conflict."""
        with self._database.write() as tx:
            casework.advance(tx, case, case.state, "tightened", why, actor, now)
            clockwork.set_clocks(tx, case.id, clocks, now)
            put_notice(tx, case.id, notice, actor, now)
            self._trail.record(tx, "case.tighten", "case", [case.id], [why], actor, now)
            return load_case(tx, case.id)


def assign(
    tx: Connection,
    case: Case,
    route: Route,
    clocks: Sequence[Clock],
    notice: Draft | None,
    now: datetime,
    actor: str,
    **more: Any,
) -> None:
    """Give a case to its unit with limits and notice, or leave it where it is for a person; raises Conflict."""
    to, action = (ASSIGNED, "routed") if route.unit else (case.state, "undispatched")
    values = {name: getattr(route, name) for name in ("unit", "department", "assist", "rule", "why")}
    afresh = {"routed_at": now} | dict.fromkeys(("signed_at", "arrived_at", "reported_at")) | more
    standing = casework.advance(tx, case, to, action, route.why, actor, now, **afresh, **values)
    clockwork.set_clocks(tx, case.id, clocks, now, standing)
    if route.unit:
        put_notice(tx, case.id, notice, actor, now)
