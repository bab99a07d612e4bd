"""When a message leaves: the first moment that the account's rest, the windows and the quotas all allow, and why.

Pure: values in, values out. Knows neither the store nor a clock.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from huanyu.errors import ConfigError
from huanyu.publishing_rows import PublishingTable
from huanyu.publishing_rows import QuotaRow
from huanyu.review_rows import STAFF
from huanyu.review_rows import class_of
from huanyu.types import Message
from publisher import quotas
from publisher import windows

WITHDRAWAL: Final = "withdrawal"
PUTS_RIGHT: Final = frozenset({"correction", WITHDRAWAL})  #: stages
_TURNS: Final = 1000  # changes of window and quota looked through


@dataclass(frozen=True, slots=True)
class Planned:
    """When one message leaves."""

    message: Message
    at: datetime
    why: str = ""  #: Chinese: what it waits for; "" where it may leave now


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An account that rests."""

    until: datetime
    why: str  #: Chinese


def next_moment(
    message: Message,
    table: PublishingTable,
    left: Sequence[datetime],
    now: datetime,
    held: Held | None = None,
) -> Planned:
    """The first moment from `now` on at which `message` may leave; `left`: departures of its account, also planned ones.

    Raises ConfigError where the windows and quotas leave no such moment.
    """
    rows, kind = quota_rows(message, table), window_class(message)
    at, why = now, ""
    for _ in range(_TURNS):
        until, told = _first_obstacle(kind, table, rows, left, at, held)
        if until <= at:
            return Planned(message, at, why)
        at, why = until, told
    raise ConfigError("publishing.toml: 时段和限额合起来没有留下可以发布的时间")


def plan(
    queue: Sequence[Message],
    table: PublishingTable,
    left: Mapping[str, Sequence[datetime]],
    now: datetime,
    held: Mapping[str, Held],
) -> list[Planned]:
    """When each message of the queue leaves, one after the other; every one takes its place in the quotas."""
    taken = {account: sorted(moments) for account, moments in left.items()}
    planned = []
    for message in queue:
        mine = taken.setdefault(message.account, [])
        one = next_moment(message, table, mine, now, held.get(message.account))
        insort(mine, one.at)
        planned.append(one)
    return planned


def window_class(message: Message) -> str:
    """The class whose windows a text keeps; "" for what no hour, day or freeze holds.

    That is what goes to colleagues, and what puts right a text that is out: that one stands at night too.
    """
    if message.stage in PUTS_RIGHT:
        return ""
    return class_of(message.purpose, message.content_class, message.channel)


def quota_rows(message: Message, table: PublishingTable) -> tuple[QuotaRow, ...]:
    """The quotas that a text keeps; taking one down, and a line to a colleague, wait for none."""
    if message.stage == WITHDRAWAL or message.purpose == STAFF:
        return ()
    return quotas.of(table.quota, message.account, message.channel)


def told(one: Planned, now: datetime) -> str:
    """The sentence beside a message that waits: 不刷屏，3月10日10:20发出."""
    from_now = (
        f"{one.at:%H:%M}" if one.at.date() == now.date() else f"{one.at.month}月{one.at.day}日{one.at:%H:%M}"
    )
    return f"{one.why}，排到{from_now}发出" if one.why else ""


def _first_obstacle(
    kind: str,
    table: PublishingTable,
    rows: Sequence[QuotaRow],
    left: Sequence[datetime],
    at: datetime,
    held: Held | None,
) -> tuple[datetime, str]:
    if held is not None and held.until > at:
        return held.until, held.why
    if (window := windows.closed(at, kind, table)) is not None:
        return window.until, window.why
    free = quotas.next_free(rows, left, at)
    return free.at, free.why
