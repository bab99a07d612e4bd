"""Complaints being handled: opened, joined, taken apart, listed; what moves one is `moving`, its limits `limits`.

Changes are compare-and-set on the version the caller saw; who may change what is not decided here.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import and_
from sqlalchemy import bindparam
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.store import joining
from huanyu.store import judged
from huanyu.store import openings
from huanyu.store import parting
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.beside import of_visible
from huanyu.store.caseload import IS_OPEN
from huanyu.store.caseload import count_of
from huanyu.store.caseload import counting
from huanyu.store.caseload import load
from huanyu.store.caseload import load_case
from huanyu.store.caseload import load_one
from huanyu.store.caseload import matching
from huanyu.store.caseload import matters
from huanyu.store.caseload import page_of
from huanyu.store.caseload import queued
from huanyu.store.caseload import select_cases
from huanyu.store.caseload import states_of
from huanyu.store.nouns import Grounds
from huanyu.store.nouns import Suggestion
from huanyu.store.outgoing import put_notice
from huanyu.store.posts import set_expiry
from huanyu.store.rows import chunks
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.states import OVER
from huanyu.store.states import RETURNED
from huanyu.store.tables import HANDLED
from huanyu.store.tables import case_events
from huanyu.store.tables import case_posts
from huanyu.store.tables import cases
from huanyu.store.tables import corrections
from huanyu.store.tables import posts
from huanyu.store.tables import suggestions
from huanyu.store.tables import verdicts
from huanyu.types import Case
from huanyu.types import CasePlan
from huanyu.types import Draft
from huanyu.types import Event
from huanyu.types import OpenMatter
from huanyu.types import Post
from huanyu.types import Seer

PAGE = 500
_WHOLE = select(func.coalesce(cases.c.parent_id, cases.c.id)).where(cases.c.id == bindparam("case"))
_POSTS = (
    select(posts)
    .join(case_posts, case_posts.c.post_id == posts.c.id)
    .where(case_posts.c.case_id == _WHOLE.scalar_subquery())
    .order_by(case_posts.c.first.desc(), case_posts.c.at, posts.c.id)
)
_CORRECTED = select(corrections.c.id).where(corrections.c.post_id == bindparam("post")).exists()
_JUDGED = (
    select(verdicts, _CORRECTED.label("corrected"))
    .join_from(posts, verdicts, verdicts.c.post_id == posts.c.id, isouter=True)
    .where(posts.c.id == bindparam("post"))
)


class Cases:
    """The bureau's cases."""

    def __init__(self, database: Database, trail: Trail, prefix: str) -> None:
        self._database = database
        self._trail = trail
        self._prefix = prefix

    def open_matters(self, since: datetime) -> list[OpenMatter]:
        """Cases, closed ones too, whose last post was said since `since`."""
        with self._database.read() as tx:
            return matters(tx, cases.c.last_post_at >= since)

    def matter(self, case_id: int) -> OpenMatter:
        """One case as intake sees it; raises NotFound."""
        with self._database.read() as tx:
            found = matters(tx, cases.c.id == case_id)
        if not found:
            raise NotFound("没有这个案件", case=case_id)
        return found[0]

    def apply(self, plan: CasePlan, now: datetime, actor: str = SYSTEM) -> int | None:
        """Carry out the plan for a post, once; returns the case the post belongs to, None when it has none.

        A post planned before is left as it is. Raises NotFound for an unknown post or case.
        """
        with self._database.write() as tx:
            if not openings.claim_post(tx, plan, now):
                return openings.case_of_post(tx, plan.post_id)
            return self._carry_out(tx, plan, actor, now)

    def place(self, plan: CasePlan, facts: Mapping[str, Any], actor: str, now: datetime) -> Case:
        """A person makes a post a case with these `facts`, or a witness of one, whatever was planned for it before.

        What waits for a word about the post is answered by that. Raises Conflict where it belongs to a case already.
        """
        with self._database.write() as tx:
            openings.claim_again(tx, plan, now)
            if openings.case_of_post(tx, plan.post_id) is not None:
                raise Conflict("这条帖文已经在办件中，请刷新后再看", post=plan.post_id)
            decision = {"decided_at": now, "decided_by": actor, "decision": plan.action.value}
            mine = (suggestions.c.post_id == plan.post_id, suggestions.c.decided_at.is_(None))
            tx.execute(update(suggestions).where(*mine).values(**decision))
            case_id = self._carry_out(tx, plan, actor, now)
            if case_id is None:
                raise ValueError("a post that a person places belongs to a case")
            if facts:
                tx.execute(update(cases).where(cases.c.id == case_id).values(**facts))
            parting.reconcile(tx, [plan.post_id], case_id)
            set_expiry(tx, [plan.post_id], None)
            return load_one(tx, cases.c.id == case_id)

    def planned(self, post_id: int) -> str:
        """Why the post was made a case, or none; "" while nothing was decided."""
        with self._database.read() as tx:
            return str(tx.scalar(select(verdicts.c.plan_reason).where(verdicts.c.post_id == post_id)) or "")

    def separated(self, post_ids: Iterable[int]) -> dict[int, frozenset[int]]:
        """For each of these posts the cases a person said it is not about."""
        with self._database.read() as tx:
            return parting.separated(tx, post_ids)

    def take_apart(
        self, case: Case, post_id: int, plan: CasePlan, reason: str, actor: str, now: datetime
    ) -> int | None:
        """A person takes a post out of a case; `plan` says where to: its own new case, another one, or none.

        Returns the case it belongs to now. No machine joins the two again. Raises Conflict when the case has
        changed since it was read, BadInput when nothing would be left of it.
        """
        with self._database.write() as tx:
            parting.take_out(tx, case, post_id, reason, actor, now)
            to = openings.carry_out(tx, plan, self._prefix, actor, now)
            if to == case.id:  # the case it was to go to has been joined into this one meanwhile
                raise Conflict(parting.OVERTAKEN, case=case.number)
            facts = [post_id, plan.action, to, reason]
            self._trail.record(tx, "case.take_apart", "case", [case.id], facts, actor, now)
            return to

    def join(
        self, later: Case, earlier: Case, reason: str, notice: Draft | None, actor: str, now: datetime
    ) -> Case:
        """并案: the later case ends, its posts are further witnesses of the earlier one, its unit is told.

        Raises Conflict.
        """
        with self._database.write() as tx:
            moved = joining.join(tx, later, earlier, reason, actor, now)
            put_notice(tx, later.id, notice, actor, now)
            self._trail.record(tx, "case.join", "case", [later.id, earlier.id], [moved, reason], actor, now)
            return load_case(tx, earlier.id)

    def unjoin(
        self, joined: Case, reason: str, notice: Callable[[Case], Draft | None], actor: str, now: datetime
    ) -> Case:
        """Undo a 并案: the case gets its posts back and stands where it stood before, as `notice` tells its unit.

        Raises Conflict.
        """
        with self._database.write() as tx:
            moved = joining.unjoin(tx, joined, reason, actor, now)
            facts = [moved, joined.joined_into, reason]
            self._trail.record(tx, "case.unjoin", "case", [joined.id], facts, actor, now)
            again = load_case(tx, joined.id)
            put_notice(tx, joined.id, notice(again), actor, now)
            return again

    def joined(self, case_id: int) -> list[Case]:
        """The cases that were joined into this one, oldest first."""
        return self._where(cases.c.joined_into == case_id)

    def suggestions(self, limit: int = 100, seer: Seer | None = None) -> list[Suggestion]:
        """Posts that may belong to a case `seer` may see and wait for a person, oldest first."""
        waits = (suggestions.c.decided_at.is_(None), *of_visible(seer, suggestions.c.case_id))
        query = select(suggestions).where(*waits).order_by(suggestions.c.id)
        with self._database.read() as tx:
            return [noun(Suggestion, row) for row in tx.execute(query.limit(limit)).mappings()]

    def decide(self, suggestion: Suggestion, plan: CasePlan, actor: str, now: datetime) -> int | None:
        """A person's answer to a suggestion: the plan joins the case, opens one, or does nothing. Raises Conflict."""
        if plan.post_id != suggestion.post_id:
            raise ValueError("the plan is for another post")
        with self._database.write() as tx:
            mine = and_(suggestions.c.id == suggestion.id, suggestions.c.decided_at.is_(None))
            decision = {"decided_at": now, "decided_by": actor, "decision": plan.action.value}
            if not tx.execute(update(suggestions).where(mine).values(**decision)).rowcount:
                raise Conflict("他人已作出决定", suggestion=suggestion.id)
            return self._carry_out(tx, plan, actor, now)

    def unrouted(self, limit: int) -> list[Case]:
        """Open cases no rule has looked at yet, oldest first."""
        return self._where(cases.c.routed_at.is_(None), IS_OPEN, limit=limit)

    def undispatched(self, limit: int = 500) -> list[Case]:
        """Open cases that wait for a person to name the unit: no rule matched, or the unit sent them back."""
        waits = or_(and_(cases.c.routed_at.is_not(None), cases.c.unit == ""), cases.c.state == RETURNED)
        return self._where(waits, IS_OPEN, limit=limit)

    def handled(self, limit: int) -> list[Case]:
        """Cases with a result and no draft of a reply yet, oldest first; a whole waits for its parts, these get none."""
        parts = cases.alias()
        waits = select(parts.c.id).where(parts.c.parent_id == cases.c.id, parts.c.state.not_in(sorted(OVER)))
        return self._where(HANDLED, cases.c.parent_id.is_(None), ~waits.exists(), limit=limit)

    def get(self, case_id: int, unit: str | None = None) -> Case:
        """One case; raises NotFound, also for one outside `unit`."""
        if unit is not None:
            return self._one(cases.c.id == case_id, unit, case=case_id)
        with self._database.read() as tx:
            return load_case(tx, case_id)

    def of_ids(self, case_ids: Iterable[int]) -> dict[int, Case]:
        """These cases by their ids."""
        with self._database.read() as tx:
            batches = [load(tx, select_cases().where(cases.c.id.in_(ids))) for ids in chunks(case_ids)]
        return {case.id: case for batch in batches for case in batch}

    def numbers(self, case_ids: Iterable[int]) -> dict[int, str]:
        """The numbers of these cases."""
        found: dict[int, str] = {}
        with self._database.read() as tx:
            for batch in chunks(case_ids):
                rows = tx.execute(select(cases.c.id, cases.c.number).where(cases.c.id.in_(batch)))
                found |= {row.id: row.number for row in rows}
        return found

    def by_number(self, number: str, unit: str | None = None) -> Case:
        """One case by its number; raises NotFound."""
        return self._one(cases.c.number == number, unit, case=number)

    def by_public_id(self, public_id: str) -> Case:
        """One case by its unguessable public name; raises NotFound."""
        return self._one(cases.c.public_id == public_id, None)

    def history(self, case_id: int) -> list[Event]:
        """All that happened to the case, oldest first."""
        query = select(case_events).where(case_events.c.case_id == case_id).order_by(case_events.c.id)
        with self._database.read() as tx:
            return [noun(Event, row) for row in tx.execute(query).mappings()]

    def posts(self, case_id: int) -> list[Post]:
        """The posts the case grew from, the first one first; a part of a case has those of the whole."""
        with self._database.read() as tx:
            return [judged.to_post(row) for row in tx.execute(_POSTS, {"case": case_id}).mappings()]

    def grounds(self, case_id: int) -> Grounds:
        """What the case rests on, its posts as in `posts`."""
        with self._database.read() as tx:
            said = tuple(judged.to_post(row) for row in tx.execute(_POSTS, {"case": case_id}).mappings())
            if not said:
                return Grounds()
            row = tx.execute(_JUDGED, {"post": said[0].id}).mappings().one()
        known = row["post_id"] is not None
        return Grounds(said, judged.to_verdict(row) if known else None, bool(row["corrected"]))

    def listing(
        self,
        unit: str | None = None,
        states: Collection[str] = (),
        text: str = "",
        limit: int = 50,
        offset: int = 0,
        deep: bool = True,
        seer: Seer | None = None,
        lean: bool = False,
        limits: bool = True,
    ) -> list[Case]:
        """Cases `seer` may see, newest first; `unit` shows one unit's, `deep` finds `text` in what was reported, too.

        `lean`: without results and the limits that were met, which a list does not show; `limits`: whether any are read.
        """
        if not text:
            query = page_of(unit, frozenset(states), seer, limit, offset)
        else:
            where = matching(unit, states, text, deep, seer)
            query = select_cases().where(*where).order_by(cases.c.id.desc()).limit(limit).offset(offset)
        with self._database.read() as tx:
            return queued(tx, query, lean=lean, limits=limits)

    def beyond(
        self, last: int, seer: Seer, states: Collection[str], since: datetime | None, limit: int
    ) -> list[Case]:
        """Cases with ids above `last` that `seer` may see, oldest first; none about an official's conduct.

        With `since` only those of which something was noted from then on.
        """
        where = [cases.c.id > last, cases.c.restricted.is_(False), *matching(None, states, "", seer=seer)]
        if since is not None:
            noted = select(case_events.c.id).where(
                case_events.c.case_id == cases.c.id, case_events.c.at >= since
            )
            where.append(noted.exists())
        return self._where(*where, limit=limit)

    def count(
        self,
        unit: str | None = None,
        states: Collection[str] = (),
        text: str = "",
        deep: bool = True,
        seer: Seer | None = None,
        most: int | None = None,
    ) -> int:
        """How many cases `listing` would show in all; counted up to `most`, where more need not be told."""
        if text:
            query = counting(matching(unit, states, text, deep, seer), most, reported=deep)
        else:
            query = count_of(unit, frozenset(states), seer, most)
        with self._database.read() as tx:
            return int(tx.scalar(query) or 0)

    def count_states(
        self,
        states: Collection[str],
        unit: str | None = None,
        text: str = "",
        deep: bool = True,
        seer: Seer | None = None,
    ) -> dict[str, int]:
        """How many cases `listing` would show of each of these states, in one look."""
        query = states_of(unit, frozenset(states), seer)
        if text:
            query = query.where(*matching(None, (), text, deep))
            query = query.join(posts, cases.c.first_post_id == posts.c.id) if deep else query
        with self._database.read() as tx:
            return {str(state): int(count) for state, count in tx.execute(query)}

    def iterate(self) -> Iterator[Case]:
        """Every case by id, a page at a time."""
        last = 0
        while page := self._where(cases.c.id > last, limit=PAGE):
            yield from page
            last = page[-1].id

    def _carry_out(self, tx: Connection, plan: CasePlan, actor: str, now: datetime) -> int | None:
        case_id = openings.carry_out(tx, plan, self._prefix, actor, now)
        facts = [plan.post_id, plan.action, plan.reason, plan.reopen]
        ids = [plan.post_id] if case_id is None else [case_id]
        about = "post" if case_id is None else "case"
        self._trail.record(tx, f"case.{plan.action.value}", about, ids, facts, actor, now)
        return case_id

    def _where(self, *where: ColumnElement[bool], limit: int | None = None) -> list[Case]:
        query = select_cases().where(*where).order_by(cases.c.id).limit(limit)
        with self._database.read() as tx:
            return queued(tx, query)

    def _one(self, where: ColumnElement[bool], unit: str | None, **ids: object) -> Case:
        with self._database.read() as tx:
            return load_one(tx, where, *matching(unit, (), ""), **ids)
