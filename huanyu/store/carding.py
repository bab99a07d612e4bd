"""Cards of many limits inside one transaction: made, given once, with their lines, notices and audit rows.

A hundred cards cost little more statements than one: on the first morning after a holiday there are thousands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter
from sqlalchemy import Connection
from sqlalchemy import and_
from sqlalchemy import bindparam
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from huanyu.store.audit import Trail
from huanyu.store.casework import EVENT
from huanyu.store.casework import event_line
from huanyu.store.clockwork import RUNNING
from huanyu.store.clockwork import UNGIVEN
from huanyu.store.outgoing import put_notices
from huanyu.store.tables import cards
from huanyu.store.tables import cases
from huanyu.store.tables import clocks
from huanyu.types import Draft
from huanyu.types import DueCard
from huanyu.types import Running

Planned = tuple[str, datetime, str]  #: stage, moment, whom

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_OF_LIMITS = cards.c.clock_id.in_(_IDS)
_ROWS = (
    select(clocks.c.id, clocks.c.planned_at)
    .where(clocks.c.id.in_(_IDS), RUNNING)
    .order_by(clocks.c.id)
    .with_for_update()
)
_CASES = (
    select(cases.c.id, cases.c.state)
    .where(cases.c.id.in_(_IDS))
    .order_by(cases.c.id)
    .with_for_update(key_share=True)
)
_KNOWN = select(cards.c.clock_id, cards.c.stage).where(_OF_LIMITS)
_CLEAR = (
    update(cards).where(_OF_LIMITS, *UNGIVEN).values(dropped_at=bindparam("now"), why=bindparam("because"))
)
_AGAIN = (
    update(cards)
    .where(
        cards.c.clock_id == bindparam("limit"),
        cards.c.stage == bindparam("named"),
        cards.c.given_at.is_(None),
    )
    .values(at=bindparam("moment"), whom=bindparam("who"), dropped_at=None, why="")
)
_PUT = insert(cards)
_PLANNED = update(clocks).where(clocks.c.id.in_(_IDS)).values(planned_at=bindparam("now"))
_GIVE = (
    update(cards)
    .where(cards.c.id.in_(_IDS), *UNGIVEN)
    .values(given_at=bindparam("now"))
    .returning(cards.c.id)
)


@dataclass(frozen=True, slots=True)
class Plan:
    """The cards of one limit; `instead`: what follows a stage that is said every day, where it was given already."""

    of: Running
    stages: Sequence[Planned]
    instead: Mapping[str, Planned] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gift:
    """A card to be given, what the history says of it, its notices, and the card that follows it."""

    due: DueCard
    note: str
    notices: Sequence[Draft] = ()
    again: Planned | None = None


def plan(tx: Connection, trail: Trail, plans: Iterable[Plan], actor: str, now: datetime) -> int:
    """Make the cards of limits that run and have none yet; what was given is not given again. Returns how many."""
    wanted = {one.of.clock.id: one for one in plans}
    found = tx.execute(_ROWS, {"ids": sorted(wanted)})
    mine = [wanted[row.id] for row in found if row.planned_at is None]
    if not mine:
        return 0
    ids = [one.of.clock.id for one in mine]
    given = _given(tx, ids)
    _drop(tx, ids, now)
    _write(tx, [(one.of.clock.id, card) for one in mine for card in _chosen(one, given[one.of.clock.id])])
    tx.execute(_PLANNED, {"ids": ids, "now": now})
    lines = ((one.of.case.id, _facts(one)) for one in mine)
    trail.record_each(tx, "case.plan_cards", "case", lines, actor, now)
    return len(mine)


def give(tx: Connection, trail: Trail, gifts: Iterable[Gift], actor: str, now: datetime) -> int:
    """Give these cards with their notices, each once; those that fell away are left. Returns how many were given."""
    wanted = {one.due.card.id: one for one in gifts}
    about = {one.due.case.id for one in wanted.values()}
    states = {row.id: row.state for row in tx.execute(_CASES, {"ids": sorted(about)})}
    limits = {one.due.clock.id for one in wanted.values()}
    running = {row.id for row in tx.execute(_ROWS, {"ids": sorted(limits)})}
    owed = sorted(card_id for card_id, one in wanted.items() if one.due.clock.id in running)
    given = sorted(tx.execute(_GIVE, {"ids": owed, "now": now}).scalars()) if owed else []
    mine = [wanted[card_id] for card_id in given]
    if not mine:
        return 0
    _write(tx, [(one.due.clock.id, one.again) for one in mine if one.again is not None])
    told = [
        event_line(one.due.case.id, states[one.due.case.id], "reminded", one.note, actor, now) for one in mine
    ]
    tx.execute(EVENT, told)
    put_notices(tx, [(one.due.case.id, notice) for one in mine for notice in one.notices], actor, now)
    lines = ((one.due.case.id, [one.due.clock.name, one.due.card.stage]) for one in mine)
    trail.record_each(tx, "case.remind", "case", lines, actor, now)
    return len(mine)


def _chosen(one: Plan, given: Collection[str]) -> list[Planned]:
    found = [one.instead.get(card[0]) if card[0] in given else card for card in one.stages]
    return [card for card in found if card is not None and card[0] not in given]


def _facts(one: Plan) -> list[str]:
    return [one.of.clock.name, *(f"{stage} {at.isoformat()}" for stage, at, _ in one.stages)]


def _given(tx: Connection, ids: Sequence[int]) -> defaultdict[int, set[str]]:
    """Stages given of each limit, or of one before it in the same round that was due at the same moment."""
    mine = clocks.alias()
    same = and_(
        clocks.c.case_id == mine.c.case_id,
        clocks.c.round == mine.c.round,
        clocks.c.name == mine.c.name,
        clocks.c.owed_by == mine.c.owed_by,
        clocks.c.due == mine.c.due,
    )
    query = (
        select(mine.c.id, cards.c.stage)
        .join_from(mine, clocks, same)
        .join(cards, cards.c.clock_id == clocks.c.id)
        .where(mine.c.id.in_(ids), cards.c.given_at.is_not(None))
    )
    found: defaultdict[int, set[str]] = defaultdict(set)
    for clock_id, stage in tx.execute(query):
        found[clock_id].add(stage)
    return found


def _drop(tx: Connection, ids: Sequence[int], now: datetime) -> None:
    """Of the cards made before, what is not planned any more is dropped."""
    tx.execute(_CLEAR, {"ids": ids, "now": now, "because": "已重新安排"})


def _write(tx: Connection, wanted: Sequence[tuple[int, Planned]]) -> None:
    """Cards to be given; one that was dropped before waits again, one that was given stays as it is."""
    if not wanted:
        return
    known = {
        (row.clock_id, row.stage) for row in tx.execute(_KNOWN, {"ids": sorted({one for one, _ in wanted})})
    }
    for clock_id, (stage, at, whom) in wanted:
        if (clock_id, stage) in known:
            tx.execute(_AGAIN, {"limit": clock_id, "named": stage, "moment": at, "who": whom})
    new = [
        {"clock_id": clock_id, "stage": stage, "at": at, "whom": whom}
        for clock_id, (stage, at, whom) in wanted
        if (clock_id, stage) not in known
    ]
    if new:
        tx.execute(_PUT, new)
