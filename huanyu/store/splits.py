"""拆分: a case in parts, each with a unit of its own; the whole waits for all of them."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select

from huanyu.errors import Conflict
from huanyu.store import casework
from huanyu.store.audit import Trail
from huanyu.store.caseload import load
from huanyu.store.caseload import load_case
from huanyu.store.caseload import select_cases
from huanyu.store.moving import assign
from huanyu.store.openings import LETTERS
from huanyu.store.openings import PUBLIC_ID
from huanyu.store.outgoing import put_notice
from huanyu.store.session import Database
from huanyu.store.states import JOINED
from huanyu.store.states import PENDING
from huanyu.store.tables import cases
from huanyu.types import Case
from huanyu.types import Clock
from huanyu.types import Draft
from huanyu.types import Route

#: What a part has of the whole; its own are number, state, unit and everything that happens to it.
SHARED = (
    *("kinds", "area", "place", "urgent", "level", "learned_at", "first_post_id", "last_post_at", "posts"),
    *("type", "channel", "external_number", "lane", "built_up", "happened_at", "campaign", "restricted"),
    "accepted_at",
)


class Splits:
    """Parts of cases."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def split(
        self,
        case: Case,
        parts: Sequence[tuple[str, Route]],
        papers: Callable[[Case, Route], tuple[Sequence[Clock], Draft | None]],
        actor: str,
        now: datetime,
    ) -> list[Case]:
        """Open a part for each title, numbered after the whole, and give it to its unit; raises Conflict.

        `papers`: the limits and the hand-over notice of a part.
        """
        titles = [title for title, _ in parts]
        with self._database.write() as tx:
            told = f"拆分为 {len(parts)} 个子件：{'；'.join(titles)}"
            casework.advance(tx, case, case.state, "split", told, actor, now)
            ids = [self._open(tx, case, title, actor, now) for title in titles]
            self._trail.record(tx, "case.split", "case", [case.id, *ids], titles, actor, now)
            for part_id, (_, route) in zip(ids, parts, strict=True):
                part = load_case(tx, part_id)
                assign(tx, part, route, *papers(part, route), now, actor)
                self._trail.record(tx, "case.assign", "case", [part_id], [route.unit, route.rule], actor, now)
            return load(tx, select_cases().where(cases.c.id.in_(ids)).order_by(cases.c.id))

    def unite(
        self,
        case: Case,
        parts: Sequence[tuple[Case, Draft | None]],
        reason: str,
        actor: str,
        now: datetime,
    ) -> Case:
        """撤销拆分: these parts end in the whole, each unit is told; raises Conflict where whole or part has changed."""
        with self._database.write() as tx:
            numbers = [part.number for part, _ in parts]
            told = f"撤销拆分，{'、'.join(numbers)}并回本件：{reason}"
            casework.advance(tx, case, case.state, "unsplit", told, actor, now)
            for part, notice in parts:
                note = f"撤销拆分，并回{case.number}：{reason}"
                casework.advance(tx, part, JOINED, "unsplit", note, actor, now, closed_at=now)
                put_notice(tx, part.id, notice, actor, now)
            ids = [case.id, *(part.id for part, _ in parts)]
            self._trail.record(tx, "case.unsplit", "case", ids, [*numbers, reason], actor, now)
            return load_case(tx, case.id)

    def children(self, case_id: int) -> list[Case]:
        """The parts of a case, oldest first."""
        query = select_cases().where(cases.c.parent_id == case_id).order_by(cases.c.id)
        with self._database.read() as tx:
            return load(tx, query)

    def _open(self, tx: Connection, case: Case, title: str, actor: str, now: datetime) -> int:
        """The whole is locked by its new version: nobody takes the same number."""
        whole = tx.execute(select(cases).where(cases.c.id == case.id)).mappings().one()
        if whole["parent_id"] is not None:
            raise Conflict("子件不能再拆分", case=case.number)
        mine = cases.c.parent_id == case.id
        known = tx.scalar(select(func.count()).select_from(cases).where(mine)) or 0
        own = {
            "number": f"{case.number}-{known + 1}",
            "public_id": "".join(secrets.choice(LETTERS) for _ in range(PUBLIC_ID)),
            "state": PENDING,
            "title": title,
            "opened_at": now,
            "assist": (),
            "parent_id": case.id,
            "routed_at": now,  # a person names its unit
        }
        shared = {name: whole[name] for name in SHARED}
        case_id = int(tx.execute(insert(cases).values(**shared, **own).returning(cases.c.id)).scalar_one())
        casework.note_event(tx, case_id, PENDING, "opened", f"由{case.number}拆出", actor, now, moved=True)
        return case_id
