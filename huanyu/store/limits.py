"""The limits of open cases: which run, which must be reckoned anew, which cards are waiting, given, or dropped.

When a limit ends and who is told of it is not decided here; more time for one is `extending`.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import Select
from sqlalchemy import and_
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import update

from huanyu.store import carding
from huanyu.store import casework
from huanyu.store import clockwork
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.broken import Kind
from huanyu.store.broken import readable
from huanyu.store.carding import Gift
from huanyu.store.carding import Plan
from huanyu.store.carding import Planned
from huanyu.store.caseload import load
from huanyu.store.caseload import matching
from huanyu.store.caseload import select_cases
from huanyu.store.clockwork import RECKONED
from huanyu.store.clockwork import RUNNING
from huanyu.store.clockwork import UNGIVEN
from huanyu.store.rows import chunks
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.tables import cards
from huanyu.store.tables import cases
from huanyu.store.tables import clocks
from huanyu.types import Card
from huanyu.types import Case
from huanyu.types import Clock
from huanyu.types import Draft
from huanyu.types import DueCard
from huanyu.types import Extension
from huanyu.types import Running
from huanyu.types import Seer
from huanyu.types import Stop

_WAITING = select(cards).join(clocks, clocks.c.id == cards.c.clock_id).where(*UNGIVEN, RUNNING)
_NEXT = _WAITING.with_only_columns(cards.c.at).order_by(cards.c.at).limit(1)


class Limits:
    """Limits that run, and the cards given of them."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def running(
        self,
        limit: int,
        unit: str | None = None,
        level: str = "",
        names: Iterable[str] = (),
        after: tuple[datetime, int] | None = None,
        seer: Seer | None = None,
    ) -> list[Running]:
        """Running limits that `seer` may see, in the order they are due; `after` is (due, id) of the last one seen."""
        where = [*_filtered(unit, level, names, seer)]
        if after is not None:
            due, last = after
            where.append(or_(clocks.c.due > due, and_(clocks.c.due == due, clocks.c.id > last)))
        with self._database.read() as tx:
            return _queued(tx, _of_cases(*where).order_by(clocks.c.due, clocks.c.id).limit(limit))

    def overdue(self, now: datetime, unit: str | None = None, seer: Seer | None = None) -> int:
        """How many cases have a limit that is over."""
        mine = matching(unit, (), "", seer=seer)
        late = select(clocks.c.case_id).where(RUNNING, clocks.c.due < now)
        query = select(func.count()).select_from(cases).where(cases.c.id.in_(late), *mine)
        with self._database.read() as tx:
            return int(tx.execute(query).scalar_one())

    def unreckoned(self, calendar: str, limit: int, case_id: int | None = None) -> list[Running]:
        """Limits to be reckoned anew: after a pause, or because a notice was loaded since (`calendar`: its digest)."""
        mine = [RUNNING] if case_id is None else [RUNNING, clocks.c.case_id == case_id]
        stood_still = (clocks.c.planned_at.is_(None), clocks.c.calendar == "")
        of_old = (clocks.c.provisional, clocks.c.calendar != calendar, clocks.c.calendar != "")
        with self._database.read() as tx:  # two questions: each has its index
            found = (
                _of_cases(*mine, *one).order_by(clocks.c.id).limit(limit) for one in (stood_still, of_old)
            )
            return [one for query in found for one in _queued(tx, query)]

    def reckon(self, one: Running, anew: Clock, note: str, now: datetime, actor: str = SYSTEM) -> bool:
        """Set a limit as it was reckoned anew; False when it is over, or was replaced meanwhile."""
        with self._database.write() as tx:
            row = _still_running(tx, one.clock.id)
            if row is None:
                return False
            if row.due == anew.due or row.planned_at is None:  # no card of the old moment was ever made
                values = {name: getattr(anew, name) for name in RECKONED}
                tx.execute(update(clocks).where(clocks.c.id == one.clock.id).values(values))
            else:
                clockwork.replace_clock(tx, one.clock.id, anew, now)
            if row.due != anew.due:
                _tell(tx, one.case.id, "reckoned", note, actor, now)
            facts = [one.clock.name, anew.due.isoformat(), anew.calendar]
            self._trail.record(tx, "case.reckon", "case", [one.case.id], facts, actor, now)
            return True

    def unplanned(self, limit: int) -> list[Running]:
        """Running limits whose cards are to be made."""
        waiting = (RUNNING, clocks.c.planned_at.is_(None), clocks.c.calendar != "")
        with self._database.read() as tx:
            return _queued(tx, _of_cases(*waiting).order_by(clocks.c.id).limit(limit))

    def plan(
        self,
        one: Running,
        stages: Sequence[Planned],
        now: datetime,
        instead: Mapping[str, Planned] = MappingProxyType({}),
        actor: str = SYSTEM,
    ) -> bool:
        """Make the cards (stage, moment, whom) of a limit; what was given of it is not given again.

        `instead`: what follows a stage that is said every day, where it was given already.
        """
        return self.plan_all([Plan(one, stages, instead)], now, actor) == 1

    def plan_all(self, plans: Sequence[Plan], now: datetime, actor: str = SYSTEM) -> int:
        """`plan` for many limits in one transaction; returns how many were still to be planned."""
        with self._database.write() as tx:
            return carding.plan(tx, self._trail, plans, actor, now)

    def next_moment(self) -> datetime | None:
        """When the next card may be given; None where none is planned."""
        with self._database.read() as tx:
            found: datetime | None = tx.scalar(_NEXT)
            return found

    def waiting(self, now: datetime, limit: int) -> list[DueCard]:
        """Cards whose moment has come, of limits that still run; the earliest first."""
        query = _WAITING.where(cards.c.at <= now).order_by(cards.c.at, cards.c.id).limit(limit)
        with self._database.read() as tx:
            return readable(tx, _CARDS, query, lambda some: _due(tx, some))

    def give(
        self,
        due: DueCard,
        note: str,
        notices: Sequence[Draft],
        now: datetime,
        again: Planned | None = None,
        actor: str = SYSTEM,
    ) -> bool:
        """Give a card with its notices, once; `again` is the card that follows it. False when it fell away."""
        return self.give_all([Gift(due, note, notices, again)], now, actor) == 1

    def give_all(self, gifts: Sequence[Gift], now: datetime, actor: str = SYSTEM) -> int:
        """`give` for many cards in one transaction; returns how many had not fallen away."""
        with self._database.write() as tx:
            return carding.give(tx, self._trail, gifts, actor, now)

    def put_off(self, card: Card, at: datetime, now: datetime, actor: str = SYSTEM) -> bool:
        """A card that was late for its office hours waits for the next ones."""
        with self._database.write() as tx:
            moved = update(cards).where(cards.c.id == card.id, *UNGIVEN).values(at=at)
            if not tx.execute(moved).rowcount:
                return False
            self._trail.record(tx, "card.put_off", "card", [card.id], [at.isoformat()], actor, now)
            return True

    def meet(
        self, case: Case, rules: Collection[str], how: str, note: str, now: datetime, actor: str
    ) -> list[str]:
        """What limits by these rows of clocks.toml ask for has been done; returns those that were running."""
        with self._database.write() as tx:
            met = clockwork.meet(tx, case.id, how, now, rules=rules)
            if met:
                _tell(tx, case.id, "met", note, actor, now)
                self._trail.record(tx, "case.met", "case", [case.id], [how, *met], actor, now)
            return met

    def agreed(self, case: Case) -> tuple[tuple[Stop, ...], tuple[Extension, ...]]:
        """The pauses and extensions of the case's present round."""
        with self._database.read() as tx:
            return (
                clockwork.stops_of(tx, case.id, case.round),
                clockwork.extensions_of(tx, case.id, case.round),
            )

    def cards_of(self, case: Case) -> tuple[tuple[Clock, Card], ...]:
        """Every card of the case's present round, with the limit it is of."""
        return self.cards_of_all([case])[case.id]

    def cards_of_all(self, some: Sequence[Case]) -> dict[int, tuple[tuple[Clock, Card], ...]]:
        """`cards_of` for many cases, by their ids."""
        found: dict[int, list[tuple[Clock, Card]]] = {case.id: [] for case in some}
        rounds = {case.id: case.round for case in some}
        with self._database.read() as tx:
            for ids in chunks(rounds):
                mine = clocks.c.case_id.in_(ids)
                rows = tx.execute(select(clocks).where(mine)).mappings()
                of = {row["id"]: row for row in rows if row["round"] == rounds[row["case_id"]]}
                query = select(cards).join(clocks, clocks.c.id == cards.c.clock_id).where(mine)
                for row in tx.execute(query.order_by(cards.c.at, cards.c.id)).mappings():
                    if (clock := of.get(row["clock_id"])) is not None:
                        found[clock["case_id"]].append((noun(Clock, clock), noun(Card, row)))
        return {case_id: tuple(given) for case_id, given in found.items()}


