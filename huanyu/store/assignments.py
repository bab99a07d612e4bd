"""Hand-overs of a case inside a transaction: which unit has it, as lead or assisting, since when, until when.

Kept in step with the case's state by `hand_over` and `follow`; who may hand over what is not decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter
from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import bindparam
from sqlalchemy import case as either
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import update

from huanyu.store.rows import noun
from huanyu.store.session import insert_new
from huanyu.store.states import ASSIGNED
from huanyu.store.states import DONE
from huanyu.store.states import HANDLED
from huanyu.store.states import INTERIM
from huanyu.store.states import ONSITE
from huanyu.store.states import REPORTED
from huanyu.store.states import RETURNED
from huanyu.store.states import SIGNED
from huanyu.store.tables import assignments
from huanyu.types import Assignment
from huanyu.types import Case

LEAD = "lead"
ASSIST = "assist"
#: assisting departments are told by their plain name (城管), or by the key of a unit, which is plain ASCII
UNIT_KEY = re.compile(r"[a-z0-9][a-z0-9_-]*", re.ASCII)

OPEN = assignments.c.ended_at.is_(None)

# Said once: these are asked at every move of every case.
_OF_CASE = select(assignments).where(assignments.c.case_id == bindparam("case")).order_by(assignments.c.id)
_LEAD = (assignments.c.case_id == bindparam("case"), assignments.c.part == LEAD, OPEN)
_SIGNED_AT = select(assignments.c.signed_at).where(*_LEAD)
_NOW: BindParameter[Any] = bindparam("now", type_=assignments.c.signed_at.type)
_BY: BindParameter[Any] = bindparam("by", type_=assignments.c.signed_by.type)
_UNSIGNED = assignments.c.signed_at.is_(None)
_MINE = update(assignments).where(
    assignments.c.case_id == bindparam("case"), assignments.c.unit == bindparam("who"), OPEN
)
_SIGNED = {
    "signed_at": func.coalesce(assignments.c.signed_at, _NOW),
    "signed_by": either((_UNSIGNED, _BY), else_=assignments.c.signed_by),
}
_TAKE_ON = _MINE.values(**_SIGNED, answered_at=None)
_ANSWER = _MINE.values(**_SIGNED, answered_at=_NOW)
_OPINE = _ANSWER.values(opinion=bindparam("told"))


def give(
    tx: Connection, case_id: int, turn: int, unit: str, part: str, why: str, by: str, now: datetime
) -> int | None:
    """Hand the case to a unit; None when it has the case already, or another unit leads."""
    values = {"case_id": case_id, "round": turn, "unit": unit, "part": part, "why": why}
    given = insert_new(tx, assignments).returning(assignments.c.id)
    found = tx.execute(given, values | {"given_at": now, "given_by": by, "look_at": now}).scalar()
    return None if found is None else int(found)


def sign(tx: Connection, case_id: int, unit: str, by: str, now: datetime) -> bool:
    """The unit has taken the case on; False when it had before, or does not have the case."""
    return _set(tx, case_id, unit, _UNSIGNED, signed_at=now, signed_by=by)


def take_on(tx: Connection, case_id: int, unit: str, by: str, now: datetime) -> bool:
    """The unit has the case in hand and owes an answer; its first signature stays. False when it has no such case."""
    return bool(tx.execute(_TAKE_ON, {"case": case_id, "who": unit, "by": by, "now": now}).rowcount)


def arrive(tx: Connection, case_id: int, unit: str, now: datetime) -> bool:
    """The unit is on the spot; only the first arrival counts."""
    return _set(tx, case_id, unit, assignments.c.arrived_at.is_(None), arrived_at=now)


def answer(tx: Connection, case_id: int, unit: str, by: str, now: datetime, opinion: str = "") -> bool:
    """The unit has reported, or given its opinion; that counts as a signature, too."""
    said = {"case": case_id, "who": unit, "by": by, "now": now}
    told = tx.execute(_OPINE, said | {"told": opinion}) if opinion else tx.execute(_ANSWER, said)
    return bool(told.rowcount)


def give_back(tx: Connection, case_id: int, unit: str, kind: str, reason: str, now: datetime) -> bool:
    """The unit sends the case back, and has it no longer."""
    told = {"return_kind": kind, "reason": reason}
    return _set(tx, case_id, unit, returned_at=now, ended_at=now, **told)


def end(tx: Connection, case_id: int, now: datetime, units: Iterable[str] | None = None) -> int:
    """Nobody has the case any longer, or none of these `units`; returns how many had."""
    mine = [assignments.c.case_id == case_id, OPEN]
    if units is not None:
        mine.append(assignments.c.unit.in_(sorted(units)))
    return int(tx.execute(update(assignments).where(*mine).values(ended_at=now)).rowcount)


def resume(tx: Connection, case_id: int, ended_at: datetime) -> int:
    """Whoever had the case until `ended_at` has it again; returns how many."""
    ended = (assignments.c.ended_at == ended_at, assignments.c.returned_at.is_(None))
    mine = update(assignments).where(assignments.c.case_id == case_id, *ended)
    return int(tx.execute(mine.values(ended_at=None)).rowcount)


def of_case(tx: Connection, case_id: int) -> tuple[Assignment, ...]:
    """Every hand-over of the case, those that ended too, oldest first."""
    return tuple(noun(Assignment, row) for row in tx.execute(_OF_CASE, {"case": case_id}).mappings())


def of_unit(tx: Connection, unit: str) -> tuple[Assignment, ...]:
    """What the unit has in hand, oldest first."""
    query = select(assignments).where(assignments.c.unit == unit, OPEN).order_by(assignments.c.id)
    return tuple(noun(Assignment, row) for row in tx.execute(query).mappings())


def signed_at(tx: Connection, case_id: int) -> datetime | None:
    """When the unit that leads took the case on; None while it has not."""
    found: datetime | None = tx.scalar(_SIGNED_AT, {"case": case_id})
    return found


def name_return(tx: Connection, case_id: int, kind: str, now: datetime) -> None:
    """Say why the case was sent back just now, by the table of reasons."""
    back = (assignments.c.case_id == case_id, assignments.c.returned_at == now)
    tx.execute(update(assignments).where(*back).values(return_kind=kind))


def hand_over(
    tx: Connection,
    case_id: int,
    turn: int,
    unit: str,
    assist: Iterable[str],
    why: str,
    by: str,
    now: datetime,
) -> None:
    """Give the case to its unit and those that assist; a unit that goes on assisting keeps its signature."""
    helping = {name for name in assist if UNIT_KEY.fullmatch(name)} - {unit}
    leaving = [
        one.unit
        for one in of_case(tx, case_id)
        if one.ended_at is None and (one.part == LEAD or one.unit not in helping)
    ]
    if leaving:
        end(tx, case_id, now, leaving)
    if unit:
        give(tx, case_id, turn, unit, LEAD, why, by, now)
    for name in sorted(helping):
        give(tx, case_id, turn, name, ASSIST, why, by, now)


def help_out(
    tx: Connection, case_id: int, turn: int, assist: Iterable[str], why: str, by: str, now: datetime
) -> list[str]:
    """These units assist and no others, the one that leads stays; returns those that no longer do."""
    helping = {name for name in assist if UNIT_KEY.fullmatch(name)}
    open_ones = [one for one in of_case(tx, case_id) if one.ended_at is None and one.part == ASSIST]
    leaving = [one.unit for one in open_ones if one.unit not in helping]
    if leaving:
        end(tx, case_id, now, leaving)
    for name in sorted(helping):
        give(tx, case_id, turn, name, ASSIST, why, by, now)
    return leaving


def follow(tx: Connection, case: Case, turn: int, to: str, note: str, actor: str, now: datetime) -> None:
    """Keep the hand-over to the case's own unit in step with the state the case has moved to."""
    if to in DONE:
        end(tx, case.id, now)
    elif not case.unit:
        return
    elif to == INTERIM and case.answered_at is not None:  # answered, and yet there is something left to do
        resume(tx, case.id, case.answered_at)
    elif to == ASSIGNED and not _leads(tx, case.id):  # 重办: the unit that had it has it again
        give(tx, case.id, turn, case.unit, LEAD, note, actor, now)
    elif to == RETURNED:
        give_back(tx, case.id, case.unit, "", note, now)
    elif to in (REPORTED, HANDLED):
        answer(tx, case.id, case.unit, actor, now)
    elif to in (SIGNED, ONSITE):
        take_on(tx, case.id, case.unit, actor, now)
        if to == ONSITE:
            arrive(tx, case.id, case.unit, now)


def _leads(tx: Connection, case_id: int) -> bool:
    mine = (assignments.c.case_id == case_id, assignments.c.part == LEAD, OPEN)
    return bool(tx.scalar(select(func.count()).select_from(assignments).where(*mine)))


def _set(tx: Connection, case_id: int, unit: str, *only: ColumnElement[bool], **values: Any) -> bool:
    mine = (assignments.c.case_id == case_id, assignments.c.unit == unit, OPEN, *only)
    return bool(tx.execute(update(assignments).where(*mine).values(**values)).rowcount)
