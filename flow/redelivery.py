"""A bulletin that did not arrive: a person has it sent again, or says that it arrived after all."""

from __future__ import annotations

from datetime import datetime

import publisher.outbox
from flow import permits
from flow.desk import Desk
from huanyu.errors import IllegalMove
from huanyu.types import Delivery
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import Receipt
from huanyu.types import User

#: States in which a person may have a delivery sent again; one that may have arrived must be looked at first.
AGAIN = frozenset({MessageState.APPROVED, MessageState.REFUSED, MessageState.REHEARSED})


def retry(desk: Desk, user: User, delivery_id: int, now: datetime) -> Delivery:
    """重新投送: once more, now, with the same words and the same file; raises IllegalMove."""
    permits.demand(user, "issue_bulletins")
    one = desk.store.archive.delivery(delivery_id)
    message = _message(desk, one)
    if message.state not in AGAIN:
        told = "可能已经送到, 请先向对方核实" if message.state is MessageState.UNKNOWN else "已经送出"
        raise IllegalMove(f"送给{one.name}的这一份{told}", delivery=delivery_id)
    _again(desk, user, message, now)
    return desk.store.archive.delivery(delivery_id)


def settle(desk: Desk, user: User, delivery_id: int, arrived: bool, now: datetime) -> Delivery:
    """A delivery nobody was sure of: the recipient has it, or has not and gets it again."""
    permits.demand(user, "issue_bulletins")
    message = _message(desk, desk.store.archive.delivery(delivery_id))
    if message.state is not MessageState.UNKNOWN:
        raise IllegalMove("这次投送的结果已经明确", delivery=delivery_id)
    to = MessageState.SENT if arrived else MessageState.REFUSED
    publisher.outbox.check(message.state, to)
    settled = desk.store.outbox.settle(
        message,
        to,
        receipt=Receipt(platform_id="人工确认", at=now) if arrived else None,
        note=f"{user.full_name}向对方核实：{'已收到' if arrived else '没有收到'}",
        due_at=None,
        case_to=None,
        actor=user.name,
        now=now,
    )
    if not arrived:
        _again(desk, user, settled, now)
    return desk.store.archive.delivery(delivery_id)


def _message(desk: Desk, one: Delivery) -> Message:
    if one.message_id is None:
        raise IllegalMove("在控制台上看的, 没有可投送的", delivery=one.id)
    return desk.store.outbox.get(one.message_id)


def _again(desk: Desk, user: User, message: Message, now: datetime) -> None:
    note = f"{user.full_name}请求重新投送"
    if message.state is MessageState.APPROVED:  # it waits for its next try: that is now
        desk.store.outbox.settle(
            message,
            message.state,
            receipt=None,
            note=note,
            due_at=now,
            case_to=None,
            actor=user.name,
            now=now,
        )
        return
    publisher.outbox.check(message.state, MessageState.APPROVED)
    desk.store.outbox.move(message, MessageState.APPROVED, note=note, actor=user.name, now=now)
