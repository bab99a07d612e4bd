"""What people turn on and off for all accounts at once: live mode, the kill switch, the freeze of an incident.

One person is enough to stop, two are needed to begin.
"""

from __future__ import annotations

from datetime import datetime

from flow import permits
from flow.desk import Desk
from huanyu.errors import BadInput
from huanyu.store.switches import KILL_SWITCH
from huanyu.store.switches import OFF
from huanyu.store.switches import ON
from huanyu.store.switches import Freeze
from huanyu.store.switches import Signature
from huanyu.types import User

SIGNERS = tuple(sorted(permits.PERMITS["sign_live"]))


def is_live(desk: Desk) -> bool:
    """Whether public texts really leave: the configuration says so, and so did two people who still may."""
    return desk.config.settings.publish_live and len(signatures(desk)) > 1


def signatures(desk: Desk) -> tuple[Signature, ...]:
    """Who signed for live mode and may still do so."""
    return desk.store.switches.live(SIGNERS)


def is_stopped(desk: Desk) -> bool:
    """Whether the kill switch is on; it counts as on, too, where it cannot be read."""
    return desk.store.switches.is_stopped()


def freeze(desk: Desk) -> Freeze | None:
    """The freeze in force, if there is one."""
    return desk.store.switches.freeze()


def sign_live(desk: Desk, user: User, now: datetime) -> None:
    """签署实发: the second signature, by somebody else, lets texts really leave."""
    permits.demand(user, "sign_live")
    desk.store.switches.sign_live(user.name, SIGNERS, now)


def end_live(desk: Desk, user: User, now: datetime) -> None:
    """Back to rehearsing, at once."""
    permits.demand(user, "kill_switch")
    desk.store.switches.end_live(user.name, now)


def begin_freeze(desk: Desk, user: User, reason: str, now: datetime) -> None:
    """突发冻结: 宣传 texts stay back from now on; answers to citizens and texts of the incident go on."""
    permits.demand(user, "freeze")
    if not reason.strip():
        raise BadInput("请写明冻结的原因，例如发生了什么事件")
    desk.store.switches.set_freeze(reason.strip(), actor=user.name, now=now)


def lift_freeze(desk: Desk, user: User, reason: str, now: datetime) -> None:
    """解除冻结."""
    permits.demand(user, "thaw")
    if not reason.strip():
        raise BadInput("请写明解除冻结的理由")
    desk.store.switches.lift_freeze(reason.strip(), actor=user.name, now=now)


def kill_switch(desk: Desk, user: User, on: bool, now: datetime) -> None:
    """Stop or resume every account at once."""
    permits.demand(user, "kill_switch")
    desk.store.settings.put(KILL_SWITCH, ON if on else OFF, actor=user.name, now=now)
