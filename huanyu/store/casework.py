"""Writes to one case inside a transaction: its state, history, limits and result.

Every change of state goes through `advance`, so that stamps, limits and history can't fall apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import bindparam
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.store import assignments
from huanyu.store import clockwork
from huanyu.store.clockwork import start_clocks as start_clocks
from huanyu.store.clockwork import turn_clocks as turn_clocks
from huanyu.store.outgoing import withdraw
from huanyu.store.states import KEEP_REPLIES
from huanyu.store.states import OF_THE_ROUND
from huanyu.store.states import ONSITE
from huanyu.store.states import PAUSED
from huanyu.store.states import STAMP
from huanyu.store.states import begins_round
from huanyu.store.tables import case_events
from huanyu.store.tables import cases
from huanyu.store.tables import results
from huanyu.types import Case
from huanyu.types import Result

_VERSION = select(cases.c.version).where(cases.c.id == bindparam("about")).scalar_subquery()
EVENT = insert(case_events).values(version=_VERSION)
_MOVE = (
    update(cases)
    .where(cases.c.id == bindparam("about"), cases.c.version == bindparam("seen"))
    .returning(cases.c.round, cases.c.state, cases.c.answered_at)
)


def note_event(
    tx: Connection,
    case_id: int,
    state: str,
    action: str,
    note: str,
    actor: str,
    now: datetime,
    moved: bool = False,
    level: str = "",
    changes: Mapping[str, Sequence[Any]] | None = None,
) -> None:
    """Add a line to the case's history; `changes` tells of each field what it was and what it is now."""
    line = event_line(case_id, state, action, note, actor, now)
    tx.execute(EVENT, line | {"moved": moved, "level": level, "changes": dict(changes or {})})


def event_line(case_id: int, state: str, action: str, note: str, actor: str, now: datetime) -> dict[str, Any]:
    """What `EVENT` needs of a line that moved nothing."""
    told = {"case_id": case_id, "at": now, "actor": actor, "action": action, "note": note, "state": state}
    return told | {"moved": False, "level": "", "changes": {}, "about": case_id}


def advance(
    tx: Connection,
    case: Case,
    to: str,
    action: str,
    note: str,
    actor: str,
    now: datetime,
    **more: Any,
) -> clockwork.Standing:
    """Move the case as the caller saw it; raises Conflict when somebody else changed it since.

    Returns how it stands now. `more` are columns of the case, and `kind` of reason (reasons.toml) where the move is a pause.
    """
    kind = str(more.pop("kind", ""))
    values: dict[str, Any] = {"state": to, "version": case.version + 1}
    if begins_round(case.state, to):
        values |= reopening(tx, case.id) | {"learned_at": now}
    values |= more
    if to in STAMP and case.state not in (to, PAUSED):  # after a pause it is there again, not newly
        values[STAMP[to]] = more.get(STAMP[to]) or now
    # What the database adds up by itself is part of the statement, values are not: that one is said once.
    reckoned = {name: values.pop(name) for name in [*values] if isinstance(values[name], ColumnElement)}
    move = _MOVE.values(**reckoned) if reckoned else _MOVE
    standing = tx.execute(move, values | {"about": case.id, "seen": case.version}).first()
    if standing is None:
        raise _overtaken(tx, case)
    if to not in KEEP_REPLIES:
        withdraw(tx, case.id, note, to)
    clockwork.pause(tx, case, to, kind, note, actor, now)
    if to == ONSITE:
        clockwork.meet(tx, case.id, "arrived", now, names=("arrive",))
    turn_clocks(tx, case.id, to, now, before=case.state, standing=standing)
    if "level" in more:
        clockwork.replan(tx, case.id)
    turn = values.get("round", case.round)
    if "unit" in more:
        helping = more.get("assist", case.assist)
        assignments.hand_over(tx, case.id, turn, more["unit"], helping, note, actor, now)
    elif to != case.state:
        assignments.follow(tx, case, turn, to, note, actor, now)
    moved, level = to != case.state, str(more.get("level", ""))
    note_event(
        tx, case.id, to, action, note, actor, now, moved=moved, level=level, changes=_changes(case, more)
    )
    return standing


def reopening(tx: Connection, case_id: int) -> dict[str, Any]:
    """Column values that start a new round: new limits, a new result, a new reply."""
    turn = tx.execute(select(cases.c.round).where(cases.c.id == case_id)).scalar_one()
    return {"round": turn + 1, "satisfied": ""} | dict.fromkeys(OF_THE_ROUND)


def add_result(tx: Connection, case_id: int, result: Result) -> int:
    """Keep what was found and done; earlier results of the case stay."""
    return int(
        tx.execute(
            insert(results).values(case_id=case_id, **_columns(result)).returning(results.c.id)
        ).scalar_one()
    )


def _changes(case: Case, more: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What a second person at the same case is shown: field by field, before and after; moments of the round aside."""
    told = {name: value for name, value in more.items() if name not in OF_THE_ROUND and hasattr(case, name)}
    return {
        name: [_plain(getattr(case, name)), _plain(value)]
        for name, value in told.items()
        if value != getattr(case, name)
    }


def _plain(value: Any) -> Any:
    """As JSON keeps it."""
    return value.isoformat() if isinstance(value, datetime) else value


def _columns(one: Result) -> dict[str, Any]:
    """Its columns; the number of its row is the database's business."""
    return {name: value for name, value in asdict(one).items() if name != "id"}


def _overtaken(tx: Connection, case: Case) -> Conflict | NotFound:
    if tx.scalar(select(cases.c.id).where(cases.c.id == case.id)) is None:
        return NotFound("没有这个案件", case=case.id)
    return Conflict("该件刚被他人处理过, 请刷新后再试", case=case.number)
