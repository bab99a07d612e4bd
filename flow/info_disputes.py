"""复议 and 诉讼 about a request for information: when one began, what became of it; the yearly report counts them."""

from __future__ import annotations

from datetime import date
from datetime import datetime

import cases.info_requests
from flow import permits
from flow.desk import Desk
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.store.info_requests import GONE
from huanyu.types import InfoDispute
from huanyu.types import InfoRequest
from huanyu.types import User


def begun(
    desk: Desk, user: User, request_id: int, version: int, kind: str, on: date, now: datetime
) -> InfoRequest:
    """被申请复议、被起诉 over an answer, or over none; raises BadInput, Conflict, IllegalMove."""
    one = _asked(desk, user, request_id, version, "dispute")
    row = desk.bureau.info_requests.dispute_of(kind)
    if row is None:
        raise BadInput("请选择复议或诉讼的种类")
    if on > local(now).date() or on < one.received_on:
        raise BadInput("日期晚于今天，或者早于收到申请")
    return desk.store.info_requests.dispute(one, row.key, on, row.name, user.name, now)


def ruled(
    desk: Desk,
    user: User,
    request_id: int,
    version: int,
    dispute_id: int,
    ruling: str,
    on: date,
    now: datetime,
) -> InfoRequest:
    """What became of it; raises BadInput, Conflict, IllegalMove."""
    one = _asked(desk, user, request_id, version, "ruled")
    found = desk.store.info_requests.disputes([one.id])[one.id]
    dispute = next((each for each in found if each.id == dispute_id and each.ended_on is None), None)
    if dispute is None:
        raise Conflict(GONE, request=one.id)
    table = desk.bureau.info_requests
    row, of = table.ruling_of(ruling), table.dispute_of(dispute.kind)
    if row is None:
        raise BadInput("请选择结果")
    if on > local(now).date() or on < dispute.began_on:
        raise BadInput("日期晚于今天，或者早于受理、立案")
    told = f"{of.name if of else dispute.kind}：{row.name}"
    return desk.store.info_requests.ruled(one, dispute_id, row.key, on, told, user.name, now)


def of_request(desk: Desk, user: User, request_id: int) -> tuple[InfoDispute, ...]:
    """Those about one request, the earliest first."""
    permits.demand(user, "see_info_requests")
    return tuple(desk.store.info_requests.disputes([request_id])[request_id])


def _asked(desk: Desk, user: User, request_id: int, version: int, act: str) -> InfoRequest:
    permits.demand(user, "keep_info_requests")
    one = desk.store.info_requests.get(request_id)
    cases.info_requests.check(act, one)
    if one.version != version:
        raise Conflict(GONE, request=request_id)
    return one
