"""What is done around a case, one transaction each: the reporter asked, opinions, supervision, 回避, reviews of results.

Changes are compare-and-set on the version the caller saw; who may do what is not decided here.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.store import assignments
from huanyu.store import casework
from huanyu.store import clockwork
from huanyu.store.audit import Trail
from huanyu.store.caseload import load_case
from huanyu.store.clockwork import OPINION
from huanyu.store.outgoing import put_notice
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.session import insert_new
from huanyu.store.states import VISITED
from huanyu.store.tables import assignments as given
from huanyu.store.tables import contacts
from huanyu.store.tables import follow_ups
from huanyu.store.tables import recusals
from huanyu.store.tables import results
from huanyu.types import Assignment
from huanyu.types import Case
from huanyu.types import Clock
from huanyu.types import Contact
from huanyu.types import Draft
from huanyu.types import FollowUp
from huanyu.types import Recusal


class Duties:
    """Who did what for a case besides moving it."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def act(
        self,
        case: Case,
        action: str,
        note: str,
        actor: str,
        now: datetime,
        values: Mapping[str, Any] | None = None,
        notice: Draft | None = None,
    ) -> Case:
        """Something done to a case that does not move it; raises Conflict."""
        with self._database.write() as tx:
            casework.advance(tx, case, case.state, action, note, actor, now, **dict(values or {}))
            put_notice(tx, case.id, notice, actor, now)
            self._trail.record(tx, f"case.{action}", "case", [case.id], [note, values], actor, now)
            return load_case(tx, case.id)

    def rest(self, case: Case, to: str, note: str, limit: Clock, actor: str, now: datetime) -> Case:
        """阶段性办结, with the limit until when somebody looks again; raises Conflict."""
        with self._database.write() as tx:
            casework.advance(tx, case, to, to, note, actor, now)
            casework.start_clocks(tx, case.id, [limit], now)
            self._trail.record(tx, "case.rest", "case", [case.id], [to, note, limit.due], actor, now)
            return load_case(tx, case.id)

    def visit(self, case: Case, way: str, satisfied: str, note: str, actor: str, now: datetime) -> Case:
        """回访: what the reporter said when asked; raises Conflict."""
        with self._database.write() as tx:
            told = f"{way}回访：{satisfied}{f'；{note}' if note else ''}"
            casework.advance(tx, case, VISITED, "visited", told, actor, now, satisfied=satisfied)
            row = {"case_id": case.id, "round": case.round, "at": now, "actor": actor, "way": way}
            tx.execute(insert(follow_ups).values(**row, satisfied=satisfied, note=note))
            self._trail.record(tx, "case.visit", "case", [case.id], [way, satisfied, note], actor, now)
            return load_case(tx, case.id)

    def opine(self, case: Case, unit: str, opinion: str, actor: str, now: datetime) -> Case:
        """协办意见: of a unit that assists; raises Conflict where it no longer does."""
        with self._database.write() as tx:
            if not assignments.answer(tx, case.id, unit, actor, now, opinion):
                raise Conflict("你单位现在不协办该件", case=case.number)
            clockwork.meet(tx, case.id, OPINION, now, names=(OPINION,), owed_by=unit)
            casework.note_event(tx, case.id, case.state, "opinion", f"协办意见：{opinion}", actor, now)
            self._trail.record(tx, "case.opinion", "case", [case.id], [unit, opinion], actor, now)
            return load_case(tx, case.id)

    def assist(
        self,
        case: Case,
        assist: Sequence[str],
        limits: Sequence[Clock],
        notice: Draft | None,
        action: str,
        note: str,
        actor: str,
        now: datetime,
    ) -> Case:
        """These assist from now on, with their limits; the unit that leads and its limits stay. Raises Conflict."""
        with self._database.write() as tx:
            casework.advance(tx, case, case.state, action, note, actor, now, assist=tuple(assist))
            left = assignments.help_out(tx, case.id, case.round, assist, note, actor, now)
            clockwork.void(tx, case.id, OPINION, now, left)
            for limit in limits:
                clockwork.begin(tx, case.id, limit, now)
            casework.turn_clocks(tx, case.id, case.state, now)  # while a result is looked at, or paused
            put_notice(tx, case.id, notice, actor, now)
            facts = [list(assist), sorted(left), note]
            self._trail.record(tx, f"case.{action}", "case", [case.id], facts, actor, now)
            return load_case(tx, case.id)

    def tell(
        self,
        case: Case,
        way: str,
        stage: str,
        told: str,
        actor: str,
        now: datetime,
        meets: Collection[str] = (),
    ) -> None:
        """The reporter was told something outside the outbox; `meets` are rows of clocks.toml that ask for no more."""
        with self._database.write() as tx:
            row = {"case_id": case.id, "round": case.round, "at": now, "actor": actor, "way": way}
            tx.execute(insert(contacts).values(**row, stage=stage, told=told))
            casework.note_event(tx, case.id, case.state, "told", f"{way}告知反映人：{told}", actor, now)
            clockwork.meet(tx, case.id, "contact", now, rules=meets)
            self._trail.record(tx, "case.tell", "case", [case.id], [way, stage, told], actor, now)

    def recuse(self, case: Case, user_id: int, name: str, reason: str, actor: str, now: datetime) -> None:
        """回避: this person stays away from the case from now on; said twice it is one."""
        with self._database.write() as tx:
            row = {"case_id": case.id, "user_id": user_id, "reason": reason, "declared_by": actor, "at": now}
            if not tx.execute(insert_new(tx, recusals).values(**row)).rowcount:
                return
            casework.note_event(tx, case.id, case.state, "recused", f"{name}回避：{reason}", actor, now)
            self._trail.record(tx, "case.recuse", "case", [case.id], [user_id, reason], actor, now)

    def lift_recusal(
        self, case: Case, user_id: int, name: str, reason: str, actor: str, now: datetime
    ) -> None:
        """The reason for staying away is gone; raises NotFound where nobody stayed away."""
        with self._database.write() as tx:
            mine = (
                recusals.c.case_id == case.id,
                recusals.c.user_id == user_id,
                recusals.c.lifted_at.is_(None),
            )
            if not tx.execute(update(recusals).where(*mine).values(lifted_at=now)).rowcount:
                raise NotFound("该人员在该件中没有回避", case=case.number)
            note = f"解除{name}的回避：{reason}"
            casework.note_event(tx, case.id, case.state, "recusal_lifted", note, actor, now)
            self._trail.record(tx, "case.lift_recusal", "case", [case.id], [user_id, reason], actor, now)

    def review(self, case: Case, to: str, verdict: str, note: str, actor: str, now: datetime) -> Case:
        """审核: a person's word on what the unit reported moves the case on or back; raises Conflict."""
        with self._database.write() as tx:
            since = {} if (signed := assignments.signed_at(tx, case.id)) is None else {"signed_at": signed}
            back = since if to == "signed" else {}
            casework.advance(tx, case, to, verdict, note, actor, now, **back)
            if case.result is not None:
                said = {"reviewed_by": actor, "reviewed_at": now, "verdict": verdict}
                tx.execute(update(results).where(results.c.id == case.result.id).values(**said))
            self._trail.record(tx, "case.review", "case", [case.id], [to, verdict, note], actor, now)
            return load_case(tx, case.id)

    def of_case(self, case_id: int) -> tuple[Assignment, ...]:
        """Every hand-over of the case, oldest first."""
        with self._database.read() as tx:
            return assignments.of_case(tx, case_id)

    def follow_ups(self, case_id: int) -> list[FollowUp]:
        """Each time the reporter was asked, oldest first."""
        query = select(follow_ups).where(follow_ups.c.case_id == case_id).order_by(follow_ups.c.id)
        with self._database.read() as tx:
            return [noun(FollowUp, row) for row in tx.execute(query).mappings()]

    def contacts(self, case_id: int) -> list[Contact]:
        """Each time the reporter was told something outside the outbox, oldest first."""
        query = select(contacts).where(contacts.c.case_id == case_id).order_by(contacts.c.id)
        with self._database.read() as tx:
            return [noun(Contact, row) for row in tx.execute(query).mappings()]

    def recusals(self, case_id: int) -> list[Recusal]:
        """Who stays away from the case now, oldest first."""
        mine = (recusals.c.case_id == case_id, recusals.c.lifted_at.is_(None))
        with self._database.read() as tx:
            found = tx.execute(select(recusals).where(*mine).order_by(recusals.c.id)).mappings()
            return [noun(Recusal, row) for row in found]

    def returns(self, since: datetime, until: datetime) -> dict[str, tuple[int, int]]:
        """Of each unit how many cases it was given in that time, and how many of these it sent back (退单)."""
        back = func.count(given.c.returned_at)
        query = select(given.c.unit, func.count(), back).where(
            given.c.given_at >= since, given.c.given_at < until
        )
        with self._database.read() as tx:
            return {unit: (whole, sent) for unit, whole, sent in tx.execute(query.group_by(given.c.unit))}
