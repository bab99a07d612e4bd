"""What a person does with a message on its way out: each function is one permission, one decision, one write.

A POST of the console calls exactly one; who reviews at which step is `reviewing`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from typing import cast

import publisher.outbox
from flow import permits
from flow import replies
from flow import reviewing
from flow.desk import Desk
from flow.typed import reason_of
from flow.typed import tidy
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import ChannelError
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.review_rows import PUBLIC
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import Receipt
from huanyu.types import User
from publisher.channels import ByHand
from publisher.review import Shown

FARTHEST = timedelta(days=366)  # a text is scheduled for at the most


def edit_draft(desk: Desk, user: User, message_id: int, version: int, text: str, now: datetime) -> Message:
    """Change the text of a draft; any approval it had is void, and the editor cannot review it."""
    permits.demand(user, "edit_draft")
    message = _reply(desk, user, message_id, version)
    if message.case_id is not None:
        permits.demand_on(user, "edit_draft", desk.store.cases.get(message.case_id))
    text = tidy("回复内容", text)
    if not text:
        raise BadInput("回复内容不能为空")
    if message.state is not MessageState.DRAFT:
        publisher.outbox.check(message.state, MessageState.DRAFT)
    return desk.store.outbox.move(
        message, MessageState.DRAFT, note="修改了文稿", text=text, actor=user.name, now=now
    )


def approve(
    desk: Desk,
    user: User,
    message_id: int,
    version: int,
    now: datetime,
    override: str = "",
    shown: Shown | None = None,
) -> Message:
    """审核通过: the next step of 三审三校; after the last one exactly this text goes out at the next allowed minute.

    `shown` is what the person confirmed at the last step: the account, and the post that is answered.
    """
    permits.demand_to_write(user, "review")
    return reviewing.take(desk, user, _reply(desk, user, message_id, version), now, override, shown)


def send_back(desk: Desk, user: User, message_id: int, version: int, reason: str, now: datetime) -> Message:
    """退回修改, with a reason."""
    permits.demand(user, "review")
    message = _reply(desk, user, message_id, version)
    publisher.outbox.check(message.state, MessageState.RETURNED)
    return desk.store.outbox.move(
        message, MessageState.RETURNED, note=reason_of(reason), actor=user.name, now=now
    )


def release(
    desk: Desk, user: User, message_id: int, version: int, now: datetime, override: str = ""
) -> Message:
    """重新放行: what was only rehearsed, or refused before the account was repaired, goes out with its approved text."""
    permits.demand(user, "release")
    message = _message(desk, user, message_id, version)
    if message.state not in {MessageState.REHEARSED, MessageState.REFUSED}:
        raise IllegalMove("只有已演练或被拒绝的消息可以重新放行", message=message.key)
    if reviewing.is_public(message):
        return reviewing.release(desk, user, message, now, override)
    return desk.store.outbox.move(
        message, MessageState.APPROVED, note="重新放行", override=override, actor=user.name, now=now
    )


def schedule(desk: Desk, user: User, message_id: int, version: int, at: datetime, now: datetime) -> Message:
    """定时: the text leaves at this moment at the earliest; what was agreed to stays agreed."""
    permits.demand(user, "schedule")
    message = _reply(desk, user, message_id, version)
    if at < now:
        raise BadInput("发布时间不能早于现在")
    if at > now + FARTHEST:
        raise BadInput(f"发布时间最多排到 {FARTHEST.days} 天以后")
    note = f"定于 {local(at):%m月%d日 %H:%M} 发布"
    return desk.store.approvals.schedule(message, at, note, actor=user.name, now=now)


def settle_unknown(
    desk: Desk, user: User, message_id: int, version: int, is_out: bool, url: str, now: datetime
) -> Message:
    """A person looked at the platform: the message is out, or it is not and may be written and approved anew."""
    permits.demand(user, "settle_unknown")
    message = _message(desk, user, message_id, version)
    if message.state is not MessageState.UNKNOWN:
        raise IllegalMove("这条消息的结果已经明确", message=message.key)
    state = MessageState.SENT if is_out else MessageState.REFUSED
    publisher.outbox.check(message.state, state)
    # The platform's own name for it, if it told one; an address is none, and the next look or timeline finds it.
    receipt = Receipt(platform_id=message.platform_id, url=url, at=now) if is_out else None
    return desk.store.outbox.settle(
        message,
        state,
        receipt=receipt,
        note=f"{user.full_name}{'查看平台后确认已发出' if is_out else publisher.outbox.SEEN_NOT_OUT}",
        due_at=None,
        case_to="answered" if is_out and message.purpose == "reply" else None,
        actor=user.name,
        now=now,
    )


def posted(desk: Desk, user: User, message_id: int, version: int, url: str, now: datetime) -> Message:
    """已代发: a person posted what no program may post, and tells where it stands."""
    permits.demand(user, "settle_unknown")
    message = _message(desk, user, message_id, version)
    publisher.outbox.check(message.state, MessageState.SENT)
    if message.state is not MessageState.HANDED:
        raise IllegalMove("这条消息不由人工发布", message=message.key)
    try:
        receipt = cast(ByHand, replies.channel_of(desk, message)).posted(message, url)
    except ChannelError as problem:
        raise BadInput(str(problem.args[0])) from problem
    return desk.store.outbox.settle(
        message,
        MessageState.SENT,
        receipt=replace(receipt, at=now),
        note=f"{user.full_name}人工发布",
        due_at=None,
        case_to="answered" if message.purpose == "reply" else None,
        actor=user.name,
        now=now,
    )


def _message(desk: Desk, user: User, message_id: int, version: int) -> Message:
    message = desk.store.outbox.get(message_id)
    if message.case_id is None:
        permits.demand(user, "see_outbox")
    else:
        permits.demand_case(user, desk.store.cases.get(message.case_id))
    return replace(message, version=version)


def _reply(desk: Desk, user: User, message_id: int, version: int) -> Message:
    """A message people may write and review; a slip to a unit is a fixed text that nobody edits or stops."""
    message = _message(desk, user, message_id, version)
    if message.purpose not in PUBLIC:
        raise NotAllowed("转办和催办通知是固定文本，不能修改或撤回", message=message.key)
    return message
