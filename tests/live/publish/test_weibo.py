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
from huanyu.types import Message
from publisher.channels.weibo import WeiboChannel
from tests import photos
from tests.live.publish.conftest import SITE
from tests.live.publish.conftest import MakeMessage


@pytest.fixture
def channel(weibo_account: AccountRow) -> WeiboChannel:
    return WeiboChannel(weibo_account, platform.TOKEN, SITE)


@pytest.fixture
def hasty(weibo_account: AccountRow, patience: float) -> WeiboChannel:
    return WeiboChannel(weibo_account, platform.TOKEN, SITE, timeout=httpx.Timeout(patience))


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


def test_what_was_there_before_the_call_is_not_taken_for_ours(
    channel: WeiboChannel, make_message: MakeMessage
) -> None:
    """Two cases with the same words differ in their link only, which Weibo shortens."""
    message = make_message()
    channel.send(message)
    other = replace(message, text=message.text.replace("abcdef123456", "bbbbbb222222"))
    assert channel.read_back(replace(other, claimed_at=message.due_at + timedelta(hours=1))) is None
    assert channel.read_back(replace(message, claimed_at=message.due_at)) is not None


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


class TestPicture:
    def test_it_goes_along_without_what_the_camera_wrote(
        self, weibo: WeiboPlatform, channel: WeiboChannel, make_message: MakeMessage
    ) -> None:
        channel.send(make_message(pictures=(photos.photo(),)))
        (kept,) = weibo.published
        assert kept.picture == f"{'ab' * 8}.jpg"
        assert kept.picture_body == photos.jpeg(telling=False)
        assert kept.text == make_message().text

    @pytest.mark.parametrize(
        ("changes", "told"),
        [
            ({"pictures": (photos.photo(), photos.photo())}, "一张"),
            ({"pictures": (photos.photo(),), "reply_to": "5100000000000001"}, "评论不能带图片"),
            ({"pictures": (photos.photo(photos.webp()),)}, "JPEG"),
            ({"pictures": (photos.photo(b"none"),)}, "不是"),
            ({"pictures": (photos.photo(photos.jpeg(padding=5_300_000)),)}, "5MB"),
        ],
    )
    def test_what_weibo_would_refuse_never_leaves(
        self,
        changes: dict[str, object],
        told: str,
        weibo: WeiboPlatform,
        channel: WeiboChannel,
        make_message: MakeMessage,
    ) -> None:
        with pytest.raises(Refused, match=told):
            channel.send(make_message(**changes))
        assert weibo.published == ()


class TestAnswer:
    """A comment that answers a comment: reply_to is post/comment."""

    @pytest.fixture
    def answer(self, weibo: WeiboPlatform, channel: WeiboChannel, make_message: MakeMessage) -> Message:
        post = channel.send(make_message()).platform_id
        comment = weibo.citizen_comments(post, "还是有味道")
        return make_message(text="已安排复查。", reply_to=f"{post}/{comment}")

    def test_it_stands_under_the_comment(
        self, weibo: WeiboPlatform, channel: WeiboChannel, answer: Message
    ) -> None:
        receipt = channel.send(answer)
        kept = weibo.published[-1]
        assert f"{kept.status_id}/{kept.reply_to}" == answer.reply_to
        assert channel.read_back(answer) == replace(receipt, note="回读确认已发布")

    def test_a_comment_that_is_gone_is_refused(
        self, weibo: WeiboPlatform, channel: WeiboChannel, answer: Message
    ) -> None:
        weibo.missing.add(answer.reply_to.partition("/")[2])
        with pytest.raises(Refused, match="原评论已不存在"):
            channel.send(answer)

    @pytest.mark.parametrize("reply_to", ["123/", "/456", "123/abc", "123/4/5"])
    def test_half_a_number_is_refused(
        self, reply_to: str, channel: WeiboChannel, make_message: MakeMessage
    ) -> None:
        with pytest.raises(Refused, match="编号"):
            channel.send(make_message(reply_to=reply_to))


