"""Limits of one case inside a transaction: started, stopped, met, running again; pauses; cards that fall away.

How long a limit is, is not decided here: what must be reckoned anew has an empty `calendar` and waits for a step.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import RowMapping
from sqlalchemy import insert
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import update

from huanyu.store.rows import noun
from huanyu.store.session import insert_new
from huanyu.store.states import INTERIM
from huanyu.store.states import PAUSED
from huanyu.store.states import stands_still
from huanyu.store.tables import cards
from huanyu.store.tables import cases
from huanyu.store.tables import clocks
from huanyu.store.tables import extensions
from huanyu.store.tables import stops
from huanyu.types import Case
from huanyu.types import Clock
from huanyu.types import Extension
from huanyu.types import Stop

#: what of a limit is its reckoning
RECKONED = ("due", "base_due", "provisional", "calendar", "why")
#: a limit that runs again: not met, and its cards are to be made anew
AGAIN = {"ended_at": None, "planned_at": None, "met_at": None, "met_how": ""}
VOID = "void"  #: a limit that the case turned out not to have
RUNNING = clocks.c.ended_at.is_(None)
UNGIVEN = (cards.c.given_at.is_(None), cards.c.dropped_at.is_(None))


def start_clocks(tx: Connection, case_id: int, limits: Iterable[Clock], now: datetime) -> None:
    """Start limits; one that is set anew ends its predecessor, whose row stays.

    What was met in this round stays met, unless another row now asks for more (no `met_at`). One that comes out
    the same goes on, and so do its cards.
    """
    columns = (cases.c.round, cases.c.state, cases.c.answered_at)
    case = tx.execute(select(*columns).where(cases.c.id == case_id)).one()
    known = _latest(tx, case_id, case.round)
    for limit in limits:
        last = known.get(limit.name)
        if last is not None and last["met_at"] is not None:
            if last["met_how"] != VOID and (limit.met_at is not None or limit.rule == last["rule"]):
                continue
            last = None
        if last is not None and last["ended_at"] is None:
            if _same(last, limit):
                _replan(tx, last["id"])
                continue
            _end(tx, [last["id"]], now, "时限已重新计算")
        ended_at = now if stands_still(limit.name, case.state, case.answered_at is not None) else None
        tx.execute(
            insert(clocks).values(
                case_id=case_id,
                **columns_of(limit) | {"round": case.round, "started_at": now, "ended_at": ended_at},
            )
        )


def set_clocks(tx: Connection, case_id: int, limits: Sequence[Clock], now: datetime) -> None:
    """Start the limits of a case; what no row of the table asks for any more, as after a lower level, is void."""
    start_clocks(tx, case_id, limits, now)
    turn = tx.execute(select(cases.c.round).where(cases.c.id == case_id)).scalar_one()
    names = {limit.name for limit in limits}
    gone = [
        row["id"]
        for name, row in _latest(tx, case_id, turn).items()
        if name not in names and row["rule"] and row["met_at"] is None
    ]
    if gone:
        void = {"met_at": now, "met_how": VOID}
        tx.execute(update(clocks).where(clocks.c.id.in_(gone)).values(**void))
        _end(tx, gone, now, "不再适用")


def turn_clocks(tx: Connection, case_id: int, state: str, now: datetime, before: str = "") -> None:
    """Stop the limits that stand still in `state`, let run again those that no longer do.

    After a pause (`before`) what stood still is to be reckoned anew, and so is what was given more time while
    the work was looked at; after 阶段性办结 it begins anew.
    """
    turn, answered = tx.execute(select(cases.c.round, cases.c.answered_at).where(cases.c.id == case_id)).one()
    for name, row in _latest(tx, case_id, turn).items():
        still = stands_still(name, state, answered is not None)
        if still and row["ended_at"] is None:
            _end(tx, [row["id"]], now, "时限已停止")
        elif not still and row["ended_at"] is not None and row["met_at"] is None:
            again = {column: value for column, value in row.items() if column != "id"} | AGAIN
            if before in (PAUSED, INTERIM) or name in _granted_since(tx, case_id, turn, row["ended_at"]):
                again["calendar"] = ""
            if before == INTERIM:
                again["from_at"] = now
            tx.execute(insert(clocks).values(again | {"started_at": now}))


def pause(tx: Connection, case: Case, to: str, kind: str, reason: str, actor: str, now: datetime) -> None:
    """Keep the pauses of a case in step with its move to `to`: one begins, one ends, or neither."""
    if to == PAUSED and case.state != PAUSED:
        values = {"kind": kind, "reason": reason, "from_at": now, "actor": actor, "agreed_by": actor}
        tx.execute(insert_new(tx, stops).values(case_id=case.id, round=case.round, **values))
    elif case.state == PAUSED and to != PAUSED:
        open_one = (stops.c.case_id == case.id, stops.c.until_at.is_(None))
        tx.execute(update(stops).where(*open_one).values(until_at=now))


def meet(
    tx: Connection,
    case_id: int,
    how: str,
    now: datetime,
    names: Collection[str] = (),
    rules: Collection[str] = (),
) -> list[str]:
    """What limits of these names, or by these rows of clocks.toml, ask for is done; returns those that ran."""
    which = or_(clocks.c.name.in_(sorted(names)), clocks.c.rule.in_(sorted(rules)))
    query = select(clocks.c.id, clocks.c.name).where(clocks.c.case_id == case_id, which, RUNNING)
    found = tx.execute(query).all()
    ids = [row.id for row in found]
    if ids:
        tx.execute(update(clocks).where(clocks.c.id.in_(ids)).values(met_at=now, met_how=how))
        _end(tx, ids, now, "已按时限做到")
    return [row.name for row in found]


def replan(tx: Connection, case_id: int) -> None:
    """Who is to be told, or when, may have changed: the cards not yet given are made anew."""
    mine = (clocks.c.case_id == case_id, RUNNING)
    tx.execute(update(clocks).where(*mine).values(planned_at=None))


def replace_clock(tx: Connection, clock_id: int, by: Clock, now: datetime) -> None:
    """The running limit is over, and goes on as another one with other cards."""
    row = tx.execute(select(clocks).where(clocks.c.id == clock_id)).mappings().one()
    _end(tx, [clock_id], now, "时限已改变")
    values = {column: value for column, value in row.items() if column != "id"} | AGAIN
    tx.execute(
        insert(clocks).values(values | {name: getattr(by, name) for name in RECKONED} | {"started_at": now})
    )


def stops_of(tx: Connection, case_id: int, turn: int) -> tuple[Stop, ...]:
    """The pauses of one round, oldest first."""
    mine = (stops.c.case_id == case_id, stops.c.round == turn)
    return tuple(noun(Stop, row) for row in _rows(tx, select(stops).where(*mine).order_by(stops.c.id)))


def extensions_of(tx: Connection, case_id: int, turn: int) -> tuple[Extension, ...]:
    """What was asked for in one round, oldest first."""
    mine = (extensions.c.case_id == case_id, extensions.c.round == turn)
    query = select(extensions).where(*mine).order_by(extensions.c.id)
    return tuple(noun(Extension, row) for row in _rows(tx, query))


def _granted_since(tx: Connection, case_id: int, turn: int, moment: datetime) -> frozenset[str]:
    """Limits that were given more time from this moment on."""
    known = extensions_of(tx, case_id, turn)
    return frozenset(one.clock for one in known if one.decided_at is not None and one.decided_at >= moment)


def columns_of(limit: Clock) -> dict[str, Any]:
    """Its columns; the number of its row is the database's business."""
    return {name: getattr(limit, name) for name in Clock.__dataclass_fields__ if name != "id"}


def _rows(tx: Connection, query: Any) -> Sequence[RowMapping]:
    return tx.execute(query).mappings().all()


def _latest(tx: Connection, case_id: int, turn: int) -> dict[str, RowMapping]:
    """Of each limit of the round its last row."""
    query = select(clocks).where(clocks.c.case_id == case_id, clocks.c.round == turn).order_by(clocks.c.id)
    return {row["name"]: row for row in _rows(tx, query)}


def _same(row: RowMapping, limit: Clock) -> bool:
    return all(row[name] == getattr(limit, name) for name in ("due", "rule", "from_at", "unit", "amount"))


def _replan(tx: Connection, clock_id: int) -> None:
    tx.execute(update(clocks).where(clocks.c.id == clock_id).values(planned_at=None))


def _end(tx: Connection, ids: Sequence[int], now: datetime, why: str) -> None:
    tx.execute(update(clocks).where(clocks.c.id.in_(ids), RUNNING).values(ended_at=now))
    waiting = update(cards).where(cards.c.clock_id.in_(ids), *UNGIVEN)
    tx.execute(waiting.values(dropped_at=now, why=why))
