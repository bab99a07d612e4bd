"""Many publications, every misbehaviour in a seeded random order: none twice, none lost, unknowns read back."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import httpx

from demo.platforms import weibo as platform
from demo.platforms.weibo import WeiboPlatform
from huanyu.bureau import AccountRow
from huanyu.errors import ChannelError
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import Receipt
from publisher import outbox
from publisher.channels.weibo import WeiboChannel
from tests.live.publish.conftest import PATIENT
from tests.live.publish.conftest import SITE
from tests.live.publish.conftest import MakeMessage

SEED = 20260312
PUBLICATIONS = 80
TRANSIENT = ("rate_limit", "http_429", "drop_before_accept", "error_before_accept")
KEPT = ("drop_after_accept", "error_after_accept", "delayed", "no_id", "answer_twice")


def deliver(channel: WeiboChannel, message: Message) -> Message:
    """One round of the delivery step: claim, call, settle; an unknown is only ever read back."""
    if message.state is MessageState.UNKNOWN:
        settled = outbox.after_read_back(channel.read_back(message), message.due_at)
    else:
        sending = replace(message, state=MessageState.SENDING, attempts=message.attempts + 1)
        outcome: Receipt | ChannelError
        try:
            outcome = channel.send(sending)
        except ChannelError as problem:
            outcome = problem
        message, settled = sending, outbox.after(outcome, sending, message.due_at)
    return replace(message, state=settled.state)


def test_nothing_is_published_twice_or_lost(
    weibo: WeiboPlatform, weibo_account: AccountRow, make_message: MakeMessage
) -> None:
    chance = random.Random(SEED)
    channel = WeiboChannel(weibo_account, platform.TOKEN, SITE, timeout=httpx.Timeout(PATIENT))
    ended: list[Message] = []
    for number in range(PUBLICATIONS):
        text = f"您反映的问题（HY2026-{number:06d}）办理结果见：{SITE}/r/id{number:06d}.html"
        message = make_message(state=MessageState.APPROVED, text=text, attempts=0)
        for fault in chance.sample((*TRANSIENT, *KEPT), k=chance.randrange(3)):
            weibo.fail_next(fault)
        for _ in range(6):
            if message.state in {MessageState.APPROVED, MessageState.UNKNOWN}:
                message = deliver(channel, message)
        ended.append(message)

    times = Counter(kept.text for kept in weibo.published)
    assert max(times.values()) == 1
    for message in ended:
        published = times[message.text] == 1
        assert message.state is (MessageState.SENT if published else MessageState.UNKNOWN), (
            SEED,
            message.text,
        )
    assert sum(message.state is MessageState.SENT for message in ended) > PUBLICATIONS / 2
