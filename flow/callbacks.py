"""What a platform tells of its own accord: a job that ended is settled at once, however often and however late it comes.

Whoever takes such a call from the network checks who made it, first; this module believes what it is given.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import structlog

import publisher.outbox
from flow import replies
from flow.desk import Desk
from huanyu.errors import Conflict
from huanyu.errors import Refused
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import Receipt
from publisher.channels import wechat_events
from publisher.channels.wechat_events import JobFinished
from publisher.channels.wechat_events import SendingFinished

log = structlog.get_logger()

MANY = 1000


def wechat(desk: Desk, account: str, body: bytes, now: datetime) -> bool:
    """Settle the message that an event is about; False where nothing waits for it (any more). Raises BadInput.

    What is settled here is never looked for again; what was found already stays as it is. An event that is faster than
    our own call's answer finds nothing, and `doubts.read_back` asks as always.
    """
    event = wechat_events.read(body)
    message = _waiting(desk, account, event.platform_id) if event is not None else None
    if event is None or message is None:
        return False
    outcome = _outcome(event, message)
    if outcome is None:
        return False
    try:
        replies.write(desk, message, publisher.outbox.after_read_back(outcome, now), now)
    except Conflict:  # the same event a moment ago, or a look that was quicker
        return False
    log.info("told_by_platform", message=message.key, account=account)
    return True


def _outcome(event: JobFinished | SendingFinished, message: Message) -> Receipt | Refused | None:
    try:
        receipt = event.receipt
    except Refused as problem:
        return problem
    if isinstance(event, SendingFinished) and receipt is not None:
        return replace(
            receipt, platform_id=message.platform_id
        )  # it knows where the comments are, the event does not
    return receipt


def _waiting(desk: Desk, account: str, platform_id: str) -> Message | None:
    """The unknown message that this job is; a mass sending's name may go on behind its number."""
    listed = desk.store.outbox.listing(states=(MessageState.UNKNOWN,), limit=MANY)
    mine = [one for one in listed if one.account == account]
    return next((one for one in mine if f"{one.platform_id}:".startswith(f"{platform_id}:")), None)
