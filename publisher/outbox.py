"""The states of an outgoing message and what the outcome of a call means for it.

Pure: values in, values out. Nothing here sends, stores or looks at a clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from huanyu.errors import ChannelError
from huanyu.errors import IllegalMove
from huanyu.errors import Refused
from huanyu.errors import Unavailable
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import Receipt

S = MessageState

LABEL: Final[Mapping[MessageState, str]] = MappingProxyType(
    {
        S.DRAFT: "待审核",
        S.RETURNED: "已退回",
        S.APPROVED: "待发布",
        S.SENDING: "发布中",
        S.SENT: "已发布",
        S.REHEARSED: "已演练",
        S.REFUSED: "被平台拒绝",
        S.UNKNOWN: "结果不明",
        S.CANCELLED: "已取消",
    }
)

#: Every arrow with who takes it and why; there are no others.
ALLOWED: Final[Mapping[MessageState, frozenset[MessageState]]] = MappingProxyType(
    {
        S.DRAFT: frozenset({S.APPROVED, S.RETURNED, S.CANCELLED}),  # the reviewer; 三审三校
        S.RETURNED: frozenset({S.DRAFT, S.CANCELLED}),  # the author rewrites or drops it
        # DRAFT: an edit voids the approval; the rest of the row is the delivery's claim or a withdrawal.
        S.APPROVED: frozenset({S.SENDING, S.DRAFT, S.RETURNED, S.CANCELLED}),
        # The outcome of the call. APPROVED: nothing was accepted, later again.
        S.SENDING: frozenset({S.SENT, S.REHEARSED, S.REFUSED, S.UNKNOWN, S.APPROVED}),
        # SENT: read back or seen by a person. REFUSED: a person saw that it is not out. Never SENDING: no retry.
        S.UNKNOWN: frozenset({S.SENT, S.REFUSED, S.CANCELLED}),
        # DRAFT: rewritten. APPROVED: a person repaired the account, the approved text is unchanged.
        S.REFUSED: frozenset({S.DRAFT, S.APPROVED, S.CANCELLED}),
        S.SENT: frozenset(),
        # APPROVED: a person releases what was only rehearsed, once the desk is live.
        S.REHEARSED: frozenset({S.APPROVED, S.CANCELLED}),
        S.CANCELLED: frozenset(),
    }
)

#: Waiting times before attempt 2, 3, …; the platforms' rate windows are an hour (Weibo 10022–10024).
BACKOFF: Final[tuple[timedelta, ...]] = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 60, 180, 360))
MAX_ATTEMPTS: Final = len(BACKOFF) + 1  # about eleven hours; then a person looks


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What to write on a message after a call."""

    state: MessageState
    due_at: datetime
    note: str  #: Chinese, for the list
    receipt: Receipt | None = None


def check(state: MessageState, to: MessageState) -> None:
    """Raise IllegalMove unless the table has an arrow from `state` to `to`."""
    if to not in ALLOWED[state]:
        raise IllegalMove(f"消息不能从“{LABEL[state]}”变为“{LABEL[to]}”", state=state.value, to=to.value)


def after(outcome: Receipt | ChannelError | None, message: Message, now: datetime) -> Settlement:
    """The new state of a message in `sending`.

    None is a dry run: everything was done but the call. A receipt is sent; refused stays refused; unavailable
    waits, longer each time, and after MAX_ATTEMPTS a person looks. Everything else is unknown and never goes
    out again by itself.
    """
    if outcome is None:
        return Settlement(state=S.REHEARSED, due_at=now, note=f"演练：未向“{message.account}”真正发布")
    if isinstance(outcome, Receipt):
        return Settlement(state=S.SENT, due_at=now, note=outcome.note, receipt=outcome)
    if isinstance(outcome, Refused):
        return Settlement(state=S.REFUSED, due_at=now, note=str(outcome))
    if isinstance(outcome, Unavailable):
        return _later(outcome, message, now)
    named = getattr(outcome, "platform_id", "")
    return Settlement(
        state=S.UNKNOWN, due_at=now, note=str(outcome), receipt=Receipt(platform_id=named) if named else None
    )


def after_read_back(receipt: Receipt | None, now: datetime) -> Settlement:
    """An unknown message once its channel was read: found is sent; not found proves nothing, it stays unknown."""
    if receipt is not None:
        return Settlement(state=S.SENT, due_at=now, note=receipt.note or "回读确认已发布", receipt=receipt)
    return Settlement(state=S.UNKNOWN, due_at=now, note="回读未见到，请人工核实是否已发布，不会自动重发")


def _later(outcome: Unavailable, message: Message, now: datetime) -> Settlement:
    if message.attempts >= MAX_ATTEMPTS:
        note = f"已试{message.attempts}次仍未成功，请人工处理：{outcome}"
        return Settlement(state=S.REFUSED, due_at=now, note=note)
    wait = BACKOFF[max(0, message.attempts - 1)]
    if outcome.retry_after is not None:
        wait = max(wait, timedelta(seconds=outcome.retry_after))
    return Settlement(state=S.APPROVED, due_at=now + wait, note=str(outcome))