def _filtered(
    unit: str | None, level: str, names: Iterable[str], seer: Seer | None
) -> list[ColumnElement[bool]]:
    where = [RUNNING, *matching(unit, (), "", seer=seer)]
    if level:
        where.append(cases.c.level == level)
    if wanted := sorted(names):
        where.append(clocks.c.name.in_(wanted))
    return where


def _of_cases(*where: ColumnElement[bool]) -> Select[Any]:
    return select(clocks).join(cases, cases.c.id == clocks.c.case_id).where(*where)


_LIMITS = Kind("clocks", clocks.c.id, _of_cases())
_CARDS = Kind("cards", cards.c.id, select(cards))


def _queued(tx: Connection, query: Select[Any]) -> list[Running]:
    """Without the limits that are broken, or whose case is."""
    return readable(tx, _LIMITS, query, lambda some: _load(tx, some))


def _due(tx: Connection, query: Select[Any]) -> list[DueCard]:
    found = [noun(Card, row) for row in tx.execute(query).mappings()]
    ids = sorted({card.clock_id for card in found})
    about = {one.clock.id: one for one in _load(tx, _of_cases(clocks.c.id.in_(ids)))} if ids else {}
    return [DueCard(card=c, clock=about[c.clock_id].clock, case=about[c.clock_id].case) for c in found]


def _load(tx: Connection, query: Select[Any]) -> list[Running]:
    rows = tx.execute(query).mappings().all()
    ids = sorted({row["case_id"] for row in rows})
    found = {case.id: case for case in load(tx, select_cases().where(cases.c.id.in_(ids)))} if ids else {}
    return [Running(clock=noun(Clock, row), case=found[row["case_id"]]) for row in rows]


def _still_running(tx: Connection, clock_id: int) -> Any:
    """The row of a limit, held until the transaction ends; None when it no longer runs."""
    return tx.execute(select(clocks).where(clocks.c.id == clock_id, RUNNING).with_for_update()).one_or_none()


def _tell(tx: Connection, case_id: int, action: str, note: str, actor: str, now: datetime) -> None:
    state = tx.execute(select(cases.c.state).where(cases.c.id == case_id)).scalar_one()
    casework.note_event(tx, case_id, state, action, note, actor, now)
