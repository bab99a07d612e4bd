"""现场办件: what somebody on the spot hands in, at once or hours later, each act once, by the flow's own functions.

A telephone without a line has seen an older version: what its owner did meanwhile does not stand in the way, what another
person did does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from typing import Final

from flow import changes
from flow import findings
from flow import life
from flow import permits
from flow import public_reports
from flow import rights
from flow.case_files import Upload
from flow.desk import Desk
from flow.typed import tidy
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.store.audit import SYSTEM
from huanyu.types import Case
from huanyu.types import Measurement
from huanyu.types import Result
from huanyu.types import User

STATES: Final = ("assigned", "signed", "onsite")
MOST: Final = 50
LONGEST: Final = 200  # characters of a place written by hand
KEY: Final = re.compile(r"[0-9a-f]{32}")
AHEAD: Final = timedelta(
    minutes=5
)  # a telephone's clock may be that wrong; what is told later than that says so


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One thing handed in: by which key, about which case, as it stood when it was seen."""

    key: str  #: 32 hexadecimal digits, new for each act
    case_id: int
    seen: int  #: version of the case


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """到场 as it was noted on the spot."""

    at: datetime
    by_clock: bool = False  #: as the device's clock filled it in, no person wrote it
    position: str = ""  #: latitude,longitude,metres as the device told them
    place: str = ""  #: in words


def to_visit(desk: Desk, user: User) -> list[Case]:
    """The person's cases that somebody has to go to, the newest first."""
    permits.demand(user, "arrive")
    found = desk.store.cases.listing(states=STATES, limit=MOST, seer=rights.seer(user))
    return [case for case in found if permits.may_on(user, "arrive", case)]


def sign(desk: Desk, user: User, sending: Sending, now: datetime) -> bool:
    """签收; whether it was new."""
    return _once(
        desk, user, "sign", sending, now, lambda version: life.sign(desk, user, sending.case_id, version, now)
    )


def arrive(desk: Desk, user: User, sending: Sending, arrival: Arrival, now: datetime) -> bool:
    """到场 with moment and place; whether it was new. Raises BadInput."""

    def act(version: int) -> None:
        note = said(arrival, desk.store.cases.get(sending.case_id), now)
        life.arrive(desk, user, sending.case_id, version, note, now)

    return _once(desk, user, "arrive", sending, now, act)


def report(
    desk: Desk,
    user: User,
    sending: Sending,
    result: Result,
    measured: Sequence[Measurement],
    photos: Sequence[Upload],
    now: datetime,
) -> bool:
    """The result with its photos; whether it was new."""
    return _once(
        desk,
        user,
        "record_result",
        sending,
        now,
        lambda version: findings.record_result(
            desk, user, sending.case_id, version, result, now, measured, photos
        ),
    )


def said(arrival: Arrival, case: Case, now: datetime) -> str:
    """The note of an arrival; raises BadInput for a moment or place that cannot be."""
    if arrival.at > now + AHEAD:
        raise BadInput("到场时间晚于现在，请核对手机的时钟")
    if arrival.at < case.opened_at:
        raise BadInput("到场时间早于立件时间，请核对")
    parts = [f"到场 {local(arrival.at):%m月%d日 %H:%M}{_by(arrival, now)}"]
    if arrival.position:
        found = public_reports.position_of(arrival.position)
        if found is None:
            raise BadInput("没有读懂手机给的位置，请写明地点")
        parts.append(f"手机定位 北纬{found[0]:.6f} 东经{found[1]:.6f}，误差约{found[2]:.0f}米")
    if place := tidy("地点", arrival.place).strip():
        if len(place) > LONGEST:
            raise BadInput(f"地点最多 {LONGEST} 字")
        parts.append(f"地点 {place}")
    return "；".join(parts)


def _by(arrival: Arrival, now: datetime) -> str:
    """Whose word the moment is, where it came in so much later that our clock says nothing about it."""
    if now - arrival.at <= AHEAD:
        return ""
    return f"（{'手机时间' if arrival.by_clock else '本人填写'}，{local(now):%m月%d日 %H:%M} 收到）"


def _once(
    desk: Desk, user: User, right: str, sending: Sending, now: datetime, act: Callable[[int], object]
) -> bool:
    """Do it, unless it was done; the key is used up only by what succeeded."""
    if not KEY.fullmatch(sending.key):
        raise BadInput("表单不完整，请重新打开“现场办件”")
    permits.demand_on(user, right, desk.store.cases.get(sending.case_id))
    with desk.store.together():
        if not desk.store.sendings.new(user, sending.key, now):
            return False
        act(_version(desk, user, sending))
    return True


def _version(desk: Desk, user: User, sending: Sending) -> int:
    """The version of now, where no other person did anything since; raises Conflict saying who did what."""
    since = changes.of_case(desk, user, sending.case_id, sending.seen)
    others = [one for one in since.changes if one.actor not in {user.name, SYSTEM}]
    if since.version < sending.seen or others:
        told = "；".join(f"{local(one.at):%m月%d日 %H:%M} {one.actor} {one.done}" for one in others[-3:])
        raise Conflict(f"您看过以后，这件有变化{f'（{told}）' if told else ''}，请核对后再提交")
    return since.version
