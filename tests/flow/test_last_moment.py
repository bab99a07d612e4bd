"""What happens between a plan and a call: switches turned, rights lost, outages, clocks put right, people who step in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from pathlib import Path

import pytest

from flow import accounts
from flow import composing
from flow import corrections
from flow import cycle
from flow import delivery
from flow import doubts
from flow import fixed_texts
from flow import gates
from flow import outgoing
from flow import prospects
from flow import replies
from flow import settling
from flow import staff
from flow import switches
from huanyu.errors import Conflict
from huanyu.errors import IllegalMove
from huanyu.errors import Unavailable
from huanyu.types import Draft
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import Receipt
from publisher.outbox import MAX_ATTEMPTS
from publisher.stages import Said
from tests.agreed import approve
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import RIVER
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.flow.office import raw

S = MessageState
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
NIGHT = NOW.replace(hour=23, minute=30)
#: 国家公祭日.
MOURNING = datetime(2026, 12, 13, 10, 0, tzinfo=NOW.tzinfo)
TOLD = "您反映的{place}{kind}问题（编号{number}）已于{day}转{unit}办理，联系电话{phone}。"


@pytest.fixture(scope="module")
def template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with two cases whose replies wait for review, its slips gone out."""
    folder = tmp_path_factory.mktemp("moment")
    target = folder / "desk.db"
    target.write_bytes(sqlite_template.read_bytes())
    with at_work(folder, f"sqlite:///{target.as_posix()}") as office:
        office.fill()
        cycle.run(office.desk, "deliver", NOW)
        office.replying(PAINT)
        office.replying(RIVER)
    return target


@pytest.fixture
def office(template: Path, tmp_path: Path) -> Iterator[Office]:
    target = tmp_path / "desk.db"
    target.write_bytes(template.read_bytes())
    with at_work(tmp_path, f"sqlite:///{target.as_posix()}") as found:
        yield found


def agreed(office: Office, one: str = PAINT) -> dict[str, Message]:
    """The replies of a case, agreed to by everybody."""
    for message in office.replies(office.case(one=one)).values():
        approve(office.desk.store, message.id, NOW)
    return office.replies(office.case(one=one))


def press_item(office: Office, key: str = "press:1", now: datetime = NOW) -> Message:
    """A cheerful text for the channel, agreed to by everybody."""
    made = Draft(
        channel="telegram",
        account="telegram",
        purpose="press",
        content_class="press",
        recipient="@shuicheng",
        text="六五环境日，市民开放日报名开始。",
    )
    found = office.desk.store.outbox.add(made, key, S.DRAFT, "wangfang", now)
    assert found is not None
    return approve(office.desk.store, found, now)


def mails(office: Office, head: str) -> list[str]:
    listed = office.desk.store.outbox.listing(purpose="internal", limit=1000)
    return [one.title for one in listed if one.title.startswith(head)]


# --- switches -----------------------------------------------------------------------------------------------


def test_a_kill_switch_turned_after_the_plan_stops_the_claim_itself(office: Office) -> None:
    site = agreed(office)["site"]
    (planned, *_) = delivery.plans(office.desk, [site], NOW)
    assert planned.at == NOW
    switches.kill_switch(office.desk, office.press, True, NOW)
    assert office.desk.store.outbox.claim(planned.message, NOW) is None
    assert office.desk.store.outbox.get(site.id) == site, "it waits as it was, its votes stand"
    switches.kill_switch(office.desk, office.press, False, NOW)
    assert office.desk.store.outbox.claim(site, NOW) is not None


def test_a_call_under_way_when_the_switch_is_turned_is_settled_and_nothing_follows(office: Office) -> None:
    found = agreed(office)
    taken = office.desk.store.outbox.claim(found["site"], NOW)
    assert taken is not None
    switches.kill_switch(office.desk, office.leader, True, NOW)
    replies.settle(office.desk, taken, replies.send(office.desk, taken), NOW)
    assert office.desk.store.outbox.get(taken.id).state is S.SENT
    assert cycle.run(office.desk, "deliver", NOW + MINUTE) == 0
    assert not office.platforms.weibo.published


