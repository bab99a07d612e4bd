"""The Weibo channel against a local platform: each misbehaviour becomes the right kind of error."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from demo.platforms import weibo as platform
from demo.platforms.weibo import WeiboPlatform
from huanyu.bureau import AccountRow
from huanyu.errors import Refused
from huanyu.errors import Unavailable
from huanyu.errors import Unknown
from publisher.channels.weibo import WeiboChannel
from tests.live.publish.conftest import SITE
from tests.live.publish.conftest import MakeMessage

QUICK = httpx.Timeout(0.4, connect=5)


@pytest.fixture
def channel(weibo_account: AccountRow) -> WeiboChannel:
    return WeiboChannel(weibo_account, platform.TOKEN, SITE)


@pytest.fixture
def hasty(weibo_account: AccountRow) -> WeiboChannel:
    return WeiboChannel(weibo_account, platform.TOKEN, SITE, timeout=QUICK)


def test_a_post_is_published_with_the_operators_address(
    weibo: WeiboPlatform, channel: WeiboChannel, make_message: MakeMessage
) -> None:
    message = make_message()
    receipt = channel.send(message)
    (kept,) = weibo.published
    assert (kept.text, kept.rip, kept.status_id) == (message.text, "192.0.2.1", "")
    assert receipt.platform_id == str(kept.id)
    assert receipt.url == f"https://weibo.com/{weibo.user_id}/{kept.id}"


def test_a_reply_goes_under_the_citizens_own_post(
    weibo: WeiboPlatform, channel: WeiboChannel, make_message: MakeMessage
) -> None:
    message = make_message(reply_to="5100000000000001")
    channel.send(message)
    assert weibo.published[0].status_id == "5100000000000001"
    assert channel.read_back(message) is not None


@pytest.mark.parametrize("code", [10002, 10009, 10022, 10023, 10024, 20016])
def test_rate_limits_and_busy_servers_mean_later(
    code: int, weibo: WeiboPlatform, channel: WeiboChannel, make_message: MakeMessage
) -> None:
    weibo.fail_next("refuse", error_code=code)
    with pytest.raises(Unavailable):
        channel.send(make_message())


@pytest.mark.parametrize("as_text", [False, True])
@pytest.mark.parametrize(
    "code", [10014, 20012, 20018, 20101, 20206, 20207, 21315, 21327, 21332, 20031, 10008, 29999]
)
def test_refusals_are_final_whether_the_code_is_a_number_or_a_string(
    code: int, as_text: bool, weibo: WeiboPlatform, channel: WeiboChannel, make_message: MakeMessage
) -> None:
    weibo.fail_next("refuse", error_code=code, as_text=as_text)
    with pytest.raises(Refused):
        channel.send(make_message())
    assert weibo.published == ()


def test_an_expired_token_is_refused_and_says_who_must_act(
    weibo: WeiboPlatform, channel: WeiboChannel, make_message: MakeMessage
) -> None:
    weibo.expired = True
    with pytest.raises(Refused, match="管理员重新授权"):
        channel.send(make_message())


def test_published_with_delay_is_success(
    weibo: WeiboPlatform, channel: WeiboChannel, make_message: MakeMessage
) -> None:
    weibo.fail_next("delayed")
    assert "延迟" in channel.send(make_message()).note
    assert len(weibo.published) == 1


@pytest.mark.parametrize("code", [20017, 20019, 20111])
def test_a_repeated_text_is_read_back_and_found(
    code: int, weibo: WeiboPlatform, channel: WeiboChannel, make_message: MakeMessage
) -> None:
    first = channel.send(make_message())
    weibo.fail_next("refuse", error_code=code)
    again = channel.send(make_message())
    assert again.platform_id == first.platform_id
    assert len(weibo.published) == 1


@pytest.mark.parametrize("code", [20017, 20019])
def test_a_repeated_text_that_cannot_be_found_is_unknown(
    code: int, weibo: WeiboPlatform, channel: WeiboChannel, make_message: MakeMessage
) -> None:
    weibo.fail_next("refuse", error_code=code)
    with pytest.raises(Unknown):
        channel.send(make_message())


@pytest.mark.parametrize(
    ("fault", "kept"),
    [
        ("drop_after_accept", 1),
        ("error_after_accept", 1),
        ("no_id", 1),
        ("stall", 1),
        ("drop_before_accept", 0),
        ("error_before_accept", 0),
        ("html", 0),
    ],
)
def test_an_answer_that_never_came_whole_is_unknown(
    fault: str, kept: int, weibo: WeiboPlatform, hasty: WeiboChannel, make_message: MakeMessage
) -> None:
    message = make_message()
    weibo.fail_next(fault)
    with pytest.raises(Unknown):
        hasty.send(message)
    assert len(weibo.published) == kept
    assert (hasty.read_back(message) is not None) == bool(kept)


@pytest.mark.parametrize("code", [10001, 10003])
def test_a_system_error_is_unknown(
    code: int, weibo: WeiboPlatform, channel: WeiboChannel, make_message: MakeMessage
) -> None:
    weibo.fail_next("refuse", error_code=code)
    with pytest.raises(Unknown):
        channel.send(make_message())


def test_too_many_requests_names_the_waiting_time(
    weibo: WeiboPlatform, channel: WeiboChannel, make_message: MakeMessage
) -> None:
    weibo.fail_next("http_429", retry_after=90)
    with pytest.raises(Unavailable) as caught:
        channel.send(make_message())
    assert caught.value.retry_after == 90


def test_an_answer_sent_twice_is_one_publication(
    weibo: WeiboPlatform, channel: WeiboChannel, make_message: MakeMessage
) -> None:
    weibo.fail_next("answer_twice")
    channel.send(make_message())
    assert len(weibo.published) == 1


def test_a_closed_port_means_nothing_was_sent(weibo_account: AccountRow, make_message: MakeMessage) -> None:
    nobody = weibo_account.model_copy(update={"base_url": "http://127.0.0.1:9"})
    with pytest.raises(Unavailable):
        WeiboChannel(nobody, platform.TOKEN, SITE).send(make_message())


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "没有链接的微博"},
        {"text": f"#环保# {SITE}/r/abcdef123456.html"},
        {"text": f"https://other.example.com/{'字' * 10}"},
        {"text": f"{'字' * 125}{SITE}/r/abcdef123456.html"},
        {"reply_to": "Lx1aB2cD"},
    ],
)
def test_what_the_platform_would_refuse_never_leaves(
    changes: dict[str, str], weibo: WeiboPlatform, channel: WeiboChannel, make_message: MakeMessage
) -> None:
    with pytest.raises(Refused):
        channel.send(make_message(**changes))
    assert weibo.published == ()


def test_an_older_post_with_the_same_words_is_not_taken_for_ours(
    channel: WeiboChannel, make_message: MakeMessage
) -> None:
    message = make_message()
    channel.send(message)
    later = replace(message, created_at=message.created_at + timedelta(hours=1))
    assert channel.read_back(later) is None


def test_somebody_elses_comment_is_not_taken_for_ours(
    weibo_account: AccountRow, channel: WeiboChannel, make_message: MakeMessage
) -> None:
    message = make_message()
    channel.send(message)
    other = weibo_account.model_copy(update={"user_id": "42"})
    assert WeiboChannel(other, platform.TOKEN, SITE).read_back(message) is None


def test_the_token_is_in_no_error(
    weibo: WeiboPlatform, hasty: WeiboChannel, make_message: MakeMessage
) -> None:
    weibo.fail_next("drop_after_accept")
    with pytest.raises(Unknown) as caught:
        hasty.send(make_message())
    assert platform.TOKEN not in f"{caught.value!r}{caught.value.__cause__!r}"


def test_the_platform_shows_what_was_published(
    weibo: WeiboPlatform, channel: WeiboChannel, make_message: MakeMessage
) -> None:
    channel.send(make_message())
    shown = httpx.get(weibo.url, trust_env=False).text
    assert "模拟微博" in shown
    assert "HY2026-000001" in shown
