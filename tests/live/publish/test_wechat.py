"""The WeChat channel against a local account: what is queued is found out, what failed before was never public."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from demo.platforms import wechat as platform
from demo.platforms.wechat import WechatPlatform
from huanyu import clock
from huanyu.bureau import AccountRow
from huanyu.errors import BadInput
from huanyu.errors import Refused
from huanyu.errors import Unavailable
from huanyu.errors import Unknown
from huanyu.types import Message
from huanyu.types import Receipt
from publisher.channels.wechat import WechatChannel
from publisher.channels.wechat import client_id
from publisher.channels.wechat_codes import JOB_ENDS
from publisher.channels.wechat_events import read as job_finished
from tests import photos
from tests.live.publish.conftest import MakeMessage

TEXT = "柳园街道某餐饮店油烟净化器未开。\n已责令整改，3月20日前完成。\n聊城市生态环境局"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cover.jpg").write_bytes(photos.jpeg())
    return tmp_path


@pytest.fixture
def channel(wechat_account: AccountRow, folder: Path) -> WechatChannel:
    return WechatChannel(wechat_account, platform.SECRET, folder)


@pytest.fixture
def hasty(wechat_account: AccountRow, folder: Path, patience: float) -> WechatChannel:
    return WechatChannel(wechat_account, platform.SECRET, folder, timeout=httpx.Timeout(patience))


@pytest.fixture
def mass(wechat_account: AccountRow, folder: Path, patience: float) -> WechatChannel:
    row = wechat_account.model_copy(update={"mode": "mass"})
    return WechatChannel(row, platform.SECRET, folder, timeout=httpx.Timeout(patience))


@pytest.fixture
def article(make_message: MakeMessage) -> Callable[..., Message]:
    def make(**changes: object) -> Message:
        return make_message(**({"channel": "wechat", "account": "wechat", "text": TEXT} | changes))

    return make


def queued(channel: WechatChannel, message: Message) -> Message:
    """The message as the outbox holds it once WeChat has taken the job."""
    with pytest.raises(Unknown) as caught:
        channel.send(message)
    return replace(message, platform_id=caught.value.platform_id)


def published(channel: WechatChannel, message: Message) -> Message:
    """The message once it was read back."""
    waiting = queued(channel, message)
    receipt = channel.read_back(waiting)
    assert receipt is not None
    return replace(waiting, platform_id=receipt.platform_id, platform_url=receipt.url)


class TestArticle:
    def test_it_is_queued_and_then_found(
        self, wechat: WechatPlatform, channel: WechatChannel, article: Callable[..., Message]
    ) -> None:
        waiting = queued(channel, article())
        assert waiting.platform_id == f"publish:{wechat.published[0].job}"
        receipt = channel.read_back(waiting)
        assert receipt is not None
        assert (receipt.platform_id, receipt.url) == (
            wechat.published[0].id,
            f"https://mp.example.org/s/{wechat.published[0].id}",
        )

    def test_every_documented_field_is_filled(
        self, wechat: WechatPlatform, channel: WechatChannel, article: Callable[..., Message]
    ) -> None:
        message = article()
        queued(channel, message)
        news = dict(wechat.published[0].news)
        content = news.pop("content")
        assert news == {
            "title": message.title,
            "author": "聊城生态环境",
            "digest": "柳园街道某餐饮店油烟净化器未开。",
            "content_source_url": message.link,
            "thumb_media_id": "MEDIA_1",
            "need_open_comment": 0,
            "only_fans_can_comment": 0,
        }
        assert content.count("<p ") == 3

    def test_the_same_text_makes_the_same_article(
        self, wechat: WechatPlatform, channel: WechatChannel, article: Callable[..., Message]
    ) -> None:
        queued(channel, article())
        queued(channel, article())
        first, second = wechat.published
        assert first.news["content"] == second.news["content"]

    def test_markup_in_a_text_is_text(
        self, wechat: WechatPlatform, channel: WechatChannel, article: Callable[..., Message]
    ) -> None:
        hostile = 'a<script>alert(1)</script>&nbsp;"b"'
        message = published(channel, article(text=hostile))
        assert "<script" not in str(wechat.published[0].news["content"])
        seen = channel.look(message)
        assert seen is not None and seen.text == hostile

    def test_pictures_stand_in_it_with_caption_and_credit_and_tell_nothing_else(
        self, wechat: WechatPlatform, channel: WechatChannel, article: Callable[..., Message]
    ) -> None:
        queued(channel, article(pictures=(photos.photo(), photos.photo(photos.png(), caption="", credit=""))))
        content = str(wechat.published[0].news["content"])
        assert content.count("<img ") == 2
        assert "整改后的清洗区（岳明 摄）" in content
        assert content.index("油烟净化器") < content.index("<img") < content.index("已责令整改")
        for kept in (*wechat.images, *wechat.covers):
            assert [secret for secret in photos.SECRETS if secret in kept.body] == []
            assert "王师傅" not in kept.name
        assert wechat.covers[0].body == wechat.images[0].body

    def test_a_cover_larger_than_a_thumb_may_be_is_taken(
        self, wechat: WechatPlatform, channel: WechatChannel, article: Callable[..., Message]
    ) -> None:
        queued(channel, article(pictures=(photos.photo(photos.jpeg(padding=120_000)),)))
        assert len(wechat.covers[0].body) > 64 * 1024

    @pytest.mark.parametrize(
        ("changes", "told"),
        [
            ({"title": " "}, "标题"),
            ({"title": "字" * 65}, "64字"),
            ({"text": "字" * 20_000}, "20000"),
            ({"text": " \n"}, "正文"),
            ({"pictures": (photos.photo(b"no picture"),)}, "不是"),
            ({"pictures": (photos.photo(photos.gif()),)}, "JPEG 或 PNG"),
            ({"pictures": (photos.photo(photos.jpeg(padding=1_100_000)),)}, "1MB"),
            ({"reply_to": "abc"}, "留言编号"),
        ],
    )
    def test_what_wechat_would_refuse_never_leaves(
        self,
        changes: dict[str, object],
        told: str,
        wechat: WechatPlatform,
        channel: WechatChannel,
        article: Callable[..., Message],
    ) -> None:
        with pytest.raises(Refused, match=told):
            channel.send(article(**changes))
        assert (wechat.published, wechat.draft_box) == ((), ())

    @pytest.mark.parametrize("cover", ["", "missing.jpg"])
    def test_an_account_without_a_cover_says_so(
        self,
        cover: str,
        wechat_account: AccountRow,
        folder: Path,
        article: Callable[..., Message],
    ) -> None:
        row = wechat_account.model_copy(update={"cover": cover})
        with pytest.raises(Refused, match="封面") as caught:
            WechatChannel(row, platform.SECRET, folder).send(article())
        assert caught.value.whole_account


class TestToken:
    def test_it_is_asked_for_once(
        self, wechat: WechatPlatform, channel: WechatChannel, article: Callable[..., Message]
    ) -> None:
        published(channel, article())
        assert wechat.tokens_given == 1

    def test_a_dead_one_is_renewed_once(
        self, wechat: WechatPlatform, channel: WechatChannel, article: Callable[..., Message]
    ) -> None:
        waiting = queued(channel, article())
        wechat.expire_token()
        assert channel.read_back(waiting) is not None
        assert wechat.tokens_given == 2

    def test_one_that_stays_dead_is_the_accounts_trouble(
        self, wechat: WechatPlatform, channel: WechatChannel, article: Callable[..., Message]
    ) -> None:
        wechat.expired = True
        with pytest.raises(Refused, match="AppSecret") as caught:
            channel.send(article())
        assert caught.value.whole_account
        assert wechat.tokens_given == 2

    def test_a_wrong_secret_is_the_accounts_trouble(
        self, wechat_account: AccountRow, folder: Path, article: Callable[..., Message]
    ) -> None:
        with pytest.raises(Refused, match="AppSecret 不对"):
            WechatChannel(wechat_account, "old", folder).send(article())

    def test_it_is_in_no_log_and_no_error(
        self,
        wechat: WechatPlatform,
        hasty: WechatChannel,
        article: Callable[..., Message],
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        caplog.set_level(logging.DEBUG)
        wechat.fail_next("drop_after_accept")
        with pytest.raises(Unknown) as caught:
            hasty.send(article())
        shown = f"{caught.value!r}{caught.value.__cause__!r}{caplog.text}"
        assert "draft/add" in caplog.text
        assert "token-1" not in shown
        assert platform.SECRET not in shown


class TestJob:
    def test_one_that_runs_is_not_there_yet(
        self, wechat: WechatPlatform, channel: WechatChannel, article: Callable[..., Message]
    ) -> None:
        wechat.takes = timedelta(hours=1)
        waiting = queued(channel, article())
        assert channel.read_back(waiting) is None
        wechat.takes = timedelta(0)
        assert channel.read_back(waiting) is not None

    @pytest.mark.parametrize("status", [2, 3, 4])
    def test_one_that_failed_is_refused_with_its_reason(
        self, status: int, wechat: WechatPlatform, channel: WechatChannel, article: Callable[..., Message]
    ) -> None:
        wechat.next_status = status
        with pytest.raises(Refused, match=JOB_ENDS[status]):
            channel.read_back(queued(channel, article()))

    @pytest.mark.parametrize("status", [5, 6])
    def test_one_taken_down_before_it_was_read_back_is_refused(
        self, status: int, wechat: WechatPlatform, channel: WechatChannel, article: Callable[..., Message]
    ) -> None:
        waiting = queued(channel, article())
        wechat.remove(wechat.published[0].id, status=status)
        with pytest.raises(Refused, match=JOB_ENDS[status]):
            channel.read_back(waiting)


class TestMisbehaviour:
    @pytest.mark.parametrize(
        ("fault", "kept"),
        [
            ("drop_after_accept", 1),
            ("error_after_accept", 1),
            ("busy_after_accept", 1),
            ("no_id", 1),
            ("stall", 1),
            ("drop_before_accept", 0),
            ("error_before_accept", 0),
            ("html", 0),
        ],
    )
    def test_a_submit_without_a_whole_answer_is_unknown_and_looked_for_on_the_page(
        self,
        fault: str,
        kept: int,
        wechat: WechatPlatform,
        hasty: WechatChannel,
        article: Callable[..., Message],
    ) -> None:
        wechat.fail_next(fault)
        waiting = queued(hasty, article())
        assert waiting.platform_id.startswith("draft:DRAFT_")
        assert len(wechat.published) == kept
        assert (hasty.read_back(waiting) is not None) == bool(kept)

    def test_a_worker_killed_before_it_heard_anything_finds_the_article(
        self, channel: WechatChannel, article: Callable[..., Message]
    ) -> None:
        queued(channel, article())
        found = channel.read_back(article())
        assert found is not None and found.platform_id == "ARTICLE_1"

    def test_an_answer_sent_twice_is_one_article(
        self, wechat: WechatPlatform, channel: WechatChannel, article: Callable[..., Message]
    ) -> None:
        wechat.fail_next("answer_twice")
        assert channel.read_back(queued(channel, article())) is not None
        assert set(wechat.times().values()) == {1}

    @pytest.mark.parametrize("call", ["material/add_material", "media/uploadimg", "draft/add"])
    @pytest.mark.parametrize("fault", ["drop_after_accept", "error_before_accept", "html", "stall", "no_id"])
    def test_what_fails_before_the_submit_was_never_public(
        self,
        call: str,
        fault: str,
        wechat: WechatPlatform,
        hasty: WechatChannel,
        article: Callable[..., Message],
    ) -> None:
        wechat.fail_next(fault, at=call)
        with pytest.raises(Unavailable):
            hasty.send(article(pictures=(photos.photo(),)))
        assert wechat.published == ()

    def test_a_later_attempt_uses_the_draft_that_was_left(
        self, wechat: WechatPlatform, channel: WechatChannel, article: Callable[..., Message]
    ) -> None:
        wechat.fail_next("refuse", error_code=45009)
        with pytest.raises(Unavailable):
            channel.send(article())
        assert len(wechat.draft_box) == 1
        queued(channel, article(attempts=2, text=TEXT.replace("20日", "21日")))
        assert wechat.draft_box == ()
        assert "21日" in wechat.published[0].text

    @pytest.mark.parametrize(("code", "wait"), [(45009, 3600), (45011, 60), (45028, 3600)])
    def test_a_used_up_quota_means_later(
        self,
        code: int,
        wait: float,
        wechat: WechatPlatform,
        channel: WechatChannel,
        article: Callable[..., Message],
    ) -> None:
        wechat.fail_next("refuse", error_code=code)
        with pytest.raises(Unavailable) as caught:
            channel.send(article())
        assert caught.value.retry_after == wait

    @pytest.mark.parametrize(
        ("code", "whole"), [(53503, False), (48001, True), (40164, True), (99999, False)]
    )
    def test_a_refusal_is_final(
        self,
        code: int,
        whole: bool,
        wechat: WechatPlatform,
        channel: WechatChannel,
        article: Callable[..., Message],
    ) -> None:
        wechat.fail_next("refuse", error_code=code)
        with pytest.raises(Refused) as caught:
            channel.send(article())
        assert caught.value.whole_account is whole

    def test_a_closed_port_means_nothing_was_sent(
        self, wechat_account: AccountRow, folder: Path, article: Callable[..., Message]
    ) -> None:
        nobody = wechat_account.model_copy(update={"base_url": "http://127.0.0.1:9/cgi-bin"})
        with pytest.raises(Unavailable):
            WechatChannel(nobody, platform.SECRET, folder).send(article())


class TestReadBack:
    @pytest.mark.parametrize(
        "changes",
        [
            {"title": "另一个标题"},
            {"link": "https://sthj.example.org/r/zzzzzz999999.html"},
            {"text": "另一段话。"},
            {"created_at": clock.now() + timedelta(hours=1)},
        ],
    )
    def test_only_our_own_article_is_taken_for_ours(
        self, changes: dict[str, object], channel: WechatChannel, article: Callable[..., Message]
    ) -> None:
        queued(channel, article())
        assert channel.read_back(article(**changes)) is None

    def test_captions_between_the_paragraphs_do_not_matter(
        self, channel: WechatChannel, article: Callable[..., Message]
    ) -> None:
        queued(channel, article(pictures=(photos.photo(),)))
        assert channel.read_back(article()) is not None

    def test_an_article_on_a_later_page_of_the_list_is_found(
        self, wechat: WechatPlatform, channel: WechatChannel, article: Callable[..., Message]
    ) -> None:
        queued(channel, article())
        for number in range(45):
            wechat.stray(f"别的文章{number}")
        assert channel.read_back(article()) is not None


class TestAfterwards:
    def test_it_can_be_looked_at(self, channel: WechatChannel, article: Callable[..., Message]) -> None:
        message = published(channel, article())
        seen = channel.look(message)
        assert seen is not None
        assert (seen.platform_id, seen.text, seen.url) == (
            message.platform_id,
            TEXT,
            message.platform_url,
        )

    def test_one_deleted_by_hand_is_not_seen(
        self, wechat: WechatPlatform, channel: WechatChannel, article: Callable[..., Message]
    ) -> None:
        message = published(channel, article())
        wechat.remove(message.platform_id)
        assert channel.look(message) is None

    def test_withdrawing_twice_is_withdrawing_once(
        self, wechat: WechatPlatform, channel: WechatChannel, article: Callable[..., Message]
    ) -> None:
        message = published(channel, article())
        channel.withdraw(message)
        assert wechat.published == ()
        channel.withdraw(message)
        assert channel.look(message) is None

    def test_what_has_no_number_yet_is_not_taken_for_withdrawn(
        self, channel: WechatChannel, article: Callable[..., Message]
    ) -> None:
        with pytest.raises(Refused, match="编号"):
            channel.withdraw(queued(channel, article()))

    def test_the_accounts_own_list_shows_what_others_wrote_too(
        self, wechat: WechatPlatform, channel: WechatChannel, article: Callable[..., Message]
    ) -> None:
        message = published(channel, article())
        stray = wechat.stray("值班人员手工发布的文章")
        found = channel.recent(clock.now() - timedelta(hours=1))
        assert {one.platform_id for one in found} == {message.platform_id, stray}
        assert list(channel.recent(clock.now() + timedelta(minutes=5))) == []

    def test_health_tells_a_working_account_from_a_dead_one(
        self, wechat: WechatPlatform, channel: WechatChannel
    ) -> None:
        health = channel.health(clock.now())
        assert (health.state, health.followers) == ("ok", 12345)
        wechat.fail_next("refuse", error_code=48001, at="/datacube/getusercumulate")
        health = channel.health(clock.now())
        assert (health.state, health.followers) == ("ok", None)
        wechat.fail_next("refuse", error_code=45009, at="freepublish/batchget")
        assert channel.health(clock.now()).state == "quota"
        wechat.fail_next("error_before_accept", at="freepublish/batchget")
        assert channel.health(clock.now()).state == "failing"
        wechat.expired = True
        assert channel.health(clock.now()).state == "revoked"


class TestMass:
    def test_it_goes_to_everybody_with_its_own_number(
        self, wechat: WechatPlatform, mass: WechatChannel, article: Callable[..., Message]
    ) -> None:
        waiting = queued(mass, article())
        kept = wechat.published[0]
        assert (kept.client_id, kept.job) == (client_id(waiting.key), "")
        assert mass.read_back(waiting) == Receipt(
            platform_id=f"mass:{kept.id}:{kept.data_id}", note="微信确认已群发"
        )

    @pytest.mark.parametrize(
        "fault", ["drop_after_accept", "error_after_accept", "stall", "busy_after_accept"]
    )
    def test_sending_the_same_key_again_sends_nothing(
        self,
        fault: str,
        wechat: WechatPlatform,
        mass: WechatChannel,
        article: Callable[..., Message],
    ) -> None:
        wechat.fail_next(fault)
        lost = queued(mass, article())
        assert lost.platform_id == ""
        assert mass.read_back(lost) is None
        assert mass.abilities.idempotent
        again = queued(mass, article(attempts=2))
        assert mass.read_back(again) is not None
        assert set(wechat.times().values()) == {1}

    def test_its_readers_are_counted_and_nobody_elses(
        self, wechat: WechatPlatform, mass: WechatChannel, article: Callable[..., Message]
    ) -> None:
        message = replace(published(mass, article()), sent_at=clock.now())
        assert mass.reach(message) == 678
        other = replace(message, platform_id=message.platform_id[:-1] + "9")
        assert (mass.reach(other), mass.reach(replace(message, platform_id="mass:3147000001"))) == (
            None,
            None,
        )
        wechat.fail_next("refuse", error_code=48001, at="/datacube/getarticletotal")
        with pytest.raises(Refused):
            mass.reach(message)

    def test_one_that_failed_is_refused(
        self, wechat: WechatPlatform, mass: WechatChannel, article: Callable[..., Message]
    ) -> None:
        wechat.next_status = 3
        with pytest.raises(Refused, match="群发失败"):
            mass.read_back(queued(mass, article()))

    def test_it_can_be_withdrawn(
        self, wechat: WechatPlatform, mass: WechatChannel, article: Callable[..., Message]
    ) -> None:
        mass.withdraw(published(mass, article()))
        assert wechat.published == ()

    def test_what_followers_write_comes_back_without_who_wrote_it(
        self, wechat: WechatPlatform, mass: WechatChannel, article: Callable[..., Message]
    ) -> None:
        message = published(mass, article())
        for number in range(60):
            wechat.citizen_comments(wechat.published[0].data_id, f"还是有味道{number}")
        found = mass.responses(message)
        assert [one.text for one in found] == [f"还是有味道{number}" for number in range(60)]
        assert all(one.at is not None and "openid" not in repr(one) for one in found)

    def test_a_comment_is_answered_read_back_and_taken_back(
        self, wechat: WechatPlatform, mass: WechatChannel, article: Callable[..., Message]
    ) -> None:
        published(mass, article())
        data_id = wechat.published[0].data_id
        comment = wechat.citizen_comments(data_id, "什么时候整改完")
        answer = article(reply_to=f"{data_id}/{comment}", text="3月20日前完成。")
        assert mass.read_back(answer) is None
        assert mass.send(answer).platform_id == f"{data_id}/{comment}"
        assert wechat.replies[0].reply == "3月20日前完成。"
        assert mass.read_back(answer) is not None
        mass.withdraw(answer)
        mass.withdraw(answer)
        assert wechat.replies == ()

    def test_an_answer_cut_off_is_unknown(
        self, wechat: WechatPlatform, mass: WechatChannel, article: Callable[..., Message]
    ) -> None:
        comment = wechat.citizen_comments(77, "什么时候整改完")
        answer = article(reply_to=f"77/{comment}", text="3月20日前完成。")
        wechat.fail_next("drop_after_accept")
        with pytest.raises(Unknown):
            mass.send(answer)
        assert mass.read_back(answer) is not None


class TestCallback:
    def test_it_says_what_became_of_the_job_however_often_it_comes(
        self, wechat: WechatPlatform, channel: WechatChannel, article: Callable[..., Message]
    ) -> None:
        waiting = queued(channel, article())
        events = [job_finished(wechat.callback(wechat.published[0].job)) for _ in range(3)]
        assert events[0] is not None and events.count(events[0]) == 3
        assert events[0].platform_id == waiting.platform_id
        assert events[0].receipt == channel.read_back(waiting)

    def test_a_failed_job_says_why(
        self, wechat: WechatPlatform, channel: WechatChannel, article: Callable[..., Message]
    ) -> None:
        wechat.next_status = 4
        waiting = queued(channel, article())
        event = job_finished(wechat.callback(waiting.platform_id.removeprefix("publish:")))
        assert event is not None
        with pytest.raises(Refused, match="平台审核不通过"):
            assert event.receipt

    def test_another_message_is_not_an_event(self) -> None:
        assert job_finished("<xml><MsgType>text</MsgType><Content>你好</Content></xml>".encode()) is None

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"<xml>",
            b"\xff\xfe\x00",
            b'<!DOCTYPE x [<!ENTITY a "aaaa">]><xml>&a;</xml>',
            b"<xml>" + b" " * 70_000 + b"</xml>",
            b"<xml><Event>PUBLISHJOBFINISH</Event><PublishEventInfo/></xml>",
        ],
    )
    def test_what_is_no_message_is_said_so(self, body: bytes) -> None:
        with pytest.raises(BadInput, match="微信推送"):
            job_finished(body)


def test_a_message_of_the_mass_mode_has_the_same_number_for_ever() -> None:
    assert client_id("press:7:wechat:1") == client_id("press:7:wechat:1")
    assert client_id("press:7:wechat:1") != client_id("press:7:wechat:2")
    assert len(client_id("字" * 400)) <= 64


def test_the_platform_shows_what_was_published(
    wechat: WechatPlatform, channel: WechatChannel, article: Callable[..., Message]
) -> None:
    queued(channel, article())
    shown = httpx.get(wechat.url, trust_env=False).text
    assert "模拟微信公众号" in shown
    assert "油烟净化器" in shown