def test_a_freeze_begun_after_the_plan_stops_the_claim_itself(office: Office) -> None:
    item = press_item(office)
    switches.begin_freeze(office.desk, office.press, "莘县企业泄漏", NOW)
    assert office.desk.store.outbox.claim(item, NOW) is None
    assert office.desk.store.outbox.claim(agreed(office)["site"], NOW) is not None, "answers go on"


def test_live_mode_ended_after_the_claim_makes_a_rehearsal_of_it(office: Office) -> None:
    agreed(office)
    cycle.run(office.desk, "deliver", NOW)
    agreed(office, RIVER)
    site = office.replies(office.case(one=RIVER))["site"]
    taken = office.desk.store.outbox.claim(site, NOW)
    assert taken is not None
    switches.end_live(office.desk, office.press, NOW)
    assert replies.send(office.desk, taken) is None
    assert len(list(office.desk.config.site_dir.glob("r/*.html"))) == 1


def test_what_puts_a_text_right_waits_for_no_hour_no_day_and_no_freeze(office: Office) -> None:
    item = press_item(office)
    switches.begin_freeze(office.desk, office.press, "莘县企业泄漏", NOW)
    held = gates.held_classes(office.desk)
    for moment in (NIGHT, MOURNING):
        assert gates.waits(office.desk, item, moment) is not None
        for stage in ("correction", "withdrawal"):
            assert gates.waits(office.desk, replace(item, stage=stage), moment) is None
    assert item.id not in {one.id for one in office.desk.store.outbox.due(NOW, 100, held=held)}
    switches.kill_switch(office.desk, office.press, True, NOW)
    assert gates.waits(office.desk, replace(item, stage="withdrawal"), NOW) is not None


def test_a_withdrawal_is_carried_out_at_night_during_an_incident(office: Office) -> None:
    item = press_item(office)
    cycle.run(office.desk, "deliver", NOW)
    (kept,) = office.platforms.telegram.published
    switches.begin_freeze(office.desk, office.press, "莘县企业泄漏", NIGHT)
    made = corrections.withdraw(office.desk, office.press, item.id, "活动取消", NIGHT)
    (slip,) = office.desk.store.corrections.messages([made.serial])[made.serial]
    approve(office.desk.store, slip.id, NIGHT)
    cycle.run(office.desk, "deliver", NIGHT)
    assert kept not in office.platforms.telegram.published
    assert office.desk.store.outbox.get(slip.id).state is S.SENT


# --- taking back everywhere ---------------------------------------------------------------------------------


def test_what_has_not_left_yet_does_not_leave_once_the_rest_is_taken_back(office: Office) -> None:
    found = agreed(office)
    office.desk.store.accounts.hold("weibo", NOW + HOUR, "平台要求暂停", NOW)
    cycle.run(office.desk, "deliver", NOW)
    assert office.states(office.case())["weibo"] is S.APPROVED
    corrections.withdraw(office.desk, office.press, found["site"].id, "事实需要重新核实", NOW + MINUTE)
    assert office.states(office.case())["weibo"] is S.CANCELLED
    cycle.run(office.desk, "deliver", NOW + 2 * HOUR)
    assert not office.platforms.weibo.published


def test_a_wrong_sentence_that_has_not_left_yet_goes_back_to_be_put_right(office: Office) -> None:
    found = agreed(office)
    office.desk.store.accounts.hold("telegram", NOW + HOUR, "平台要求暂停", NOW)
    cycle.run(office.desk, "deliver", NOW)
    wrong = "未配套废气收集处理设施"
    assert wrong in found["telegram"].text
    corrections.correct(
        office.desk, office.press, found["site"].id, wrong, "设施未正常运行", "录入时写错", NOW + MINUTE
    )
    telegram = office.desk.store.outbox.get(found["telegram"].id)
    assert (telegram.state, telegram.version) == (S.DRAFT, found["telegram"].version + 1)
    assert "更正〔2026〕1号" in telegram.note
    cycle.run(office.desk, "deliver", NOW + 2 * HOUR)
    assert not office.platforms.telegram.published


