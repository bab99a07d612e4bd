"""What a WeChat account answers by itself: nothing that nobody approved, whoever switched it on."""

from __future__ import annotations

from pathlib import Path

import pytest

from demo.platforms import wechat as platform
from demo.platforms.wechat import WechatPlatform
from demo.platforms.wechat_talk import PUSH_TOKEN
from demo.platforms.wechat_talk import WELCOME
from huanyu import clock
from huanyu.bureau import AccountRow
from publisher.channels.wechat import WechatChannel
from publisher.channels.wechat_talk import WORDS

RUDE = "不说话也没人当你是哑巴"


@pytest.fixture
def row(wechat: WechatPlatform, wechat_account: AccountRow) -> AccountRow:
    more = {"auto_replies": (WELCOME,), "push_url": wechat.push_url}
    return wechat_account.model_copy(update=more)


@pytest.fixture
def channel(row: AccountRow, tmp_path: Path) -> WechatChannel:
    return WechatChannel(row, platform.SECRET, tmp_path, push_token=PUSH_TOKEN)


def test_an_account_that_keeps_silent_is_well(wechat: WechatPlatform, channel: WechatChannel) -> None:
    health = channel.health(clock.now())
    assert (health.state, health.note) == ("ok", "")
    assert wechat.talk.asked == [WORDS]


def test_approved_words_may_be_answered(wechat: WechatPlatform, channel: WechatChannel) -> None:
    wechat.talk.welcome = WELCOME.replace("。", "。 ")
    wechat.talk.keywords["举报"] = {"type": "text", "content": WELCOME}
    wechat.talk.service = lambda _: WELCOME
    assert channel.health(clock.now()).state == "ok"


@pytest.mark.parametrize("where", ["welcome", "default"])
def test_an_unapproved_answer_of_the_platform_is_a_finding(
    where: str, wechat: WechatPlatform, channel: WechatChannel
) -> None:
    setattr(wechat.talk, where, RUDE)
    health = channel.health(clock.now())
    assert (health.state, RUDE in health.note) == ("unsafe", True)


@pytest.mark.parametrize(
    ("answer", "told"),
    [({"type": "text", "content": RUDE}, RUDE), ({"type": "img", "content": "MEDIA_9"}, "img")],
)
def test_an_unapproved_answer_to_a_keyword_is_a_finding(
    answer: dict[str, str], told: str, wechat: WechatPlatform, channel: WechatChannel
) -> None:
    wechat.talk.keywords["扬尘"] = answer
    health = channel.health(clock.now())
    assert (health.state, "“扬尘”" in health.note, told in health.note) == ("unsafe", True, True)


def test_a_service_that_answers_anything_is_found_by_the_canary(
    wechat: WechatPlatform, channel: WechatChannel
) -> None:
    """自贡 2018: the platform's own rules said nothing, a third party's robot was switched on again."""
    wechat.talk.service = lambda _: RUDE
    health = channel.health(clock.now())
    assert (health.state, "消息服务" in health.note, RUDE in health.note) == ("unsafe", True, True)


def test_an_account_without_such_a_service_is_asked_for_its_rules_only(
    wechat: WechatPlatform, wechat_account: AccountRow, tmp_path: Path
) -> None:
    assert WechatChannel(wechat_account, platform.SECRET, tmp_path).health(clock.now()).state == "ok"
    assert wechat.talk.asked == []


def test_not_knowing_is_told_and_no_alarm(
    wechat: WechatPlatform, row: AccountRow, channel: WechatChannel, tmp_path: Path
) -> None:
    wechat.fail_next("refuse", error_code=48001, at="get_current_autoreply_info")
    health = channel.health(clock.now())
    assert (health.state, "没有核对成" in health.note) == ("ok", True)
    unsigned = WechatChannel(row, platform.SECRET, tmp_path, push_token="wrong")
    assert "没有核对成" in unsigned.health(clock.now()).note
    assert wechat.talk.asked == []


def test_what_the_rules_say_counts_even_where_the_service_does_not_answer(
    wechat: WechatPlatform, row: AccountRow, tmp_path: Path
) -> None:
    wechat.talk.default = RUDE
    dead = row.model_copy(update={"push_url": "http://127.0.0.1:9/push"})
    assert WechatChannel(dead, platform.SECRET, tmp_path).health(clock.now()).state == "unsafe"
