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
from sqlalchemy import insert
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import update

from huanyu.store import casework
from huanyu.store import clockwork
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.caseload import load
from huanyu.store.caseload import matching
from huanyu.store.caseload import select_cases
from huanyu.store.clockwork import RECKONED
from huanyu.store.clockwork import RUNNING
from huanyu.store.clockwork import UNGIVEN
from huanyu.store.outgoing import put_notice
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

Planned = tuple[str, datetime, str]  #: stage, moment, whom


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
            return _load(tx, _of_cases(*where).order_by(clocks.c.due, clocks.c.id).limit(limit))

    def overdue(self, now: datetime, unit: str | None = None, seer: Seer | None = None) -> int:
        """How many cases have a limit that is over."""
        late = (*_filtered(unit, "", (), seer), clocks.c.due < now)
        query = select(func.count(clocks.c.case_id.distinct())).join(cases, cases.c.id == clocks.c.case_id)
        with self._database.read() as tx:
            return int(tx.execute(query.where(*late)).scalar_one())

    def unreckoned(self, calendar: str, limit: int, case_id: int | None = None) -> list[Running]:
        """Limits to be reckoned anew: after a pause, or because a notice was loaded since (`calendar`: its digest)."""
        mine = [RUNNING] if case_id is None else [RUNNING, clocks.c.case_id == case_id]
        stood_still = (clocks.c.planned_at.is_(None), clocks.c.calendar == "")
        of_old = (clocks.c.provisional, clocks.c.calendar != calendar, clocks.c.calendar != "")
        with self._database.read() as tx:  # two questions: each has its index
            found = (
                _of_cases(*mine, *one).order_by(clocks.c.id).limit(limit) for one in (stood_still, of_old)
            )
            return [one for query in found for one in _load(tx, query)]

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
            return _load(tx, _of_cases(*waiting).order_by(clocks.c.id).limit(limit))

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
        with self._database.write() as tx:
            row = _still_running(tx, one.clock.id)
            if row is None or row.planned_at is not None:
                return False
            given = _given(tx, row)
            chosen = [instead.get(card[0]) if card[0] in given else card for card in stages]
            _write_cards(tx, row.id, [card for card in chosen if card and card[0] not in given], now)
            tx.execute(update(clocks).where(clocks.c.id == row.id).values(planned_at=now))
            facts = [one.clock.name, *(f"{stage} {at.isoformat()}" for stage, at, _ in stages)]
            self._trail.record(tx, "case.plan_cards", "case", [one.case.id], facts, actor, now)
            return True

    def waiting(self, now: datetime, limit: int) -> list[DueCard]:
        """Cards whose moment has come, of limits that still run; the earliest first."""
        query = (
            select(cards)
            .join(clocks, clocks.c.id == cards.c.clock_id)
            .where(*UNGIVEN, cards.c.at <= now, RUNNING)
            .order_by(cards.c.at, cards.c.id)
            .limit(limit)
        )
        with self._database.read() as tx:
            found = [noun(Card, row) for row in tx.execute(query).mappings()]
            ids = sorted({card.clock_id for card in found})
            about = {one.clock.id: one for one in _load(tx, _of_cases(clocks.c.id.in_(ids)))} if ids else {}
        return [DueCard(card=c, clock=about[c.clock_id].clock, case=about[c.clock_id].case) for c in found]

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
        with self._database.write() as tx:
            if _still_running(tx, due.clock.id) is None:
                return False
            mine = update(cards).where(cards.c.id == due.card.id, *UNGIVEN)
            if not tx.execute(mine.values(given_at=now)).rowcount:
                return False
            if again is not None:
                _write_cards(tx, due.clock.id, [again], now, keep=True)
            _tell(tx, due.case.id, "reminded", note, actor, now)
            for notice in notices:
                put_notice(tx, due.case.id, notice, actor, now)
            facts = [due.clock.name, due.card.stage]
            self._trail.record(tx, "case.remind", "case", [due.case.id], facts, actor, now)
            return True

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
        mine = (clocks.c.case_id == case.id, clocks.c.round == case.round)
        query = select(cards).join(clocks, clocks.c.id == cards.c.clock_id).where(*mine)
        with self._database.read() as tx:
            rows = tx.execute(select(clocks).where(*mine)).mappings()
            named = {row["id"]: noun(Clock, row) for row in rows}
            found = tx.execute(query.order_by(cards.c.at, cards.c.id)).mappings()
            return tuple((named[row["clock_id"]], noun(Card, row)) for row in found)


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


def _load(tx: Connection, query: Select[Any]) -> list[Running]:
    rows = tx.execute(query).mappings().all()
    ids = sorted({row["case_id"] for row in rows})
    found = {case.id: case for case in load(tx, select_cases().where(cases.c.id.in_(ids)))} if ids else {}
    return [Running(clock=noun(Clock, row), case=found[row["case_id"]]) for row in rows]


def _still_running(tx: Connection, clock_id: int) -> Any:
    """The row of a limit, held until the transaction ends; None when it no longer runs."""
    return tx.execute(select(clocks).where(clocks.c.id == clock_id, RUNNING).with_for_update()).one_or_none()


def _given(tx: Connection, row: Any) -> frozenset[str]:
    """Stages given of this limit, or of one before it in the same round that was due at the same moment."""
    same = (
        clocks.c.case_id == row.case_id,
        clocks.c.round == row.round,
        clocks.c.name == row.name,
        clocks.c.due == row.due,
    )
    query = select(cards.c.stage).join(clocks, clocks.c.id == cards.c.clock_id)
    return frozenset(tx.execute(query.where(*same, cards.c.given_at.is_not(None))).scalars())


def _write_cards(
    tx: Connection,
    clock_id: int,
    planned: Sequence[Planned],
    now: datetime,
    keep: bool = False,
) -> None:
    """Cards to be given; of those made before, what is not planned any more is dropped, unless they are to be kept."""
    mine = (cards.c.clock_id == clock_id, cards.c.given_at.is_(None))
    if not keep:
        tx.execute(update(cards).where(*mine, *UNGIVEN).values(dropped_at=now, why="已重新安排"))
    for stage, at, whom in planned:
        values = {"at": at, "whom": whom, "dropped_at": None, "why": ""}
        known = update(cards).where(*mine, cards.c.stage == stage).values(values)
        if not tx.execute(known).rowcount:
            tx.execute(insert(cards).values(clock_id=clock_id, stage=stage, **values))


def _tell(tx: Connection, case_id: int, action: str, note: str, actor: str, now: datetime) -> None:
    state = tx.execute(select(cases.c.state).where(cases.c.id == case_id)).scalar_one()
    casework.note_event(tx, case_id, state, action, note, actor, now)
