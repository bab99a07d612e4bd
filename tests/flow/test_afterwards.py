"""After publishing: seen live, copies kept, changes and deletions told, answers heard, strangers' texts found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from datetime import timedelta
from pathlib import Path

import pytest

from flow import cycle
from flow import switches
from huanyu.types import Case
from huanyu.types import Copy
from huanyu.types import CopyState
from huanyu.types import Message
from huanyu.types import MessageState
from tests.flow.office import NOW
from tests.flow.office import TEXTS
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.flow.office import everything

C = CopyState
MINUTE = timedelta(minutes=1)


@pytest.fixture
def texts() -> tuple[str, ...]:
    return TEXTS[:1]


@pytest.fixture
def office(filled_url: str, tmp_path: Path) -> Iterator[Office]:
    with at_work(tmp_path, filled_url) as opened:
        yield opened


@pytest.fixture
def out(office: Office) -> dict[str, Message]:
    """The reply of one case, published on every account."""
    _, messages = office.replying()
    office.approve(messages)
    for _ in range(3):  # the site first, the others when its page is there
        cycle.run(office.desk, "deliver", NOW)
    case = office.case("answered")
    assert {one.state for one in office.replies(case).values()} == {MessageState.SENT}
    return office.replies(case)


def look(office: Office, minutes: int) -> None:
    cycle.run(office.desk, "look", NOW + minutes * MINUTE)


def copy(office: Office, message: Message) -> Copy:
    return office.desk.store.published.of([message.id])[message.id]


def states(office: Office, out: dict[str, Message]) -> dict[str, CopyState]:
    return {channel: copy(office, message).state for channel, message in out.items()}


def alarms(office: Office) -> list[str]:
    return [mail.title for mail in office.desk.store.outbox.listing(purpose="internal")]


def history(office: Office, case: Case) -> list[str]:
    return [event.note for event in office.desk.store.cases.history(case.id)]


def timelines(office: Office, now: datetime = NOW) -> int:
    return cycle.run(office.desk, "timelines", now)


def test_within_minutes_every_account_that_can_be_looked_at_is_seen_live(
    office: Office, out: dict[str, Message]
) -> None:
    look(office, 0)
    assert set(states(office, out).values()) == {C.WAITING}
    look(office, 3)
    assert states(office, out) == {"site": C.LIVE, "weibo": C.LIVE, "telegram": C.UNSEEN}
    kept = copy(office, out["weibo"])
    assert kept.copy and kept.found == "" and kept.next_at == out["weibo"].sent_at + 15 * MINUTE
    assert copy(office, out["telegram"]).next_at is None
    assert alarms(office) == []


def test_a_post_changed_on_the_platform_is_an_alarm_once_and_stands_in_the_case(
    office: Office, out: dict[str, Message]
) -> None:
    look(office, 3)
    office.platforms.weibo.edit(out["weibo"].platform_id, "我局从未收到这类反映，电话13863512345")
    look(office, 16)
    look(office, 130)
    assert copy(office, out["weibo"]).state is C.CHANGED
    assert alarms(office) == ["【发布告警】水城环境：回看发现平台上的内容与本局发布的不同"]
    (mail,) = office.desk.store.outbox.listing(purpose="internal")
    assert "从未收到" in mail.text and "13863512345" not in mail.text
    assert mail.link.endswith(f"/outbox/{out['weibo'].id}")
    assert any("微博：回看发现平台上的内容" in note for note in history(office, office.case("answered")))


def few(office: Office) -> Case:
    """The answered case becomes one that only few may read."""
    case = office.case("answered")
    return office.desk.store.duties.act(case, "edited", "限定范围", "x", NOW, values={"restricted": True})


def test_mails_about_a_case_for_few_say_its_number_and_no_word_of_it(
    office: Office, out: dict[str, Message]
) -> None:
    case, weibo, ours = few(office), office.platforms.weibo, out["weibo"]
    for said in ("根本没人来查，还是熏得睡不着，糊弄老百姓", "什么都没解决，太失望了，你们就会敷衍"):
        weibo.citizen_comments(ours.reply_to, said, reply_to=ours.platform_id)
    weibo.edit(ours.platform_id, "我局从未收到这类反映")
    look(office, 3)
    mails = office.desk.store.outbox.listing(purpose="internal")
    assert {mail.title.partition("】")[0] for mail in mails} == {"【发布告警", "【人工接手"}
    for mail in mails:
        told = f"{mail.title}{mail.text}"
        assert case.number in told
        for word in (case.title, ours.text[:12], "从未收到", case.place, "熏得"):
            assert word not in told


def test_a_post_deleted_by_hand_is_an_alarm_and_no_withdrawal(
    office: Office, out: dict[str, Message]
) -> None:
    look(office, 3)
    office.platforms.weibo.remove(out["weibo"].platform_id)
    look(office, 16)
    assert copy(office, out["weibo"]).state is C.GONE
    assert alarms(office) == ["【发布告警】水城环境：回看发现平台上已看不到，不是本系统撤下的"]
    assert office.desk.store.corrections.register() == []


def test_a_page_deleted_from_our_own_site_is_noticed_and_so_is_its_return(
    office: Office, out: dict[str, Message]
) -> None:
    look(office, 3)
    (page,) = office.desk.config.site_dir.glob("r/*.html")
    words = page.read_text("utf-8")
    page.unlink()
    look(office, 16)
    page.write_text(words, encoding="utf-8")
    look(office, 130)
    assert [title[:6] for title in alarms(office)] == ["【发布告警】", "【发布恢复】"]
    assert copy(office, out["site"]).state is C.LIVE


def test_a_platform_that_does_not_answer_is_asked_again_and_proves_nothing(
    office: Office, out: dict[str, Message]
) -> None:
    office.platforms.weibo.expired = True
    look(office, 3)
    kept = copy(office, out["weibo"])
    assert (kept.state, kept.checks, kept.next_at) == (C.WAITING, 0, NOW + 18 * MINUTE)
    office.platforms.weibo.expired = False
    look(office, 19)
    assert copy(office, out["weibo"]).state is C.LIVE
    assert alarms(office) == []


def test_after_an_outage_one_look_takes_the_place_of_those_that_were_missed(
    office: Office, out: dict[str, Message]
) -> None:
    look(office, 60 * 24 * 3)
    kept = copy(office, out["weibo"])
    assert (kept.checks, kept.next_at) == (1, out["weibo"].sent_at + timedelta(days=7))


def test_looking_again_at_the_same_minute_changes_nothing(office: Office, out: dict[str, Message]) -> None:
    look(office, 3)
    before = everything(office.desk)
    look(office, 3)
    assert everything(office.desk) == before


def test_answers_are_kept_once_without_their_authors_and_with_their_mood(
    office: Office, out: dict[str, Message]
) -> None:
    weibo, ours = office.platforms.weibo, out["weibo"]
    weibo.citizen_comments(ours.reply_to, "谢谢环保局，效率真高，为你们点赞", reply_to=ours.platform_id)
    weibo.citizen_comments(ours.reply_to, "查完还是臭，打我电话13863512345", reply_to=ours.platform_id)
    weibo.citizen_comments(ours.reply_to, "楼主说的是哪家店")  # under the citizen's post, not an answer to us
    look(office, 3)
    look(office, 16)
    case = office.case("answered")
    heard = office.desk.store.heard.of_case(case.id)
    assert [one.mood for one in heard] == ["positive", "negative"]
    assert "13863512345" not in heard[1].text and "查完还是臭" in heard[1].text
    rows = "".join(everything(office.desk)["responses"])
    assert "网友" not in rows and "7000000999" not in rows
    assert not office.desk.store.published.taken_over(case.id)


def test_two_unhappy_answers_hand_the_case_to_a_person(office: Office, out: dict[str, Message]) -> None:
    weibo, ours = office.platforms.weibo, out["weibo"]
    weibo.citizen_comments(
        ours.reply_to, "根本没人来查，还是熏得睡不着，糊弄老百姓", reply_to=ours.platform_id
    )
    look(office, 3)
    assert alarms(office) == []
    weibo.citizen_comments(ours.reply_to, "什么都没解决，太失望了，你们就会敷衍", reply_to=ours.platform_id)
    look(office, 16)
    case = office.case("answered")
    assert office.desk.store.published.taken_over(case.id)
    assert alarms(office) == [f"【人工接手】{case.number} 的答复引起不满"]
    assert any("请人工答复" in note for note in history(office, case))
    look(office, 130)
    assert len(alarms(office)) == 1


def test_a_text_nobody_here_sent_is_found_within_the_quarter_hour(
    office: Office, out: dict[str, Message]
) -> None:
    assert timelines(office) > 0  # the first reading only says where to begin
    stray = office.platforms.weibo.stray("转发抽奖，加微信领红包")
    assert timelines(office, NOW + 5 * MINUTE) == 0
    assert timelines(office, NOW + 16 * MINUTE) > 0
    assert timelines(office, NOW + 40 * MINUTE) > 0
    (found,) = office.desk.store.strays.waiting()
    assert (found.account, found.platform_id, found.text) == ("weibo", stray, "转发抽奖，加微信领红包")
    assert alarms(office) == ["【账号告警】水城环境：有一条不明内容"]


def test_our_own_posts_and_comments_are_no_strays(office: Office, out: dict[str, Message]) -> None:
    timelines(office)
    timelines(office, NOW + 16 * MINUTE)
    assert office.desk.store.strays.waiting() == []


def test_a_message_in_doubt_that_stands_on_the_timeline_is_settled_as_sent(office: Office) -> None:
    _, messages = office.replying()
    office.approve(messages)
    timelines(office)
    office.platforms.weibo.fail_next("drop_after_accept")
    cycle.run(office.desk, "deliver", NOW)
    case = office.case("answered")
    assert office.states(case)["weibo"] is MessageState.UNKNOWN
    timelines(office, NOW + 20 * MINUTE)
    message = office.replies(case)["weibo"]
    assert (message.state, message.note) == (MessageState.SENT, "在账号时间线上见到，确认已发布")
    assert message.platform_id
    assert office.desk.store.strays.waiting() == []


def test_in_rehearsal_no_account_is_asked_anything(store_url: str, tmp_path: Path) -> None:
    with at_work(tmp_path, store_url, live=False) as office:
        office.fill(TEXTS[:1])
        _, messages = office.replying()
        office.approve(messages)
        cycle.run(office.desk, "deliver", NOW)
        assert timelines(office) == 0
        assert cycle.run(office.desk, "look", NOW + 5 * MINUTE) == 0
        assert office.desk.store.published.listing(tuple(C)) == []


ANGRY = (
    "根本没人来查，还是熏得睡不着，糊弄老百姓",
    "什么都没解决，太失望了，你们就会敷衍",
    "天天臭气熏天，没人管，太恶心了",
    "又在骗人，气味比以前还大，忍无可忍",
)


def angry(office: Office, ours: Message, count: int) -> None:
    for number in range(count):
        said = f"{ANGRY[number % len(ANGRY)]}，第{number}次说了"
        office.platforms.weibo.citizen_comments(ours.reply_to, said, reply_to=ours.platform_id)


def test_a_text_that_draws_far_more_anger_than_others_stops_what_is_cheerful_until_a_person_looked(
    office: Office, out: dict[str, Message]
) -> None:
    angry(office, out["weibo"], 9)
    look(office, 3)
    assert len(office.desk.store.heard.of_message(out["weibo"].id)) == 9
    assert switches.freeze(office.desk) is None
    angry(office, out["weibo"], 12)
    look(office, 16)
    frozen = switches.freeze(office.desk)
    assert frozen is not None
    assert (frozen.actor, "不满的评论" in frozen.reason) == ("系统", True)
    assert [title for title in alarms(office) if title.startswith("【评论异常】")] == [
        "【评论异常】水城环境：宣传类已自动暂停"
    ]
    switches.lift_freeze(office.desk, office.leader, "已当面说明", NOW + 17 * MINUTE)
    angry(office, out["weibo"], 12)
    look(office, 130)
    assert switches.freeze(office.desk) is None, "a person has looked: this text trips no more"
