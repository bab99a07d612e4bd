"""作废: a text that is not to go out after all, such as a stage nobody needs any more or a press text overtaken by events.

What puts right a published text is dropped in flow.corrections; the answer that a case waits for is never dropped.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

import publisher.outbox
from flow import permits
from flow.desk import Desk
from huanyu.errors import BadInput
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.types import Case
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import User

LONGEST: Final = 500  # characters of a reason
OPEN: Final = frozenset(
    {
        *(MessageState.DRAFT, MessageState.RETURNED, MessageState.APPROVED),
        *(MessageState.HANDED, MessageState.REHEARSED, MessageState.REFUSED),
    }
)
RIGHTS: Final = {"reply": "edit_draft", "press": "write_press"}
RESULT: Final = "result"
REPLYING: Final = "replying"


def may(user: User, message: Message, case: Case | None) -> bool:
    """Whether this person may drop this text as it stands."""
    right = RIGHTS.get(message.purpose, "")
    return bool(right) and permits.may(user, right) and not why_not(message, case)


def why_not(message: Message, case: Case | None) -> str:
    """Why nobody may drop this text, in Chinese; "" where its author may."""
    if message.purpose not in RIGHTS or message.about is not None:
        return "这里只能作废对外的文稿；更正、撤回在它自己的页面作废"
    if message.state not in OPEN:
        return "已经发出、正在发出或结果不明的，不能作废"
    if message.stage == RESULT and case is not None and case.state == REPLYING:
        return "群众在等这份办理结果，不能作废；事实有误的，请退回承办单位补充"
    return ""


def discard(desk: Desk, user: User, message_id: int, version: int, reason: str, now: datetime) -> Message:
    """Drop a text with a reason, and first what was to follow it; raises NotAllowed, IllegalMove, Conflict, BadInput."""
    message = replace(desk.store.outbox.get(message_id), version=version)
    case = desk.store.cases.get(message.case_id) if message.case_id is not None else None
    permits.demand(user, RIGHTS.get(message.purpose, "edit_draft"))
    if case is not None:
        permits.demand_on(user, RIGHTS.get(message.purpose, "edit_draft"), case)
    if told := why_not(message, case):
        raise IllegalMove(told, message=message.key) if message.purpose in RIGHTS else NotAllowed(told)
    reason = reason.strip()[:LONGEST]
    if not reason:
        raise BadInput("请填写作废的理由")
    for one in (*_following(desk, message), message):
        publisher.outbox.check(one.state, MessageState.CANCELLED)
        done = desk.store.outbox.move(
            one, MessageState.CANCELLED, note=f"作废：{reason}", actor=user.name, now=now
        )
    return done


def _following(desk: Desk, message: Message) -> list[Message]:
    """What was written together with this text and may only leave after it."""
    if message.case_id is None:
        return []
    others = desk.store.outbox.listing(purpose=message.purpose, case_id=message.case_id)
    return [
        one
        for one in others
        if one.after == message.channel and one.created_at == message.created_at and one.state in OPEN
    ]