def test_a_message_in_doubt_is_told_of_when_the_rest_is_taken_back(office: Office) -> None:
    found = agreed(office)
    office.platforms.weibo.fail_next("drop_after_accept")
    cycle.run(office.desk, "deliver", NOW)
    corrections.withdraw(office.desk, office.press, found["site"].id, "事实需要重新核实", NOW + MINUTE)
    history = [event.note for event in office.desk.store.cases.history(office.case().id)]
    assert any("微博的同一内容结果不明" in note for note in history)
    assert office.states(office.case())["weibo"] is S.UNKNOWN


# --- rights lost, rules revoked -----------------------------------------------------------------------------


def ruled(office: Office) -> tuple[int, Message]:
    """A rule that two people signed, and a text that waits under it."""
    new = fixed_texts.NewRule(
        name="转办告知",
        stage="forwarded",
        accounts=("weibo",),
        template=TOLD,
        per_day=20,
        valid_until=NOW + timedelta(days=90),
    )
    before = NOW - HOUR
    rule = fixed_texts.propose(office.desk, office.press, new, before)
    fixed_texts.sign(office.desk, office.leader, rule.id, before)
    assert cycle.run(office.desk, "fixed_texts", NOW) > 0
    waiting = office.desk.store.outbox.listing(states=(S.APPROVED,), purpose="reply", limit=100)
    return rule.id, next(one for one in waiting if one.rule_id == rule.id)


def test_a_rule_revoked_between_the_plan_and_the_claim_lets_nothing_out(office: Office) -> None:
    rule_id, waiting = ruled(office)
    delivery.plans(office.desk, [waiting], NOW)
    fixed_texts.revoke(office.desk, office.press, rule_id, "文字要改", NOW)
    assert office.desk.store.outbox.claim(waiting, NOW) is None
    assert office.desk.store.outbox.get(waiting.id).state is S.DRAFT


@pytest.mark.parametrize("name", ["press", "leader"])
def test_a_rule_whose_signer_was_locked_out_lets_nothing_out(office: Office, name: str) -> None:
    _, waiting = ruled(office)
    staff.set_active(office.desk, None, name, False, NOW)
    assert office.desk.store.outbox.claim(waiting, NOW) is None
    back = office.desk.store.outbox.get(waiting.id)
    assert back.state is S.DRAFT
    assert "签署人" in back.note


# --- outages ------------------------------------------------------------------------------------------------


def test_an_outage_of_a_day_burns_no_text_and_the_oldest_leaves_first(office: Office) -> None:
    first = agreed(office)["weibo"]
    cycle.run(office.desk, "deliver", NOW - MINUTE)
    end = no_call_is_taken(office, first)
    second = agreed(office, RIVER)["weibo"]
    waiting = [office.desk.store.outbox.get(one.id) for one in (first, second)]
    assert {one.state for one in waiting} == {S.APPROVED}
    assert waiting[0].attempts >= MAX_ATTEMPTS
    assert waiting[0].due_at > end, "it waits out its own time"
    cycle.turn(office.desk, end, ("accounts", "deliver"))
    assert [kept.text for kept in office.platforms.weibo.published] == [first.text, second.text]


def no_call_is_taken(office: Office, first: Message) -> datetime:
    """So many calls that nobody took that one more would be too many; the account is told to rest in between."""
    moment = NOW
    for _ in range(MAX_ATTEMPTS + 2):
        here = office.desk.store.outbox.get(first.id)
        held = office.desk.store.accounts.state("weibo").held_until
        moment = max(moment, here.due_at, held or moment)
        if not 7 <= moment.hour < 22:  # quiet hours
            moment = moment.replace(hour=7, minute=30) + timedelta(days=moment.hour >= 22)
        office.platforms.weibo.fail_next("rate_limit")
        cycle.run(office.desk, "deliver", moment)
    return moment + 20 * MINUTE


