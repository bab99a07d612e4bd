"""How official posting went wrong sixteen times, and the guard that stops each here (domain 2(g)).

The texts are invented after what is told of the cases; the guard is named by the kind of its finding or by its refusal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from flow import composing
from flow import cycle
from flow import outgoing
from flow import permits
from flow import press
from flow import switches
from flow import teaching
from flow.checks import checked
from flow.checks import checked_for_release
from flow.press import Order
from huanyu.errors import BadInput
from huanyu.errors import Blocked
from huanyu.errors import Conflict
from huanyu.errors import NotAllowed
from huanyu.types import Case
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import Picture
from huanyu.types import PostType
from publisher.review import Shown
from tests.agreed import approve
from tests.flow.office import NOW
from tests.flow.office import RIVER
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.flow.office import colleague
from tests.flow.office import raw
from tests.photos import SECRETS
from tests.photos import jpeg

MINUTE = timedelta(minutes=1)
HURT = "临清市烟店镇轴承厂淬火车间整天冒黑烟，孩子连着两天流鼻血，请环保局赶快来查"


@pytest.fixture
def office(sqlite_template: Path, tmp_path: Path) -> Iterator[Office]:
    with at_work(tmp_path, copied(sqlite_template, tmp_path)) as office:
        office.fill()
        yield office


@pytest.fixture
def rehearsing(sqlite_template: Path, tmp_path: Path) -> Iterator[Office]:
    with at_work(tmp_path, copied(sqlite_template, tmp_path), live=False) as office:
        office.fill()
        yield office


def copied(template: Path, folder: Path) -> str:
    target = folder / "desk.db"
    target.write_bytes(template.read_bytes())
    return f"sqlite:///{target}"


def edited(office: Office, text: str) -> Message:
    """The Weibo reply of a case, rewritten by the press office."""
    message = office.replying()[1]["weibo"]
    return outgoing.edit_draft(office.desk, office.press, message.id, message.version, text, NOW)


def written(office: Office, body: str, name: str = "通知") -> Message:
    """A press text for the site."""
    order = Order(product="notice", told={"name": name, "body": body}, accounts=("site",), at=NOW)
    (made,) = press.write(office.desk, office.press, order, NOW)
    return office.desk.store.outbox.get(made)


def complained(office: Office, text: str) -> Case:
    """The case of one more complaint, routed."""
    office.desk.store.posts.add([raw(99, text)], now=NOW)
    cycle.run(office.desk, "understand", NOW)
    (post,) = (post for post, _ in office.desk.store.posts.listing(limit=50) if post.text == text)
    teaching.correct_label(office.desk, office.press, post.id, PostType.COMPLAINT, ("air.industrial",), NOW)
    cycle.turn(office.desk, NOW, ("open", "route"))
    (case,) = office.desk.store.cases.listing(text=text[:12], limit=1)
    return case


def alarms(office: Office) -> list[str]:
    return [mail.title for mail in office.desk.store.outbox.listing(purpose="internal")]


def blocked(office: Office, message: Message) -> set[str]:
    """The kinds of what stands against a message; nobody but a leader with a reason gets past them."""
    found = {one.kind for one in checked(office.desk, message).all}
    first = colleague(office.desk, "second-press", "press")
    if found:
        with pytest.raises((Blocked, NotAllowed)):
            outgoing.approve(office.desk, first, message.id, message.version, NOW)
    return found


def test_1_zigong_2018_an_automatic_wisecrack_does_not_pass(office):
    for text in ("不说话没人把你当哑巴", "面子是别人给的，丢脸是自己找的"):
        assert "tone" in {
            one.kind for one in checked(office.desk, replace(written(office, "环境监测"), text=text)).all
        }
    assert blocked(office, edited(office, "不说话没人把你当哑巴")) >= {"tone"}


def test_1_zigong_2018_whatever_people_say_nothing_answers_by_itself(office):
    case, messages = office.replying()
    for message in messages.values():
        approve(office.desk.store, message.id, NOW)
    cycle.run(office.desk, "deliver", NOW)
    (ours,) = office.platforms.weibo.published
    office.platforms.weibo.citizen_comments(ours.status_id, "你们说话呀，怎么不吭声", reply_to=str(ours.id))
    cycle.turn(office.desk, NOW + 5 * MINUTE)
    cycle.turn(office.desk, NOW + 30 * MINUTE)
    assert office.desk.store.heard.of_case(case.id)
    assert office.platforms.weibo.published == (ours,)
    assert len(office.platforms.telegram.published) == 1


def test_1_zigong_2018_one_word_stops_every_account(office):
    for message in office.replying()[1].values():
        approve(office.desk.store, message.id, NOW)
    switches.kill_switch(office.desk, office.reviewer, True, NOW)
    cycle.turn(office.desk, NOW, ("fixed_texts", "read_back", "deliver"))
    assert office.is_silent()


def test_2_guichi_2018_a_message_that_is_not_ours_raises_an_alarm_and_a_bots_words_do_not_pass(office):
    assert "robotic" in blocked(office, edited(office, "您好，我是智能客服，请输入关键词"))
    cycle.run(office.desk, "timelines", NOW)
    office.platforms.weibo.stray("机器人说的话")
    cycle.run(office.desk, "timelines", NOW + 16 * MINUTE)
    assert [one.text for one in office.desk.store.strays.waiting()] == ["机器人说的话"]
    assert "【账号告警】水城环境：有一条不明内容" in alarms(office)


def test_3_shaoxing_a_test_never_reaches_a_live_account(rehearsing):
    _, messages = rehearsing.replying()
    rehearsing.approve(messages)
    cycle.run(rehearsing.desk, "deliver", NOW)
    assert rehearsing.is_silent()


def test_4_jiaxing_2015_a_lottery_of_a_star_is_not_reposted(office):
    message = written(office, "转自@某某工作室：转发抽奖，老公让我中呗")
    assert blocked(office, message) >= {"campaign", "repost"}


def test_5_dongzhi_2013_a_bare_name_is_no_text_and_a_party_of_a_case_is_not_named(office):
    assert "off_topic" in blocked(office, written(office, "何一平", name="何一平"))
    author = office.desk.store.cases.posts(office.case(one=RIVER).id)[0].author
    message = replace(office.replying(RIVER)[1]["site"], text=f"{author}反映的问题已办结。")
    assert "reporter_name" in {one.kind for one in checked(office.desk, message).all}


def test_6_nanjing_2011_the_account_takes_no_part_in_polls(office):
    assert "campaign" in blocked(office, written(office, "我投了“接受道歉”，请为本局环保工作投上一票"))


def test_7_yueyang_2014_an_insult_does_not_pass_and_who_wrote_it_cannot_let_it_out(office):
    message = written(office, "环保志愿者都是环保绿茶婊")
    assert "tone" in blocked(office, message)
    with pytest.raises(NotAllowed):
        outgoing.approve(office.desk, office.press, message.id, message.version, NOW, override="内容没有问题")


def test_8_advertising_does_not_pass(office):
    assert "campaign" in blocked(office, written(office, "女鞋特价，全场包邮，扫码购买"))


def test_8_hezhou_an_account_nobody_looks_after_any_more_is_an_alarm(office):
    """It never spoke under this desk, or fell silent: either way somebody is told, once."""
    for days in (9, 10, 11):
        cycle.run(office.desk, "accounts", NOW + timedelta(days=days, hours=1))
        idle = [one for one in alarms(office) if one.endswith("久未更新")]
        assert idle == (
            [] if days < 10 else ["【账号提醒】水城环境：久未更新", "【账号提醒】水城环境频道：久未更新"]
        )


def test_9_quanjiao_2018_mourning_an_artist_is_none_of_our_business(office):
    assert "off_topic" in blocked(office, written(office, "漫画家一路走好，永远怀念"))


def test_10_shenqiu_2018_one_answer_to_many_letters_is_no_answer(office):
    assert "robotic" in blocked(office, edited(office, "您好，我们会尽快为您处理的"))
    message = office.replying(RIVER)[1]["site"]
    other = office.replies(office.case())["site"]
    again = outgoing.edit_draft(
        office.desk, office.press, message.id, message.version, other.text.replace("赵庄", "振兴"), NOW
    )
    (copy,) = [one for one in checked(office.desk, again).all if one.kind == "copied"]
    assert office.case().number in copy.reason


def test_11_pingdu_2019_the_slip_to_the_unit_does_not_tell_who_reported(office):
    told = "临清市烟店镇轴承厂淬火车间整天冒黑烟，请联系我，电话13863512345，身份证371502199001010018"
    case = complained(office, told)
    (slip,) = office.desk.store.outbox.listing(case_id=case.id, purpose="notice")
    assert case.number in slip.text
    for secret in (office.desk.store.cases.posts(case.id)[0].author, "13863512345", "371502199001010018"):
        assert secret not in slip.title + slip.text


def test_12_luoning_2025_neither_handler_nor_reviewer_reads_an_identity_and_no_text_tells_it(office):
    handler = office.handler(office.case("assigned").unit)
    assert [permits.may(one, "read_reporter") for one in (handler, office.reviewer)] == [False, False]
    case, messages = office.replying()
    office.desk.store.people.save_reporter('{"name": "何一平"}', NOW, case_id=case.id)
    message = replace(messages["site"], text="何一平反映的问题：3月10日已到现场核查。")
    assert "reporter_name" in {one.kind for one in checked_for_release(office.desk, message, NOW).all}
    (read,) = office.desk.store.people.identity_reads(case.id)
    assert read.reason == "发布前核查"


def test_13_tongling_2017_full_numbers_do_not_go_out_in_texts_or_pictures(office):
    text = "公示：张某，身份证号371502199001010018，电话13812345678，卡号6228480651234567870"
    assert blocked(office, edited(office, text)) >= {"id_number", "phone", "bank_card"}


def test_13_tongling_2017_nor_in_the_name_of_a_picture_and_where_it_was_taken_is_forgotten(office):
    order = Order(product="notice", told={"name": "通知", "body": "环境信息公示"}, accounts=("site",), at=NOW)
    telling = Picture(
        digest="", name="13812345678.jpg", media="image/jpeg", caption="公示栏", credit="岳明 摄", body=jpeg()
    )
    with pytest.raises(BadInput, match="文件名"):
        press.write(office.desk, office.press, replace(order, pictures=(telling,)), NOW)
    (made,) = press.write(
        office.desk, office.press, replace(order, pictures=(replace(telling, name="公示栏.jpg"),)), NOW
    )
    (kept,) = office.desk.store.composing.pictures(made)
    assert not [secret for secret in SECRETS if secret in kept.body]


def test_14_wrong_characters_that_must_not_happen_do_not_pass(office):
    assert "typo" in blocked(office, edited(office, "中国入民、烈土、党十九大，3月10日已到现场核查。"))


def test_15_shuyang_2021_a_smell_is_not_answered_with_not_true(office):
    assert "tone" in blocked(office, edited(office, "您反映的异味问题，经查，该举报不属实。"))


def test_16_the_wrong_account_is_seen_before_the_last_step(office):
    message = office.replying()[1]["weibo"]
    first = colleague(office.desk, "second-press", "press")
    message = outgoing.approve(office.desk, first, message.id, message.version, NOW)
    wrong = Shown("telegram", message.reply_to)
    with pytest.raises(Conflict, match="账号"):
        outgoing.approve(office.desk, office.reviewer, message.id, message.version, NOW, shown=wrong)
    with pytest.raises(Conflict, match="原帖"):
        other = Shown("weibo", "51510009999999")
        outgoing.approve(office.desk, office.reviewer, message.id, message.version, NOW, shown=other)
    assert office.desk.store.outbox.get(message.id).state is MessageState.DRAFT


def test_a_fact_that_an_edit_added_holds_the_reply_back(office):
    message = edited(office, "您反映的问题：3月10日已到现场核查，罚款8万元，4月1日前搬迁。")
    assert "not_in_record" in blocked(office, message)


def test_a_drafted_reply_needs_no_override(office):
    for message in office.replying()[1].values():
        assert checked(office.desk, message).all == ()


def test_a_hurt_child_in_the_thread_gets_no_template_but_a_person_at_once(office):
    case = complained(office, HURT)
    cycle.run(office.desk, "draft", NOW)
    assert office.desk.store.heard.takeover(case.id) is not None, "at once, not when the result comes"
    office.handle(case)
    cycle.run(office.desk, "draft", NOW)
    assert office.replies(case) == {}
    takeover = office.desk.store.heard.takeover(case.id)
    assert takeover is not None
    assert "流鼻血" in takeover.reason
    own = "现场检查时该处正在作业，已责令立即停止作业，请尽快带孩子就医，检测结果出来后当面告知。"
    made = composing.write_by_hand(office.desk, office.press, case.id, own, NOW)
    assert {office.desk.store.outbox.get(one).channel for one in made} == {"site", "weibo", "telegram"}


def test_a_day_of_the_calendar_is_proposed_once_a_year_for_each_account(office):
    june = NOW.replace(month=5, day=25)
    assert cycle.run(office.desk, "occasions", june) == 3
    assert cycle.run(office.desk, "occasions", june + timedelta(days=1)) == 0
    made = office.desk.store.outbox.listing(purpose="press", states=(MessageState.DRAFT,))
    assert {one.account for one in made} == {"site", "weibo", "telegram"}
    assert {(one.due_at.month, one.due_at.day) for one in made} == {(6, 5)}
    for one in made:
        assert checked(office.desk, one).all == ()
