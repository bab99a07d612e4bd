"""What is told of a message before it is out: the minute it will leave, or what it waits for.

The same windows, quotas and switches that the delivery obeys, asked for one message.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime

from flow import delivery
from flow import gates
from flow import reviewing
from flow import switches
from flow.batch import BATCH
from flow.desk import Desk
from huanyu.types import Message
from huanyu.types import MessageState


@dataclass(frozen=True, slots=True)
class Prospect:
    """When a message leaves; `at` is None where that is up to people."""

    at: datetime | None
    why: str  #: Chinese; "" where nothing keeps it back
    rehearsed: bool  #: it will only be rehearsed


def of(desk: Desk, message: Message, now: datetime) -> Prospect | None:
    """What is to come of a public message that is a draft or approved; None for any other."""
    waiting = {MessageState.DRAFT, MessageState.RETURNED, MessageState.APPROVED}
    if message.state not in waiting or not reviewing.is_public(message):
        return None
    rehearsed = not switches.is_live(desk)
    wait = gates.waits(desk, message, now)
    if wait is not None and wait.until is None:
        return Prospect(None, wait.why, rehearsed)
    at = max(now, message.due_at)
    planned = delivery.plans(desk, [*_ahead(desk, message, at), replace(message, attempts=0)], at)[-1]
    return Prospect(planned.at, planned.why, rehearsed)


def _ahead(desk: Desk, message: Message, at: datetime) -> list[Message]:
    """What leaves the same account first: a minute is promised that the queue leaves free."""
    due = desk.store.outbox.due(at, BATCH, live=switches.is_live(desk), held=gates.held_classes(desk))
    approved = message.state is MessageState.APPROVED  # what is still reviewed comes after all that is
    return [one for one in due if one.account == message.account and (one.id < message.id or not approved)]
