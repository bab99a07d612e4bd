"""The local platforms keep count of what they were given and misbehave as they were told."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from demo.platforms import wechat as wechat_platform
from demo.platforms import weibo as weibo_platform
from demo.platforms.server import Platform
from demo.platforms.telegram import TelegramPlatform
from demo.platforms.wechat import WechatPlatform
from demo.platforms.weibo import WeiboPlatform
from huanyu.bureau import AccountRow
from huanyu.errors import ChannelError
from huanyu.errors import Unavailable
from huanyu.errors import Unknown
from huanyu.types import Message
from publisher.channels.wechat import WechatChannel
from publisher.channels.weibo import WeiboChannel
from tests import photos
from tests.live.publish.conftest import SITE
from tests.live.publish.conftest import MakeMessage

SEED = 20260312
RATES = dict.fromkeys(
    ("drop_before_accept", "drop_after_accept", "error_after_accept", "busy_after_accept", "rate_limit"), 0.15
)


@pytest.mark.parametrize("made", [WeiboPlatform, WechatPlatform, TelegramPlatform])
def test_a_fault_nobody_knows_is_an_error(made: type[Platform]) -> None:
    with made() as platform:
        with pytest.raises(ValueError, match="unknown fault"):
            platform.fail_next("explode")
        with pytest.raises(ValueError, match="unknown fault"):
            platform.misbehave(random.Random(SEED), {"explode": 1.0})


def test_every_publication_is_counted_before_it_is_answered(
    weibo: WeiboPlatform, weibo_account: AccountRow, make_message: MakeMessage
) -> None:
    told: list[str] = []
    weibo.after_accept = told.append
    weibo.fail_next("drop_after_accept")
    message = make_message()
    with pytest.raises(Unknown):
        WeiboChannel(weibo_account, weibo_platform.TOKEN, SITE).send(message)
    assert told == [message.text]
    assert weibo.times() == {message.text: 1}


def test_faults_come_by_chance_and_end_when_told(
    weibo: WeiboPlatform, weibo_account: AccountRow, make_message: MakeMessage
) -> None:
    channel = WeiboChannel(weibo_account, weibo_platform.TOKEN, SITE)
    weibo.misbehave(random.Random(SEED), {"rate_limit": 1.0})
    with pytest.raises(Unavailable):
        channel.send(make_message())
    weibo.misbehave(random.Random(SEED), {})
    assert channel.send(make_message()).platform_id


def test_several_clients_at_once_are_all_counted(
    weibo: WeiboPlatform, weibo_account: AccountRow, make_message: MakeMessage
) -> None:
    def post(number: int) -> str:
        channel = WeiboChannel(weibo_account, weibo_platform.TOKEN, SITE)
        return channel.send(make_message(text=f"第{number}件：{SITE}/r/id{number:06d}.html")).platform_id

    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(post, range(24)))
    assert len(set(numbers)) == 24
    assert set(weibo.times().values()) == {1}


def test_an_upload_arrives_byte_for_byte(weibo: WeiboPlatform) -> None:
    body = photos.jpeg() + bytes(range(256)) + b"\r\n--\r\n\n\r"
    form = {
        "access_token": weibo_platform.TOKEN,
        "status": f"图 {SITE}/r/abcdef123456.html",
        "rip": "192.0.2.1",
    }
    with httpx.Client(trust_env=False) as client:
        file = {"pic": ("a.jpg", body, "image/jpeg")}
        assert client.post(f"{weibo.api}/statuses/share.json", data=form, files=file).is_success
    assert weibo.published[0].picture_body == body
    assert weibo.published[0].text == form["status"]


def test_articles_are_published_once_whatever_goes_wrong(
    wechat: WechatPlatform, wechat_account: AccountRow, make_message: MakeMessage
) -> None:
    """WeChat's two steps under random faults: none twice, none lost, every unknown resolved by reading back."""
    wechat.misbehave(random.Random(SEED), RATES)
    channel = WechatChannel(wechat_account, wechat_platform.SECRET, Path())
    waiting = [
        make_message(
            title=f"第{number}件", text=f"第{number}件的结果。", attempts=0, pictures=(photos.photo(),)
        )
        for number in range(25)
    ]
    for _ in range(12):
        waiting = [one for one in (_step(channel, message) for message in waiting) if one is not None]
    times = wechat.times()
    assert set(times.values()) == {1}, SEED
    unresolved = [message.title for message in waiting if times[message.title]]
    assert unresolved == [], SEED
    assert len(times) > len(waiting)
    assert Counter(one.title for one in wechat.published) == times


def _step(channel: WechatChannel, message: Message) -> Message | None:
    """One turn of the outbox: send what was never taken, only read back what may be out; None once it is out."""
    if message.platform_id:
        return None if channel.read_back(message) else message
    try:
        channel.send(replace(message, attempts=message.attempts + 1))
    except Unknown as problem:
        return replace(message, platform_id=problem.platform_id)
    except ChannelError:
        return replace(message, attempts=message.attempts + 1)
    raise AssertionError("WeChat only ever queues")