class TestAfterwards:
    @pytest.fixture(params=["", "5100000000000001"], ids=["post", "comment"])
    def out(
        self, request: pytest.FixtureRequest, channel: WeiboChannel, make_message: MakeMessage
    ) -> Message:
        """A post or a comment that is out."""
        message = make_message(reply_to=request.param)
        return replace(message, platform_id=channel.send(message).platform_id)

    def test_it_can_be_looked_at(self, channel: WeiboChannel, out: Message) -> None:
        seen = channel.look(out)
        assert seen is not None
        assert seen.platform_id == out.platform_id
        assert "HY2026-000001" in seen.text
        assert (seen.reposts, seen.comments) == ((None, None) if out.reply_to else (3, 0))

    def test_one_changed_by_hand_shows_what_it_says_now(
        self, weibo: WeiboPlatform, channel: WeiboChannel, out: Message
    ) -> None:
        weibo.edit(out.platform_id, "改过的话")
        seen = channel.look(out)
        assert seen is not None and seen.text == "改过的话"

    def test_one_deleted_by_hand_is_not_seen(
        self, weibo: WeiboPlatform, channel: WeiboChannel, out: Message
    ) -> None:
        weibo.remove(out.platform_id)
        assert channel.look(out) is None

    def test_withdrawing_twice_is_withdrawing_once(
        self, weibo: WeiboPlatform, channel: WeiboChannel, out: Message
    ) -> None:
        assert channel.withdraw(out).note == "已撤回"
        assert weibo.published == ()
        assert "不存在" in channel.withdraw(out).note
        assert channel.look(out) is None

    def test_what_has_no_number_is_never_taken_for_withdrawn(
        self, weibo: WeiboPlatform, channel: WeiboChannel, out: Message
    ) -> None:
        with pytest.raises(Refused, match="编号"):
            channel.withdraw(replace(out, platform_id="https://weibo.com/7000000001/Nx1"))
        assert len(weibo.published) == 1

    def test_a_delayed_one_is_found_by_its_text(
        self, weibo: WeiboPlatform, channel: WeiboChannel, out: Message
    ) -> None:
        seen = channel.look(replace(out, platform_id=""))
        assert seen is not None and seen.platform_id == out.platform_id

    def test_what_others_write_under_it_comes_back_and_our_own_words_do_not(
        self, weibo: WeiboPlatform, channel: WeiboChannel, out: Message, make_message: MakeMessage
    ) -> None:
        post = out.reply_to or out.platform_id
        told = weibo.citizen_comments(post, "谢谢", reply_to=out.platform_id if out.reply_to else "")
        channel.send(make_message(text="不客气。", reply_to=post))
        found = channel.responses(out)
        assert [(one.platform_id, one.text) for one in found] == [(told, "谢谢")]
        assert found[0].at is not None

    def test_a_platform_that_cannot_be_read_says_nothing_about_the_message(
        self, weibo: WeiboPlatform, channel: WeiboChannel, out: Message
    ) -> None:
        for verb in (channel.look, channel.read_back, channel.responses):
            weibo.fail_reads()
            with pytest.raises(Unavailable):
                verb(out)


def test_a_delayed_post_that_the_list_has_already_gets_its_number(
    weibo: WeiboPlatform, channel: WeiboChannel, make_message: MakeMessage
) -> None:
    weibo.fail_next("delayed")
    assert channel.send(make_message()).platform_id == str(weibo.published[0].id)
    weibo.fail_next("delayed")
    weibo.lag = timedelta(minutes=2)
    later = channel.send(make_message(text=f"第二件：{SITE}/r/bbbbbb222222.html"))
    assert (later.platform_id, "延迟" in later.note) == ("", True)


def test_the_accounts_own_list_shows_what_others_wrote_too(
    weibo: WeiboPlatform, channel: WeiboChannel, make_message: MakeMessage
) -> None:
    post = channel.send(make_message()).platform_id
    comment = channel.send(make_message(text="已办结。", reply_to="5100000000000001")).platform_id
    stray = weibo.stray("值班人员手工发的微博")
    weibo.citizen_comments(post, "谢谢")
    since = make_message().created_at
    assert {one.platform_id for one in channel.recent(since)} == {post, comment, stray}
    assert list(channel.recent(make_message().due_at + timedelta(minutes=5))) == []


def test_a_long_list_is_read_page_by_page(
    weibo: WeiboPlatform, channel: WeiboChannel, make_message: MakeMessage
) -> None:
    message = make_message()
    channel.send(message)
    for number in range(150):
        weibo.stray(f"别的微博{number}")
    assert channel.read_back(message) is not None
    assert len(channel.recent(message.created_at)) == 151


class TestHealth:
    def test_a_token_that_lasts_is_fine(self, channel: WeiboChannel, make_message: MakeMessage) -> None:
        now = make_message().due_at
        health = channel.health(now)
        assert (health.state, health.followers) == ("ok", 12345)
        assert health.token_expires_at == now + timedelta(days=30)

    def test_one_that_ends_soon_is_told_ahead(
        self, weibo: WeiboPlatform, channel: WeiboChannel, make_message: MakeMessage
    ) -> None:
        weibo.expires_in = 3 * 86_400 + 60
        health = channel.health(make_message().due_at)
        assert (health.state, "3天后到期" in health.note) == ("expiring", True)

    def test_a_dead_one_is_revoked(
        self, weibo: WeiboPlatform, channel: WeiboChannel, make_message: MakeMessage
    ) -> None:
        weibo.expired = True
        assert channel.health(make_message().due_at).state == "revoked"

    def test_a_platform_that_is_down_is_failing(
        self, weibo_account: AccountRow, make_message: MakeMessage
    ) -> None:
        nobody = weibo_account.model_copy(update={"base_url": "http://127.0.0.1:9/2"})
        health = WeiboChannel(nobody, platform.TOKEN, SITE).health(make_message().due_at)
        assert health.state == "failing"


@pytest.mark.parametrize(
    ("code", "whole"), [(21327, True), (10014, True), (20031, True), (20012, False), (20101, False)]
)
def test_a_refusal_says_whether_it_is_about_the_account(
    code: int, whole: bool, weibo: WeiboPlatform, channel: WeiboChannel, make_message: MakeMessage
) -> None:
    weibo.fail_next("refuse", error_code=code)
    with pytest.raises(Refused) as caught:
        channel.send(make_message())
    assert caught.value.whole_account is whole