def test_a_text_that_alone_is_never_taken_ends_with_a_person(office: Office) -> None:
    """Others of the account get through: it is the text."""
    message = replace(agreed(office)["weibo"], state=S.SENDING, attempts=MAX_ATTEMPTS)
    taken = office.desk.store.outbox.claim(office.desk.store.outbox.get(message.id), NOW)
    assert taken is not None
    with office.desk.store._database.write() as tx:
        tx.exec_driver_sql(f"UPDATE outbox SET attempts = {MAX_ATTEMPTS} WHERE id = {taken.id}")
    replies.settle(office.desk, replace(taken, attempts=MAX_ATTEMPTS), Unavailable("平台太忙"), NOW)
    assert office.desk.store.outbox.get(taken.id).state is S.REFUSED


def test_what_a_platform_refused_is_told_once(office: Office) -> None:
    agreed(office)
    office.platforms.weibo.fail_next("refuse", error_code=20021)
    cycle.run(office.desk, "deliver", NOW)
    assert office.states(office.case())["weibo"] is S.REFUSED
    assert doubts.tell(office.desk, NOW + MINUTE) == 1
    assert doubts.tell(office.desk, NOW + 2 * MINUTE) == 0
    assert len(mails(office, "【发布被拒绝】水城环境")) == 1


def test_what_a_person_saw_is_not_out_is_no_news_to_anybody(office: Office) -> None:
    agreed(office)
    office.platforms.weibo.fail_next("drop_before_accept")
    cycle.run(office.desk, "deliver", NOW)
    weibo = office.replies(office.case())["weibo"]
    outgoing.settle_unknown(office.desk, office.press, weibo.id, weibo.version, False, "", NOW + MINUTE)
    assert doubts.tell(office.desk, NOW + 2 * MINUTE) == 0


def test_what_a_person_timed_is_not_hurried_by_an_accounts_recovery(office: Office) -> None:
    first = agreed(office)["weibo"]
    cycle.run(office.desk, "deliver", NOW - MINUTE)
    office.platforms.weibo.fail_next("rate_limit")
    cycle.run(office.desk, "deliver", NOW)
    here = office.desk.store.outbox.get(first.id)
    afternoon = NOW + 5 * HOUR
    outgoing.schedule(office.desk, office.press, here.id, here.version, afternoon, NOW)
    agreed(office, RIVER)
    cycle.run(office.desk, "deliver", NOW + MINUTE)
    assert office.desk.store.outbox.get(first.id).due_at == afternoon
    assert [kept.text for kept in office.platforms.weibo.published] == [
        office.replies(office.case(one=RIVER))["weibo"].text
    ]


# --- promises -----------------------------------------------------------------------------------------------


def test_the_minute_that_is_promised_is_one_the_queue_leaves_free(office: Office) -> None:
    """The channel takes ten in ten minutes: an eleventh is told its own minute before anything has left."""
    made = [press_item(office, f"press:{number}") for number in range(11)]
    told = [prospects.of(office.desk, one, NOW) for one in made]
    assert [one and one.at for one in told] == [NOW] * 10 + [NOW + 10 * MINUTE]
    cycle.run(office.desk, "deliver", NOW)
    assert [office.desk.store.outbox.get(one.id).state for one in made] == [S.SENT] * 10 + [S.APPROVED]
    assert NOW + 10 * MINUTE <= office.desk.store.outbox.get(made[-1].id).due_at < NOW + 11 * MINUTE


# --- in doubt -----------------------------------------------------------------------------------------------


def test_two_unknown_texts_alike_are_never_both_found_in_one_post(office: Office) -> None:
    """The first never arrived, the second did: one post proves one of them."""
    found = agreed(office)
    cycle.run(office.desk, "deliver", NOW - MINUTE)
    first = found["weibo"]
    twin = replace_text(office, office.replies(office.case(one=RIVER))["weibo"], first)
    office.platforms.weibo.fail_next("drop_before_accept")
    office.platforms.weibo.fail_next("drop_after_accept")
    for message in (office.desk.store.outbox.get(first.id), twin):
        taken = office.desk.store.outbox.claim(message, NOW)
        assert taken is not None
        replies.settle(office.desk, taken, replies.send(office.desk, taken), NOW)
    assert len(office.platforms.weibo.published) == 1
    doubts.read_back(office.desk, NOW + MINUTE)
    states = [office.desk.store.outbox.get(one).state for one in (first.id, twin.id)]
    assert sorted(states) == [S.SENT, S.UNKNOWN], "the other one is left to a person"


