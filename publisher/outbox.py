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
from huanyu.types import Slip

S = MessageState

LABEL: Final[Mapping[MessageState, str]] = MappingProxyType(
    {
        S.DRAFT: "待审核",
        S.RETURNED: "已退回",
        S.APPROVED: "待发布",
        S.SENDING: "发布中",
        S.HANDED: "待人工发布",
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
        # UNKNOWN: the desk stands on a backup, and before it was restored this may have left.
        S.APPROVED: frozenset({S.SENDING, S.DRAFT, S.RETURNED, S.CANCELLED, S.UNKNOWN}),
        # The outcome of the call. APPROVED: nothing was accepted, later again.
        # HANDED: the channel is one that only a person may post to.
        S.SENDING: frozenset({S.SENT, S.REHEARSED, S.REFUSED, S.UNKNOWN, S.APPROVED, S.HANDED}),
        # SENT: a person posted it and told the address. DRAFT: it could not be posted so. CANCELLED: it will not be.
        S.HANDED: frozenset({S.SENT, S.DRAFT, S.CANCELLED}),
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

#: Distances between two looks for an unknown message; the first look is taken at once.
LOOKS: Final[tuple[timedelta, ...]] = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720, 1440))
LOOK_AGAIN: Final = timedelta(minutes=5)  # after the platform could not be read: that was no look
DOUBT: Final = timedelta(minutes=90)  # still unknown after so long: a person is told

#: How the note ends of one that a person looked for and that is not out.
SEEN_NOT_OUT: Final = "查看平台后确认未发出"

#: How long an account rests whose calls in a row nobody took, beginning with the third.
RESTS: Final[tuple[timedelta, ...]] = tuple(timedelta(minutes=m) for m in (1, 5, 15))
TOLERATED: Final = 2
ACCOUNT_REST: Final = timedelta(hours=1)  # an account that was refused as such is tried again so much later

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
    look_at: datetime | None = None  #: when to look for it first; None where nobody but a person can
    hold: datetime | None = None  #: nothing else of the account leaves before


def check(state: MessageState, to: MessageState) -> None:
    """Raise IllegalMove unless the table has an arrow from `state` to `to`."""
    if to not in ALLOWED[state]:
        raise IllegalMove(f"消息不能从“{LABEL[state]}”变为“{LABEL[to]}”", state=state.value, to=to.value)


def after(
    outcome: Receipt | Slip | ChannelError | None,
    message: Message,
    now: datetime,
    *,
    can_look: bool = True,
    is_down: bool = False,
) -> Settlement:
    """The new state of a message in `sending`.

    None is a dry run: everything was done but the call. A slip waits for a person. A receipt is sent. Refused
    stays refused, unless it is the account that was refused: then its messages wait for the account. Unavailable
    waits, longer each time, and after MAX_ATTEMPTS a person looks, unless nothing of the account gets through
    (`is_down`): an outage is no fault of the text. Everything else is unknown: looked for where the channel can
    look, and never sent again blindly.
    """
    if outcome is None:
        return Settlement(state=S.REHEARSED, due_at=now, note="演练：没有真正发布")
    if isinstance(outcome, Receipt):
        return Settlement(state=S.SENT, due_at=now, note=outcome.note, receipt=outcome)
    if isinstance(outcome, Slip):
        return Settlement(state=S.HANDED, due_at=now, note=f"{outcome.note}：{outcome.url}")
    if isinstance(outcome, Refused):
        return _refused(outcome, now)
    if isinstance(outcome, Unavailable):
        return _later(outcome, message, now, is_down=is_down)
    named = getattr(outcome, "platform_id", "")
    return Settlement(
        state=S.UNKNOWN,
        due_at=now,
        note=str(outcome),
        receipt=Receipt(platform_id=named) if named else None,
        look_at=message.due_at if can_look else None,  # at once, also for a look that has begun already
    )


def after_read_back(receipt: Receipt | Refused | None, now: datetime) -> Settlement:
    """An unknown message once its channel was read.

    Found is sent; the platform's word that it will never be out is refused; not found proves nothing.
    """
    if isinstance(receipt, Refused):
        return Settlement(state=S.REFUSED, due_at=now, note=f"回读得知未发布：{receipt}")
    if receipt is not None:
        return Settlement(state=S.SENT, due_at=now, note=receipt.note or "回读确认已发布", receipt=receipt)
    return Settlement(state=S.UNKNOWN, due_at=now, note="回读未见到，请人工核实是否已发布，不会自动重发")


def next_look(looks: int, now: datetime) -> datetime | None:
    """When to look again after so many looks; None after the last one."""
    return now + LOOKS[looks - 1] if 0 < looks <= len(LOOKS) else None


def rest(failures: int, now: datetime) -> datetime | None:
    """Until when an account rests after so many calls in a row that were not taken; None: go on."""
    if failures <= TOLERATED:
        return None
    return now + RESTS[min(failures - TOLERATED, len(RESTS)) - 1]


def _refused(outcome: Refused, now: datetime) -> Settlement:
    if not outcome.whole_account:
        return Settlement(state=S.REFUSED, due_at=now, note=str(outcome))
    note = f"{outcome}；稿件不变，账号恢复后自动发出"
    return Settlement(state=S.APPROVED, due_at=now, note=note, hold=now + ACCOUNT_REST)


def _later(outcome: Unavailable, message: Message, now: datetime, *, is_down: bool) -> Settlement:
    if message.attempts >= MAX_ATTEMPTS and not is_down:
        note = f"已试{message.attempts}次仍未成功，请人工处理：{outcome}"
        return Settlement(state=S.REFUSED, due_at=now, note=note)
    wait = BACKOFF[min(max(0, message.attempts - 1), len(BACKOFF) - 1)]
    if outcome.retry_after is None:
        return Settlement(state=S.APPROVED, due_at=now + wait, note=str(outcome))
    asked = timedelta(seconds=outcome.retry_after)
    return Settlement(state=S.APPROVED, due_at=now + max(wait, asked), note=str(outcome), hold=now + asked)
