"""The real python-telegram-bot against a local Bot API."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from demo.platforms import telegram as platform
from demo.platforms.telegram import TelegramPlatform
from huanyu.bureau import AccountRow
from huanyu.errors import Refused
from huanyu.errors import Unavailable
from huanyu.errors import Unknown
from huanyu.types import Receipt
from publisher.channels.telegram import TelegramChannel
from tests.live.publish.conftest import MakeMessage


@pytest.fixture
def channel(telegram_account: AccountRow) -> TelegramChannel:
    return TelegramChannel(telegram_account, platform.TOKEN, read_timeout=0.5)


def test_a_message_arrives_in_the_channel(
    telegram: TelegramPlatform, channel: TelegramChannel, make_message: MakeMessage
) -> None:
    receipt = channel.send(make_message(text="办理结果：<b>不是标记</b>"))
    assert telegram.published[0].text == "办理结果：<b>不是标记</b>"
    assert receipt.platform_id == "1"
    assert receipt.at is not None
    assert receipt.at.tzinfo is not None


def test_flood_control_tells_how_long_to_wait(
    telegram: TelegramPlatform, channel: TelegramChannel, make_message: MakeMessage
) -> None:
    telegram.fail_next("rate_limit", retry_after=17)
    with pytest.raises(Unavailable) as caught:
        channel.send(make_message())
    assert caught.value.retry_after == 17


@pytest.mark.parametrize("code", [400, 403])
def test_a_refusal_is_final(
    code: int, telegram: TelegramPlatform, channel: TelegramChannel, make_message: MakeMessage
) -> None:
    telegram.fail_next("refuse", error_code=code)
    with pytest.raises(Refused):
        channel.send(make_message())


def test_a_revoked_token_is_refused(
    telegram: TelegramPlatform, channel: TelegramChannel, make_message: MakeMessage
) -> None:
    telegram.expired = True
    with pytest.raises(Refused, match="密钥"):
        channel.send(make_message())


@pytest.mark.parametrize(
    ("fault", "kept"),
    [
        ("drop_after_accept", 1),
        ("error_after_accept", 1),
        ("stall", 1),
        ("drop_before_accept", 0),
        ("error_before_accept", 0),
        ("html", 0),
    ],
)
def test_an_answer_that_never_came_whole_is_unknown(
    fault: str, kept: int, telegram: TelegramPlatform, channel: TelegramChannel, make_message: MakeMessage
) -> None:
    telegram.fail_next(fault)
    with pytest.raises(Unknown):
        channel.send(make_message())
    assert len(telegram.published) == kept


def test_an_answer_sent_twice_is_one_publication(
    telegram: TelegramPlatform, channel: TelegramChannel, make_message: MakeMessage
) -> None:
    telegram.fail_next("answer_twice")
    channel.send(make_message())
    assert len(telegram.published) == 1


def test_a_closed_port_means_nothing_was_sent(
    telegram_account: AccountRow, make_message: MakeMessage
) -> None:
    nobody = telegram_account.model_copy(update={"base_url": "http://127.0.0.1:9/bot"})
    with pytest.raises(Unavailable):
        TelegramChannel(nobody, platform.TOKEN).send(make_message())


def test_a_text_too_long_never_leaves(
    telegram: TelegramPlatform, channel: TelegramChannel, make_message: MakeMessage
) -> None:
    with pytest.raises(Refused):
        channel.send(make_message(text="字" * 4097))
    assert telegram.published == ()


def test_a_chat_the_bot_does_not_know_is_refused(channel: TelegramChannel, make_message: MakeMessage) -> None:
    with pytest.raises(Refused, match="Chat not found"):
        channel.send(make_message(recipient="@nobody"))


def test_nothing_can_be_read_back(channel: TelegramChannel, make_message: MakeMessage) -> None:
    message = make_message()
    channel.send(message)
    assert not channel.abilities.read_back
    assert channel.read_back(message) is None


def test_a_caller_with_a_running_loop_may_send_too(
    channel: TelegramChannel, make_message: MakeMessage
) -> None:
    async def caller() -> Receipt:
        return channel.send(make_message())

    with ThreadPoolExecutor(1) as thread:  # pytest's own may have a loop already
        assert thread.submit(asyncio.run, caller()).result().platform_id