def replace_text(office: Office, message: Message, like: Message) -> Message:
    """The same words under the same post, agreed to by everybody."""
    with office.desk.store._database.write() as tx:
        tx.exec_driver_sql(
            "UPDATE outbox SET text = (SELECT text FROM outbox WHERE id = ?), "
            "reply_to = (SELECT reply_to FROM outbox WHERE id = ?) WHERE id = ?",
            (like.id, like.id, message.id),
        )
    return approve(office.desk.store, message.id, NOW)


def test_what_a_person_confirmed_as_sent_is_known_again_on_the_timeline(office: Office) -> None:
    agreed(office)
    cycle.run(office.desk, "timelines", NOW - 5 * MINUTE)
    office.platforms.weibo.fail_next("drop_after_accept")
    cycle.run(office.desk, "deliver", NOW)
    weibo = office.replies(office.case())["weibo"]
    outgoing.settle_unknown(
        office.desk, office.press, weibo.id, weibo.version, True, "https://weibo.example.org/x", NOW
    )
    cycle.run(office.desk, "timelines", NOW + 20 * MINUTE)
    assert office.desk.store.strays.waiting() == []
    assert mails(office, "【账号告警】") == []
    named = office.desk.store.outbox.get(weibo.id)
    assert named.platform_id.isdecimal()


def test_a_receipt_that_comes_after_the_sweep_still_tells_the_fate(office: Office) -> None:
    taken = office.desk.store.outbox.claim(agreed(office)["telegram"], NOW, worker="elsewhere:7:abcd")
    assert taken is not None
    assert doubts.sweep(office.desk, NOW + 11 * MINUTE) == 1
    replies.settle(office.desk, taken, Receipt(platform_id="31"), NOW + 12 * MINUTE)
    done = office.desk.store.outbox.get(taken.id)
    assert (done.state, done.platform_id) == (S.SENT, "31")
    with pytest.raises(Conflict):
        replies.settle(office.desk, taken, Receipt(platform_id="32"), NOW + 13 * MINUTE)


def test_a_claim_from_the_future_does_not_stop_its_account_until_then(office: Office) -> None:
    """The clock of the other machine was a day ahead and has been put right."""
    taken = office.desk.store.outbox.claim(
        agreed(office)["telegram"], NOW + timedelta(days=1), worker="elsewhere:7:abcd"
    )
    assert taken is not None
    assert doubts.sweep(office.desk, NOW) == 1
    assert office.desk.store.outbox.get(taken.id).state is S.UNKNOWN


# --- a person answers ---------------------------------------------------------------------------------------


def test_a_grave_text_gives_the_case_to_a_person_at_once_and_stops_what_waits(office: Office) -> None:
    _, waiting = ruled(office)
    assert waiting.case_id is not None
    case = office.desk.store.cases.get(waiting.case_id)
    worse = f"{case.first_text}，我实在活不下去了，不想活了"
    office.desk.store.posts.add([replace(raw(88, worse), posted_at=NOW)], now=NOW)
    cycle.run(office.desk, "understand", NOW)
    office.judge()
    with office.desk.store._database.write() as tx:  # the same matter, whatever the matching says
        tx.exec_driver_sql("UPDATE posts SET text = ? WHERE id = ?", (worse, first_post(office, case.id)))
    assert cycle.run(office.desk, "draft", NOW) > 0
    takeover = office.desk.store.heard.takeover(case.id)
    assert takeover is not None
    assert "轻生" in takeover.reason
    assert office.desk.store.outbox.get(waiting.id).state is S.CANCELLED
    assert len(mails(office, f"【专人接手】{case.number}")) == 1
    assert cycle.run(office.desk, "draft", NOW) == 0


def first_post(office: Office, case_id: int) -> int:
    return office.desk.store.cases.posts(case_id)[0].id


