"""What a run of `huanyu bench publish` left behind: the outbox and the audit trail held against the platforms' counts.

The platforms are the witness: what the outbox says of itself is believed in nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from demo.bench_publish_desk import Platforms
from demo.bench_publish_desk import key_of
from huanyu.store import Store
from huanyu.types import Message
from huanyu.types import MessageState

EVERY = 10_000_000
READABLE = frozenset({"weibo", "wechat"})
#: Faults after which nobody can know from the answer alone whether a text was taken.
CUT = frozenset(
    {
        *("drop_before_accept", "drop_after_accept", "error_before_accept", "error_after_accept", "stall"),
        *("html", "no_id", "busy_after_accept", "delayed", "refuse", "slow"),
    }
)
S = MessageState


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was counted."""

    published: int
    by_channel: str
    doubled: int
    lost: int  #: said to be out and are not, not said to be out and are, or never settled
    refused: int
    doubted: int  #: were unknown at some time
    readable: int  #: of those, on a platform that can be read
    out_there: int  #: of those, really out
    resolved: int  #: of those, settled as sent without a person
    not_out: int  #: readable and never taken by the platform
    listed: int  #: of those, waiting for a person
    blind: int  #: unknown where nothing can be read
    false_doubts: int  #: more unknown on a platform than calls were cut

    @property
    def share(self) -> float:
        """Of the unknown that can be read and are out, how many resolved by themselves."""
        return self.resolved / self.out_there if self.out_there else 1.0


def look(store: Store, platforms: Platforms, kills: Mapping[str, int]) -> Seen:
    """Count everything."""
    messages = store.outbox.listing(purpose="reply", limit=EVERY)
    times = {name: platform.times() for name, platform in platforms.by_channel().items()}
    count = {one.id: times[one.channel][_key(one)] for one in messages}
    doubted = _ever_unknown(store, messages)
    readable = [one for one in doubted if one.channel in READABLE]
    out_there = [one for one in readable if count[one.id]]
    not_out = [one for one in readable if not count[one.id]]
    blind = [one for one in messages if one.state is S.UNKNOWN and one.channel not in READABLE]
    published = Counter(one.channel for one in messages if count[one.id])
    return Seen(
        published=published.total(),
        by_channel="、".join(f"{name} {number}" for name, number in sorted(published.items())),
        doubled=sum(sum(number - 1 for number in found.values() if number > 1) for found in times.values()),
        lost=sum(_is_lost(one, count[one.id]) for one in messages),
        refused=sum(one.state is S.REFUSED for one in messages),
        doubted=len(doubted),
        readable=len(readable),
        out_there=len(out_there),
        resolved=sum(one.state is S.SENT for one in out_there),
        not_out=len(not_out),
        listed=sum(one.state is S.UNKNOWN for one in not_out),
        blind=len(blind),
        false_doubts=sum(_too_many(name, messages, platforms, kills) for name in times),
    )


def _key(message: Message) -> str:
    return key_of(message.channel, int(message.key.rpartition(":")[2]))


def _is_lost(message: Message, count: int) -> bool:
    """Whether what the outbox says of a message is not so."""
    if message.state is S.SENT:
        return count == 0
    if message.state is S.REFUSED:
        return count > 0 or not message.note
    return message.state is not S.UNKNOWN


def _ever_unknown(store: Store, messages: list[Message]) -> list[Message]:
    """By the audit trail; WeChat's queue is no doubt: every article of it is found by the first look."""
    marked = {
        int(number)
        for line in store.audit.listing(limit=EVERY)
        if line.action == "outbox.unknown"
        for number in line.ids
    }
    return [one for one in messages if one.id in marked and not _was_queued(one)]


def _was_queued(message: Message) -> bool:
    return message.channel == "wechat" and message.state is S.SENT and message.looks <= 1


def _too_many(channel: str, messages: list[Message], platforms: Platforms, kills: Mapping[str, int]) -> int:
    """How many more messages are unknown in the end than calls to the platform were cut."""
    unknown = sum(one.state is S.UNKNOWN and one.channel == channel for one in messages)
    drawn = platforms.by_channel()[channel].drawn
    cut = sum(number for name, number in drawn.items() if name in CUT) + kills.get(channel, 0)
    return max(0, unknown - cut)
