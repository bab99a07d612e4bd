"""Switches that need more than one value: live mode, signed by two people, and the freeze with its reason.

Each signature is a row of its own with its audit line; what a switch means is decided by flow.switches.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import RowMapping
from sqlalchemy import bindparam
from sqlalchemy import delete
from sqlalchemy import exists
from sqlalchemy import literal
from sqlalchemy import select

from huanyu.clock import local
from huanyu.errors import Conflict
from huanyu.errors import NotAllowed
from huanyu.store import holding
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.broken import FAULTS
from huanyu.store.outgoing import put
from huanyu.store.session import Database
from huanyu.store.session import insert_new
from huanyu.store.tables import settings
from huanyu.store.tables import users
from huanyu.types import Alarm
from huanyu.types import MessageState

FIRST, SECOND = "live_first", "live_second"
FREEZE = "freeze"
KILL_SWITCH = "kill_switch"
BREAKER = "breaker/"  #: setting of this name and the message's number: it has tripped once
ON, OFF = "on", "off"
UNREADABLE = "冻结的说明读不出，按冻结处理；核实以后可以解除"
_NAMED = settings.c.name == bindparam("setting")
#: Asked on every page, so put together once; the database compares, so that no broken value is read.
_SET = select(literal(1)).where(exists().where(_NAMED))
_NOT_OFF = select(literal(1)).where(exists().where(_NAMED, settings.c.value.is_distinct_from(OFF)))


@dataclass(frozen=True, slots=True)
class Signature:
    """Who turned a switch, and when."""

    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Freeze:
    """An incident: 宣传 texts stay back."""

    actor: str
    at: datetime | None  #: None where it cannot be read
    reason: str


class Switches:
    """Live mode and freeze."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def live(self, roles: Sequence[str]) -> tuple[Signature, ...]:
        """The signatures under live mode that count: of people who work here, in one of `roles`."""
        with self._database.read() as tx:
            signed = [found for name in (FIRST, SECOND) if (found := _signature(tx, name))]
            able = _able(tx, roles)
        return tuple(one for one in signed if one.actor in able)

    def sign_live(self, actor: str, roles: Sequence[str], now: datetime) -> None:
        """Add a signature, the first or the second; raises NotAllowed for the same person, Conflict for a third.

        A signature whose owner has left or lost the role makes room for a new one.
        """
        with self._database.write() as tx:
            able = _able(tx, roles)
            if actor not in able:
                raise NotAllowed("没有签署实发模式的权限", user=actor)
            for name in (FIRST, SECOND):
                signer = _value(tx, name)
                if signer == actor:
                    raise NotAllowed("您已签署，须由另一人签署后才开始实发", user=actor)
                if signer is not None and signer not in able:
                    tx.execute(delete(settings).where(settings.c.name == name))
            free = next((name for name in (FIRST, SECOND) if _value(tx, name) is None), None)
            if free is None:
                raise Conflict("实发模式已由两人签署")
            if not _put(tx, free, actor, now):
                raise Conflict("刚有别人签署，请刷新后再试")
            self._trail.record(tx, "live.sign", "setting", [free], actor, actor, now)

    def end_live(self, actor: str, now: datetime) -> None:
        """Take every signature away; one person suffices."""
        with self._database.write() as tx:
            gone = delete(settings).where(settings.c.name.in_([FIRST, SECOND]))
            if tx.execute(gone).rowcount:
                self._trail.record(tx, "live.end", "setting", [FIRST, SECOND], actor, actor, now)

    def is_stopped(self) -> bool:
        """Whether the kill switch is on; a value that is neither word counts as on."""
        with self._database.read() as tx:
            return is_on(tx, KILL_SWITCH)

    def freeze(self) -> Freeze | None:
        """The freeze in force, if there is one; what cannot be read of it does not end it."""
        with self._database.read() as tx:
            if is_set(tx, FREEZE) and (found := _freeze(tx)):
                return found
            incident = holding.going_on(tx)
        return None if incident is None else _of_incident(incident)

    def set_freeze(self, reason: str, actor: str, now: datetime) -> None:
        """Begin a freeze; raises Conflict when there is one."""
        value = json.dumps({"actor": actor, "reason": reason}, ensure_ascii=False)
        with self._database.write() as tx:
            if not _put(tx, FREEZE, value, now):
                raise Conflict("已经在冻结中")
            self._trail.record(tx, "freeze.begin", "setting", [FREEZE], reason, actor, now)

    def trip(self, about: int, reason: str, alarm: Alarm | None, now: datetime) -> bool:
        """Freeze because of what people say under message `about`, once for each, and write the mail about it.

        A freeze that is in force stays as it is.
        """
        value = json.dumps({"actor": SYSTEM, "reason": reason}, ensure_ascii=False)
        with self._database.write() as tx:
            if not _put(tx, f"{BREAKER}{about}", reason, now):
                return False
            _put(tx, FREEZE, value, now)
            if alarm is not None:
                put(tx, alarm.draft, alarm.key, MessageState.APPROVED, SYSTEM, now)
            self._trail.record(tx, "freeze.trip", "message", [about], reason, SYSTEM, now)
            return True

    def lift_freeze(self, reason: str, actor: str, now: datetime) -> None:
        """End it; raises Conflict when there is none."""
        with self._database.write() as tx:
            if not tx.execute(delete(settings).where(settings.c.name == FREEZE)).rowcount:
                raise Conflict("没有手动冻结；因突发环境事件的冻结, 在事件终止后自动解除")
            self._trail.record(tx, "freeze.end", "setting", [FREEZE], reason, actor, now)


def is_on(tx: Connection, name: str) -> bool:
    """Whether the kill switch or a freeze is in force, for whoever lets something out in this transaction."""
    if name == FREEZE:
        return is_set(tx, FREEZE) or holding.going_on(tx) is not None
    return tx.scalar(_NOT_OFF, {"setting": name}) is not None


def is_set(tx: Connection, name: str) -> bool:
    """Whether there is such a setting."""
    return tx.scalar(_SET, {"setting": name}) is not None


def _freeze(tx: Connection) -> Freeze | None:
    try:
        row = tx.execute(select(settings).where(settings.c.name == FREEZE)).mappings().first()
        if row is None:  # lifted just now
            return None
        told = json.loads(row["value"])
        return Freeze(actor=str(told["actor"]), at=local(row["at"]), reason=str(told["reason"]))
    except FAULTS:
        return Freeze(actor="", at=None, reason=UNREADABLE)


def _signature(tx: Connection, name: str) -> Signature | None:
    """None, too, where it cannot be read: nothing goes out on it."""
    try:
        row = tx.execute(select(settings).where(settings.c.name == name)).mappings().first()
        return None if row is None else Signature(row["value"], local(row["at"]))
    except FAULTS:
        return None


def _of_incident(row: RowMapping) -> Freeze:
    """What a declared incident keeps back by itself, until the last one has ended."""
    reason = f"突发环境事件 {row['number']}：{row['title']}"
    return Freeze(actor=row["confirmed_by"], at=local(row["confirmed_at"]), reason=reason)


def _value(tx: Connection, name: str) -> str | None:
    return tx.scalar(select(settings.c.value).where(settings.c.name == name))


def _put(tx: Connection, name: str, value: str, now: datetime) -> bool:
    new = insert_new(tx, settings).values(name=name, value=value, at=now).returning(settings.c.name)
    return tx.execute(new).scalar() is not None


def _able(tx: Connection, roles: Sequence[str]) -> set[str]:
    return set(tx.scalars(select(users.c.name).where(users.c.active, users.c.role.in_(roles))))