def test_who_took_over_an_answered_case_answers_again_in_their_own_words(office: Office) -> None:
    agreed(office)
    cycle.run(office.desk, "deliver", NOW)
    case = office.case("answered")
    own = "昨夜十一点我们再次到现场，厂门已贴封条，您闻到的气味来自北侧排口，今天上午已封堵。"
    with pytest.raises(IllegalMove):
        composing.write_by_hand(office.desk, office.press, case.id, own, NOW + HOUR)
    office.desk.store.composing.hand_over(case.id, "两条不满的回应", None, NOW + HOUR)
    with pytest.raises(IllegalMove, match="接手"):
        composing.write_by_hand(office.desk, office.press, case.id, own, NOW + HOUR)
    settling.take_over(office.desk, office.press, case.id, NOW + HOUR)
    made = composing.write_by_hand(office.desk, office.press, case.id, own, NOW + HOUR)
    found = [office.desk.store.outbox.get(one) for one in made]
    assert {one.channel for one in found} == {"site", "weibo"}, "who only follows us is not told again"
    assert {one.state for one in found} == {S.DRAFT}
    assert next(one for one in found if one.channel == "weibo").reply_to == case.first_native_id
    for one in found:
        approve(office.desk.store, one.id, NOW + HOUR)
    cycle.run(office.desk, "deliver", NOW + HOUR)
    cycle.run(office.desk, "deliver", NOW + HOUR + MINUTE)
    assert len(office.platforms.weibo.published) == 2
    assert office.case().state == "answered"


# --- accounts -----------------------------------------------------------------------------------------------


def test_an_account_that_never_spoke_is_idle_ten_days_after_it_could_have(office: Office) -> None:
    accounts.look(office.desk, NOW + timedelta(days=9))
    assert office.desk.store.accounts.state("telegram").state == "ok"
    accounts.look(office.desk, NOW + timedelta(days=10, hours=2))
    assert office.desk.store.accounts.state("telegram").state == "idle"


def test_an_account_silent_for_ten_days_is_an_alarm_once(office: Office) -> None:
    press_item(office)
    cycle.run(office.desk, "deliver", NOW)
    for hours in (0, 24 * 9, 24 * 10 + 2, 24 * 10 + 4):
        accounts.look(office.desk, NOW + hours * HOUR)
    assert mails(office, "【账号提醒】水城环境频道") == ["【账号提醒】水城环境频道：久未更新"]


def test_the_result_goes_on_top_of_the_page_that_told_of_the_progress(office: Office) -> None:
    case, result = office.case("replying"), agreed(office)["site"]
    outgoing.schedule(office.desk, office.press, result.id, result.version, NOW + HOUR, NOW)
    said = Said(done="3月10日已由执法人员到现场核查，责令停止作业。")
    for one in composing.propose_stage(office.desk, office.press, case.id, "progress", said, NOW):
        approve(office.desk.store, one, NOW)
    cycle.run(office.desk, "deliver", NOW)
    assert office.case().state == "replying"
    cycle.run(office.desk, "deliver", NOW + HOUR)
    assert office.desk.store.outbox.get(result.id).state is S.SENT
    (page,) = office.desk.config.site_dir.glob("r/*.html")
    told = page.read_text("utf-8")
    assert "责令停止作业" in told
    assert "立案调查" in told


@pytest.mark.parametrize("recipient", ["", "@shuicheng"])
def test_what_is_for_colleagues_never_reaches_the_public_channel(office: Office, recipient: str) -> None:
    """A notice needs no reviews; the channel's own address in the list of recipients must not be a way around them."""
    made = Draft(
        channel="telegram", account="telegram", purpose="bulletin", text="每日舆情第3期", recipient=recipient
    )
    found = office.desk.store.outbox.add(made, f"stray:{recipient}", S.APPROVED, "系统", NOW)
    assert found is not None
    cycle.run(office.desk, "deliver", NOW)
    assert office.desk.store.outbox.get(found).state is S.REFUSED
    assert not office.platforms.telegram.published
