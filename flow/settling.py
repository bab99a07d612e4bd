"""What a person says of what was found after publishing: whose a strange text is, who answers the unhappy."""

from __future__ import annotations

from datetime import datetime

from flow import permits
from flow.desk import Desk
from huanyu.errors import BadInput
from huanyu.errors import IllegalMove
from huanyu.text import normalise
from huanyu.types import Takeover
from huanyu.types import User
from publisher.afterwards import TROUBLE

LONGEST = 500  # characters of a note


def settle_stray(desk: Desk, user: User, stray_id: int, note: str, now: datetime) -> None:
    """核实 a text on an account that the desk did not send: who wrote it, and what was done about it."""
    permits.demand(user, "settle_stray")
    told = normalise(note)[:LONGEST]
    if not told:
        raise BadInput("请写明是谁发的，是否已删除")
    desk.store.strays.settle(stray_id, told, user.name, now)


def accept_copy(desk: Desk, user: User, message_id: int, note: str, now: datetime) -> None:
    """核实 what somebody changed or took down on a platform: what stands there now counts, with a reason."""
    permits.demand(user, "settle_stray")
    told = normalise(note)[:LONGEST]
    if not told:
        raise BadInput("请写明是谁改的、删的，为什么可以这样")
    copy = desk.store.published.of([message_id]).get(message_id)
    if copy is None or copy.state not in TROUBLE:
        raise IllegalMove("这一条与发布时一致，不需要核实", message=message_id)
    desk.store.published.accept(copy, f"已核实：{told}", user.name, now)


def take_over(desk: Desk, user: User, case_id: int, now: datetime) -> Takeover:
    """由我接手: this person answers from now on; raises NotFound, or Conflict when somebody else has it."""
    permits.demand(user, "take_over")
    permits.demand_case(user, desk.store.cases.get(case_id))
    return desk.store.heard.take(case_id, user.name, now)
