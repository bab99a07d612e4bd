"""The real python-telegram-bot against a local Bot API."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from demo.platforms import telegram as platform
from demo.platforms.telegram import TelegramPlatform
from huanyu.bureau import AccountRow
from huanyu.errors import Refused
from huanyu.errors import Unavailable
from huanyu.errors import Unknown
from huanyu.types import Message
from huanyu.types import Picture
from huanyu.types import Receipt
from publisher.channels.telegram import TelegramChannel
from tests import photos
from tests.live.publish.conftest import MakeMessage


@pytest.fixture
def channel(telegram_account: AccountRow, patience: float) -> TelegramChannel:
    return TelegramChannel(telegram_account, platform.TOKEN, read_timeout=patience)


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


class TestPictures:
    def test_one_carries_the_text_as_its_caption(
        self, telegram: TelegramPlatform, channel: TelegramChannel, make_message: MakeMessage
    ) -> None:
        receipt = channel.send(make_message(text="整改完成。", pictures=(photos.photo(),)))
        (kept,) = telegram.published
        assert (kept.text, kept.picture) == ("整改完成。", f"{'ab' * 8}.jpg")
        assert kept.body == photos.jpeg(telling=False)
        assert receipt.platform_id == "1"

    def test_several_are_an_album_with_one_caption(
        self, telegram: TelegramPlatform, channel: TelegramChannel, make_message: MakeMessage
    ) -> None:
        shown = (photos.photo(), photos.photo(photos.png()), photos.photo())
        receipt = channel.send(make_message(text="整改完成。", pictures=shown))
        assert [kept.text for kept in telegram.published] == ["整改完成。", "", ""]
        assert receipt.platform_id == "1,2,3"

    def test_a_text_longer_than_a_caption_comes_first_and_the_pictures_below_it(
        self, telegram: TelegramPlatform, channel: TelegramChannel, make_message: MakeMessage
    ) -> None:
        receipt = channel.send(make_message(text="字" * 1025, pictures=(photos.photo(),)))
        text, picture = telegram.published
        assert (len(text.text), picture.text, picture.reply_to) == (1025, "", "1")
        assert receipt.platform_id == "1,2"

    @pytest.mark.parametrize("fault", ["rate_limit", "drop_after_accept", "error_before_accept"])
    def test_pictures_that_fail_after_the_text_are_told_about(
        self, fault: str, telegram: TelegramPlatform, channel: TelegramChannel, make_message: MakeMessage
    ) -> None:
        telegram.fail_next("slow", seconds=0)
        telegram.fail_next(fault)
        receipt = channel.send(make_message(text="字" * 1025, pictures=(photos.photo(),)))
        assert receipt.platform_id == "1"
        assert "图片没有发出" in receipt.note
        assert telegram.times()["字" * 1025] == 1

    @pytest.mark.parametrize(
        ("fault", "kept"), [("drop_after_accept", 1), ("stall", 1), ("drop_before_accept", 0)]
    )
    def test_a_captioned_picture_cut_off_is_unknown(
        self,
        fault: str,
        kept: int,
        telegram: TelegramPlatform,
        channel: TelegramChannel,
        make_message: MakeMessage,
    ) -> None:
        telegram.fail_next(fault)
        with pytest.raises(Unknown):
            channel.send(make_message(text="整改完成。", pictures=(photos.photo(),)))
        assert len(telegram.published) == kept

    @pytest.mark.parametrize(
        "pictures", [(photos.photo(b"none"),), (photos.photo(),) * 11], ids=["none", "eleven"]
    )
    def test_what_telegram_would_refuse_never_leaves(
        self,
        pictures: tuple[Picture, ...],
        telegram: TelegramPlatform,
        channel: TelegramChannel,
        make_message: MakeMessage,
    ) -> None:
        with pytest.raises(Refused):
            channel.send(make_message(pictures=pictures))
        assert telegram.published == ()


class TestAfterwards:
    @pytest.fixture(params=[0, 1, 2], ids=["text", "picture", "album"])
    def out(
        self, request: pytest.FixtureRequest, channel: TelegramChannel, make_message: MakeMessage
    ) -> Message:
        """A message that is out, as the outbox holds it: without the bytes of its pictures."""
        sent = channel.send(make_message(text="罚款3万元。", pictures=(photos.photo(),) * request.param))
        return make_message(text="罚款3万元。", platform_id=sent.platform_id)

    def test_it_can_be_put_right_in_place_and_again_does_nothing(
        self, telegram: TelegramPlatform, channel: TelegramChannel, out: Message
    ) -> None:
        for _ in range(2):
            assert channel.amend(out, "罚款2万元。").platform_id == out.platform_id
        assert telegram.published[0].text == "罚款2万元。"

    def test_withdrawing_takes_every_part_and_again_does_nothing(
        self, telegram: TelegramPlatform, channel: TelegramChannel, out: Message
    ) -> None:
        for _ in range(2):
            channel.withdraw(out)
        assert telegram.published == ()

    def test_what_has_no_number_needs_a_person(
        self, telegram: TelegramPlatform, channel: TelegramChannel, out: Message
    ) -> None:
        nameless = replace(out, platform_id="人工确认")
        with pytest.raises(Refused, match="编号"):
            channel.withdraw(nameless)
        with pytest.raises(Refused, match="编号"):
            channel.amend(nameless, "罚款2万元。")
        assert telegram.published != ()

    def test_one_deleted_by_hand_cannot_be_put_right(
        self, telegram: TelegramPlatform, channel: TelegramChannel, out: Message
    ) -> None:
        telegram.remove("1")
        with pytest.raises(Refused, match="not found"):
            channel.amend(out, "罚款2万元。")

    def test_a_dead_line_means_to_try_again(self, telegram_account: AccountRow, out: Message) -> None:
        nobody = telegram_account.model_copy(update={"base_url": "http://127.0.0.1:9/bot"})
        channel = TelegramChannel(nobody, platform.TOKEN)
        with pytest.raises(Unavailable):
            channel.amend(out, "罚款2万元。")
        with pytest.raises(Unavailable):
            channel.withdraw(out)


def test_a_caption_put_right_must_still_fit(channel: TelegramChannel, make_message: MakeMessage) -> None:
    sent = channel.send(make_message(text="短。", pictures=(photos.photo(),)))
    with pytest.raises(Refused, match="1024"):
        channel.amend(make_message(platform_id=sent.platform_id), "字" * 1025)


def test_an_answer_stands_under_the_message_it_answers(
    telegram: TelegramPlatform, channel: TelegramChannel, make_message: MakeMessage
) -> None:
    first = channel.send(make_message(text="问题已受理。"))
    channel.send(make_message(text="已办结。", reply_to=first.platform_id))
    assert telegram.published[1].reply_to == first.platform_id
    with pytest.raises(Refused, match="编号"):
        channel.send(make_message(reply_to="abc"))


class TestHealth:
    def test_a_bot_in_its_channel_is_fine(self, channel: TelegramChannel, make_message: MakeMessage) -> None:
        health = channel.health(make_message().due_at)
        assert (health.state, health.followers) == ("ok", 321)

    def test_a_revoked_token_is_revoked(
        self, telegram: TelegramPlatform, channel: TelegramChannel, make_message: MakeMessage
    ) -> None:
        telegram.expired = True
        health = channel.health(make_message().due_at)
        assert (health.state, "密钥" in health.note) == ("revoked", True)

    def test_a_channel_that_is_gone_is_failing(
        self, telegram_account: AccountRow, make_message: MakeMessage
    ) -> None:
        moved = telegram_account.model_copy(update={"chat_id": "@gone"})
        health = TelegramChannel(moved, platform.TOKEN).health(make_message().due_at)
        assert (health.state, "Chat not found" in health.note) == ("failing", True)


@pytest.mark.parametrize(("recipient", "whole"), [("", True), ("@lchj", True), ("@colleague", False)])
def test_one_recipient_who_shut_the_bot_out_does_not_stop_the_account(
    recipient: str,
    whole: bool,
    telegram: TelegramPlatform,
    channel: TelegramChannel,
    make_message: MakeMessage,
) -> None:
    telegram.fail_next("refuse", error_code=403, description="Forbidden: bot was blocked by the user")
    with pytest.raises(Refused) as caught:
        channel.send(make_message(recipient=recipient))
    assert caught.value.whole_account is whole


def test_a_dead_token_stops_the_account_whoever_was_written_to(
    telegram: TelegramPlatform, channel: TelegramChannel, make_message: MakeMessage
) -> None:
    telegram.expired = True
    with pytest.raises(Refused) as caught:
        channel.send(make_message(recipient="@colleague"))
    assert caught.value.whole_account
