"""One-time links as the office makes and closes them, and as a slip carries them out.

A token is drawn at the last moment and kept nowhere: the store has its hash. What its holder may do is `by_link`.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from datetime import datetime
from datetime import timedelta

from cases import reaching
from cases.forms import ONE_TIME
from flow import permits
from flow.desk import Desk
from huanyu.errors import BadInput
from huanyu.store.audit import SYSTEM
from huanyu.types import Assignment
from huanyu.types import Message
from huanyu.types import User

BITS = 128
GONE = "（本件现不由你单位直接办理，没有链接）"


def make(desk: Desk, user: User, case_id: int, assignment_id: int, now: datetime) -> str:
    """A link for a unit without log-in, to be passed on by hand; its address is shown this once."""
    permits.demand_on(user, "make_link", desk.store.cases.get(case_id))
    given = _given(desk, case_id, assignment_id)
    unit = desk.bureau.unit(given.unit)
    if unit is None or unit.login:
        raise BadInput("这个单位登录本系统办理，不用一次性链接")
    return _draw(desk, given, now, user.name)


def revoke(desk: Desk, user: User, case_id: int, assignment_id: int, now: datetime) -> int:
    """Close every link to a hand-over; returns how many were open."""
    permits.demand_on(user, "revoke_link", desk.store.cases.get(case_id))
    given = _given(desk, case_id, assignment_id)
    return desk.store.links.revoke(given.id, actor=user.name, now=now)


def put_in(desk: Desk, message: Message) -> Message:
    """The message as it leaves: with a fresh link where its text has a place for one."""
    if ONE_TIME not in message.text or message.case_id is None:
        return message
    given = next(
        (one for one in desk.store.hand_overs.of_case(message.case_id) if _is_for(desk, one, message)), None
    )
    if given is None or message.claimed_at is None:
        return replace(message, text=message.text.replace(ONE_TIME, GONE))
    address = _draw(desk, given, message.claimed_at, SYSTEM)
    return replace(message, text=message.text.replace(ONE_TIME, address))


def hashed(token: str) -> str:
    """What the store keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _draw(desk: Desk, given: Assignment, now: datetime, actor: str) -> str:
    token = secrets.token_urlsafe(BITS // 8)
    until = now + timedelta(days=desk.bureau.bureau.link_days)
    desk.store.links.make(given.id, hashed(token), until, now=now, actor=actor)
    return f"{desk.config.settings.console_url.rstrip('/')}/l/{token}"


def _is_for(desk: Desk, given: Assignment, message: Message) -> bool:
    unit = desk.bureau.unit(given.unit)
    return given.ended_at is None and unit is not None and reaching.is_for(unit, message)


def _given(desk: Desk, case_id: int, assignment_id: int) -> Assignment:
    given = desk.store.hand_overs.get(assignment_id)
    if given.case_id != case_id or given.ended_at is not None:
        raise BadInput("该件已不在这个单位手里")
    return given
