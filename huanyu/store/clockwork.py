"""Limits of one case inside a transaction: started, stopped, met, running again; pauses; cards that fall away.

How long a limit is, is not decided here: what must be reckoned anew has an empty `calendar` and waits for a step.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter
from sqlalchemy import Connection
from sqlalchemy import Row
from sqlalchemy import RowMapping
from sqlalchemy import Select
from sqlalchemy import Table
from sqlalchemy import bindparam
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

OPINION = "opinion"  #: what an assisting unit owes
RECTIFY = "rectify"
REVISIT = "revisit"
#: limits that begin with a result or an answer, not when the case is handed over
LATER = frozenset({RECTIFY, REVISIT, "reexamine", "reverify"})
#: what of a limit is its reckoning
RECKONED = ("due", "base_due", "provisional", "calendar", "why")
#: a limit that runs again: not met, and its cards are to be made anew
AGAIN = {"ended_at": None, "planned_at": None, "met_at": None, "met_how": ""}
VOID = "void"  #: a limit that the case turned out not to have
Standing = Row[Any, Any, Any]  #: round, state and answered_at of a case
Owed = tuple[str, str]  #: name of a limit, and the assisting unit that owes it ("" = the case's own)
RUNNING = clocks.c.ended_at.is_(None)
UNGIVEN = (cards.c.given_at.is_(None), cards.c.dropped_at.is_(None))
COLUMNS = tuple(field.name for field in fields(Clock) if field.name != "id")


def _of_round(table: Table) -> Select[Any]:
    mine = (table.c.case_id == bindparam("case"), table.c.round == bindparam("turn"))
    return select(table).where(*mine).order_by(table.c.id)


# Said once: these are asked at every move of every case.
_CLOCKS, _STOPS, _EXTENSIONS = _of_round(clocks), _of_round(stops), _of_round(extensions)
_CASE = select(cases.c.round, cases.c.state, cases.c.answered_at).where(cases.c.id == bindparam("case"))
_START = insert(clocks)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_END = update(clocks).where(clocks.c.id.in_(_IDS), RUNNING).values(ended_at=bindparam("now"))
_MEETS = select(clocks.c.id, clocks.c.name).where(
    clocks.c.case_id == bindparam("case"),
    clocks.c.owed_by == bindparam("owing"),
    or_(
        clocks.c.name.in_(bindparam("names", expanding=True)),
        clocks.c.rule.in_(bindparam("rules", expanding=True)),
    ),
    RUNNING,
)
_MET = (
    update(clocks)
    .where(clocks.c.id.in_(_IDS))
    .values(met_at=bindparam("now"), met_how=bindparam("how"), ended_at=bindparam("now"))
)
_DROP = (
    update(cards)
    .where(cards.c.clock_id.in_(_IDS), *UNGIVEN)
    .values(dropped_at=bindparam("now"), why=bindparam("because"))
)


def start_clocks(tx: Connection, case_id: int, limits: Iterable[Clock], now: datetime) -> None:
    """Start limits; one that is set anew ends its predecessor, whose row stays.

    What was met in this round stays met, unless another row now asks for more (no `met_at`). One that comes out
    the same goes on, and so do its cards.
    """
    case = tx.execute(_CASE, {"case": case_id}).one()
    _start(tx, case_id, case, _latest(tx, case_id, case.round), limits, now)


def _start(
    tx: Connection,
    case_id: int,
    case: Standing,
    known: Mapping[Owed, RowMapping],
    limits: Iterable[Clock],
    now: datetime,
) -> None:
    rows = []
    for limit in limits:
        last = known.get((limit.name, limit.owed_by))
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
        started = {"case_id": case_id, "round": case.round, "started_at": now, "ended_at": ended_at}
        rows.append(columns_of(limit) | started)
    if rows:
        tx.execute(_START, rows)


def begin(tx: Connection, case_id: int, limit: Clock, now: datetime) -> None:
    """Start a limit that runs whether or not one of its name was met before."""
    turn = tx.execute(select(cases.c.round).where(cases.c.id == case_id)).scalar_one()
    last = _latest(tx, case_id, turn).get((limit.name, limit.owed_by))
    if last is not None:
        _end(tx, [last["id"]], now, "时限已重新计算")
    tx.execute(
        insert(clocks).values(case_id=case_id, **columns_of(limit) | {"round": turn, "started_at": now})
    )


def set_clocks(
    tx: Connection, case_id: int, limits: Sequence[Clock], now: datetime, standing: Standing | None = None
) -> None:
    """Start the limits of a case; what no row of the table asks for any more, as after a lower level, is void.

    What began with a result or an answer is not of this handing over, and goes on. `standing`: the case, where it
    has just been written.
    """
    case = standing or tx.execute(_CASE, {"case": case_id}).one()
    known = _latest(tx, case_id, case.round)
    _start(tx, case_id, case, known, limits, now)
    kept = {(limit.name, limit.owed_by) for limit in limits}
    _void(tx, known, now, lambda owed: owed not in kept and owed[0] not in LATER)


def void(tx: Connection, case_id: int, name: str, now: datetime, by: Collection[str] | None = None) -> None:
    """The case turned out not to have this limit in its present round; `by`: the units that owe it no longer."""
    turn = tx.execute(_CASE, {"case": case_id}).one().round
    gone = _latest(tx, case_id, turn)
    _void(tx, gone, now, lambda owed: owed[0] == name and (by is None or owed[1] in by))


def _void(
    tx: Connection, known: Mapping[Owed, RowMapping], now: datetime, which: Callable[[Owed], bool]
) -> None:
    gone = [row["id"] for owed, row in known.items() if which(owed) and row["rule"] and row["met_at"] is None]
    if gone:
        values = {"met_at": now, "met_how": VOID}
        tx.execute(update(clocks).where(clocks.c.id.in_(gone)).values(**values))
        _end(tx, gone, now, "不再适用")


def turn_clocks(
    tx: Connection,
    case_id: int,
    state: str,
    now: datetime,
    before: str = "",
    standing: Standing | None = None,
) -> None:
    """Stop the limits that stand still in `state`, let run again those that no longer do.

    After a pause (`before`) what stood still is to be reckoned anew, and so is what was given more time while
    the work was looked at; after 阶段性办结 it begins anew, and so does 回访 after a further answer.
    `standing`: the case, where it has just been written.
    """
    case = standing or tx.execute(_CASE, {"case": case_id}).one()
    turn, answered = case.round, case.answered_at is not None
    stopped, known = [], _latest(tx, case_id, turn)
    if turn > 1:
        earlier = select(clocks.c.id).where(clocks.c.case_id == case_id, clocks.c.round < turn, RUNNING)
        if over := list(tx.scalars(earlier)):
            _end(tx, over, now, "新一轮办理")
    for (name, _), row in known.items():
        still = stands_still(name, state, answered)
        if still and row["ended_at"] is None:
            stopped.append(row["id"])
        elif not still and row["ended_at"] is not None and row["met_at"] is None:
            again = {column: value for column, value in row.items() if column != "id"} | AGAIN
            if before in (PAUSED, INTERIM) or name in _granted_since(tx, case_id, turn, row["ended_at"]):
                again["calendar"] = ""
            if before == INTERIM or name == REVISIT:
                again |= {"from_at": now, "calendar": ""}
            tx.execute(_START, again | {"started_at": now})
    if stopped:
        _end(tx, stopped, now, "时限已停止")


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
    owed_by: str = "",
) -> list[str]:
    """What limits of these names, or by these rows of clocks.toml, ask for is done; returns those that ran."""
    asked = {"case": case_id, "owing": owed_by, "names": sorted(names), "rules": sorted(rules)}
    found = tx.execute(_MEETS, asked).all()
    ids = [row.id for row in found]
    if ids:
        tx.execute(_MET, {"ids": ids, "now": now, "how": how})
        tx.execute(_DROP, {"ids": ids, "now": now, "because": "已按时限做到"})
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
    return tuple(noun(Stop, row) for row in _rows(tx, _STOPS, case_id, turn))


def extensions_of(tx: Connection, case_id: int, turn: int) -> tuple[Extension, ...]:
    """What was asked for in one round, oldest first."""
    return tuple(noun(Extension, row) for row in _rows(tx, _EXTENSIONS, case_id, turn))


def _granted_since(tx: Connection, case_id: int, turn: int, moment: datetime) -> frozenset[str]:
    """Limits that were given more time from this moment on."""
    known = extensions_of(tx, case_id, turn)
    return frozenset(one.clock for one in known if one.decided_at is not None and one.decided_at >= moment)


def columns_of(limit: Clock) -> dict[str, Any]:
    """Its columns; the number of its row is the database's business."""
    return {name: getattr(limit, name) for name in COLUMNS}


def _rows(tx: Connection, query: Select[Any], case_id: int, turn: int) -> Sequence[RowMapping]:
    return tx.execute(query, {"case": case_id, "turn": turn}).mappings().all()


def _latest(tx: Connection, case_id: int, turn: int) -> dict[Owed, RowMapping]:
    """Of each limit of the round its last row."""
    return {(row["name"], row["owed_by"]): row for row in _rows(tx, _CLOCKS, case_id, turn)}


def _same(row: RowMapping, limit: Clock) -> bool:
    return all(row[name] == getattr(limit, name) for name in ("due", "rule", "from_at", "unit", "amount"))


def _replan(tx: Connection, clock_id: int) -> None:
    tx.execute(update(clocks).where(clocks.c.id == clock_id).values(planned_at=None))


def _end(tx: Connection, ids: Sequence[int], now: datetime, why: str) -> None:
    tx.execute(_END, {"ids": ids, "now": now})
    tx.execute(_DROP, {"ids": ids, "now": now, "because": why})
