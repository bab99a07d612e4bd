"""Copies of what is out, responses, takeovers, texts that are not ours: each once, with its mail, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.store.tables import outbox
from huanyu.types import Alarm
from huanyu.types import Copy
from huanyu.types import CopyState
from huanyu.types import Draft
from huanyu.types import MessageState
from huanyu.types import Receipt
from huanyu.types import Response
from huanyu.types import Seen
from huanyu.types import Sighting
from tests.flow.store.published import TEXT
from tests.flow.store.published import as_if
from tests.flow.store.published import draft
from tests.flow.store.published import put

FIRST = timedelta(minutes=2)
MAIL = Draft(
    channel="mail", account="mail", purpose="internal", title="告警", text="请看", recipient="a@b.example"
)
C = CopyState


@pytest.fixture
def case(make):
    return make.handled()


@pytest.fixture
def message(store, case, now):
    return put(store, draft("site", case.id), "reply:1:site:1", now)


def begun(store, message, now) -> Copy:
    store.published.begin(FIRST, now)
    return store.published.of([message.id])[message.id]


def sighting(state=C.LIVE, **more) -> Sighting:
    values = {"state": state, "copy": TEXT, "found": "", "next_at": None}
    return Sighting(**(values | more))


def mails(store):
    return store.outbox.listing(purpose="internal")


def test_what_has_gone_out_is_watched_once(store, message, now):
    assert store.published.begin(FIRST, now) == [message.id]
    assert store.published.begin(FIRST, now) == []
    (copy,) = store.published.due(now + FIRST, 10)
    assert (copy.message_id, copy.state, copy.next_at) == (message.id, C.WAITING, now + FIRST)
    assert store.published.due(now, 10) == []


def test_neither_a_rehearsal_nor_a_mail_to_a_colleague_is_watched(store, case, now):
    kept = store.outbox.add(draft("site", case.id), "reply:9:site:1", MessageState.DRAFT, "chengban", now)
    as_if(store, kept, MessageState.REHEARSED, now)
    put(store, replace(MAIL, purpose="notice"), "notice:9:1", now)
    assert store.published.begin(FIRST, now) == []


def test_a_look_is_kept_with_history_mail_and_audit_all_at_once(store, message, case, now):
    copy = begun(store, message, now)
    alarm = Alarm(key="after:1:1", draft=MAIL)
    later = now + FIRST
    told = sighting(C.GONE, note="回看发现平台上已看不到", views=12)
    assert store.published.saw(copy, told, alarm, later)
    kept = store.published.of([message.id])[message.id]
    assert (kept.state, kept.copy, kept.checks, kept.checked_at, kept.views) == (C.GONE, TEXT, 1, later, 12)
    assert store.cases.history(case.id)[-1].note == "网站：回看发现平台上已看不到"
    assert [mail.state for mail in mails(store)] == [MessageState.APPROVED]
    assert store.audit.listing(1)[0].action == "published.look"


def test_of_two_who_look_at_once_one_keeps_what_was_seen(store, message, now):
    copy = begun(store, message, now)
    assert store.published.saw(copy, sighting(C.GONE, note="没有了"), Alarm(key="a", draft=MAIL), now)
    assert not store.published.saw(copy, sighting(C.GONE, note="没有了"), Alarm(key="b", draft=MAIL), now)
    assert len(mails(store)) == 1


def test_numbers_a_platform_did_not_tell_leave_the_old_ones(store, message, now):
    copy = begun(store, message, now)
    store.published.saw(copy, sighting(comments=3, views=40), None, now)
    store.published.saw(store.published.of([message.id])[message.id], sighting(views=50), None, now)
    kept = store.published.of([message.id])[message.id]
    assert (kept.comments, kept.views, kept.checks) == (3, 50, 2)


@pytest.mark.parametrize("state", [MessageState.SENDING, MessageState.UNKNOWN, MessageState.SENT])
def test_while_we_change_a_message_ourselves_a_look_says_nothing(store, message, case, now, state):
    copy = begun(store, message, now)
    slip = draft("site", case.id, stage="withdrawal", about=message.id)
    found = store.outbox.add(slip, "correction:1", MessageState.DRAFT, "wangfang", now)
    as_if(store, found, state, now, message.platform_id)
    assert not store.published.saw(copy, sighting(C.GONE, note="没有了"), Alarm(key="a", draft=MAIL), now)
    assert mails(store) == []


@pytest.mark.parametrize(("stage", "state"), [("correction", C.CORRECTED), ("withdrawal", C.WITHDRAWN)])
def test_what_took_the_place_of_a_message_ends_the_watch_over_it(store, message, case, now, stage, state):
    begun(store, message, now)
    slip = draft("site", case.id, stage=stage, about=message.id)
    after = put(store, slip, "correction:1", now, platform_id=message.platform_id)
    own = begun(store, after, now)
    replaced = store.published.of([message.id])[message.id]
    assert (replaced.state, replaced.next_at) == (state, None)
    assert (own.next_at is None) == (stage == "withdrawal")


def test_a_notice_beside_a_message_leaves_the_watch_over_it(store, message, case, now):
    begun(store, message, now)
    notice = put(store, draft("site", case.id, stage="correction", about=message.id), "correction:1", now)
    assert begun(store, notice, now).state is C.WAITING
    assert store.published.of([message.id])[message.id].state is C.WAITING


def test_a_message_accepted_without_a_name_gets_it_once(store, case, now):
    message = put(store, draft("weibo", case.id), "reply:1:weibo:1", now, platform_id="")
    store.published.identify(message.id, Receipt(platform_id="52001", url="https://weibo.example.org/1"), now)
    store.published.identify(message.id, Receipt(platform_id="52002"), now)
    assert store.outbox.get(message.id).platform_id == "52001"


def test_a_look_without_an_answer_is_put_off(store, message, now):
    copy = begun(store, message, now)
    store.published.postpone(copy, now + timedelta(hours=1), now)
    assert store.published.due(now + FIRST, 10) == []
    kept = store.published.of([message.id])[message.id]
    assert (kept.checks, kept.next_at) == (0, now + timedelta(hours=1))


def said(*names: str, mood: str = "negative"):
    return [(Response(platform_id=name, text=f"回应{name}"), mood) for name in names]


def test_a_response_is_kept_once_and_belongs_to_the_case(store, message, case, now):
    found = [one for one, _ in said("1", "2")]
    assert store.heard.news(message.id, found) == found
    assert store.heard.add(message.id, said("1", "2", mood="neutral"), 2, None, now) == 2
    assert store.heard.news(message.id, found) == []
    assert store.heard.add(message.id, said("1", "2"), 2, None, now) == 0
    assert [one.platform_id for one in store.heard.of_case(case.id)] == ["1", "2"]
    assert store.heard.of_message(message.id)[0].mood == "neutral"
    assert not store.published.taken_over(case.id)


def test_a_response_that_a_spider_brought_in_too_points_to_the_post(store, make, message, now):
    post = make.post("5151000900000777", complaint=False)
    store.heard.add(message.id, said("5151000900000777", "no such post"), 9, None, now)
    assert [one.post_id for one in store.heard.of_message(message.id)] == [post, None]


def test_what_comes_in_under_a_corrected_text_belongs_to_the_first_one(store, message, case, now):
    slip = draft("site", case.id, stage="correction", about=message.id)
    corrected = put(store, slip, "correction:1", now, platform_id=message.platform_id)
    store.heard.add(message.id, said("1"), 9, None, now)
    assert store.heard.news(corrected.id, [one for one, _ in said("1", "2")])[0].platform_id == "2"
    store.heard.add(corrected.id, said("1", "2"), 9, None, now)
    assert {one.message_id for one in store.heard.of_case(case.id)} == {message.id}
    assert len(store.heard.of_message(corrected.id)) == 2


def test_two_unhappy_answers_hand_the_case_to_a_person_with_one_mail(store, message, case, now):
    alarm = Alarm(key=f"takeover:{case.id}", draft=MAIL)
    store.heard.add(message.id, said("1"), 2, alarm, now)
    assert not store.published.taken_over(case.id) and mails(store) == []
    store.heard.add(message.id, said("2"), 2, alarm, now)
    store.heard.add(message.id, said("3", "4"), 2, alarm, now)
    assert store.published.taken_over(case.id)
    assert len(mails(store)) == 1
    assert [event.action for event in store.cases.history(case.id)].count("take_over") == 1
    assert [one.case_id for one in store.heard.waiting()] == [case.id]


def test_a_fixed_text_that_has_not_left_yet_stays_in_once_a_person_answers(store, message, case, now):
    rules = {}
    for state in (MessageState.APPROVED, MessageState.SENT, MessageState.SENDING):
        made = store.outbox.add(draft("weibo", case.id), f"rule:{state}", MessageState.DRAFT, "系统", now)
        as_if(store, made, state, now)
        rules[state] = made
    with store._database.write() as tx:
        tx.execute(update(outbox).where(outbox.c.id.in_(rules.values())).values(rule_id=1))
    store.heard.add(message.id, said("1", "2"), 2, None, now)
    after = {state: store.outbox.get(made).state for state, made in rules.items()}
    assert after == {
        MessageState.APPROVED: MessageState.CANCELLED,
        MessageState.SENT: MessageState.SENT,
        MessageState.SENDING: MessageState.SENDING,
    }


def test_one_person_takes_a_case_on_and_it_stays_a_persons(store, message, case, now):
    store.heard.add(message.id, said("1", "2"), 2, None, now)
    assert store.heard.take(case.id, "wangfang", now).taken_by == "wangfang"
    with pytest.raises(Conflict):
        store.heard.take(case.id, "lilan", now)
    assert store.heard.waiting() == []
    assert store.published.taken_over(case.id)
    assert store.heard.takeover(case.id).taken_at == now


def test_a_case_nobody_complained_about_is_not_taken_on(store, case, now):
    with pytest.raises(NotFound):
        store.heard.take(case.id, "wangfang", now)
    assert store.heard.takeover(case.id) is None


def test_a_stray_is_kept_once_with_its_mail_and_settled_once(store, now):
    seen = Seen(platform_id="777", text="转发抽奖", url="https://weibo.example.org/777", at=now)
    alarm = Alarm(key="stray:weibo:777", draft=MAIL)
    assert store.strays.add("weibo", seen, alarm, now)
    assert not store.strays.add("weibo", seen, alarm, now + FIRST)
    (stray,) = store.strays.waiting()
    assert (stray.text, stray.at, len(mails(store))) == ("转发抽奖", now, 1)
    store.strays.settle(stray.id, "值班员手工转发，已删除", "wangfang", now)
    with pytest.raises(Conflict):
        store.strays.settle(stray.id, "又一次", "lilan", now)
    with pytest.raises(NotFound):
        store.strays.settle(999, "没有这条", "lilan", now)
    assert store.strays.waiting() == []
    assert [one.note for one in store.strays.settled()] == ["值班员手工转发，已删除"]


def test_how_far_a_timeline_was_read_is_remembered_beside_the_accounts_state(store, now):
    assert store.strays.read_until("weibo") is None
    store.strays.have_read("weibo", now, now)
    store.strays.have_read("weibo", now + FIRST, now + FIRST)
    assert store.strays.read_until("weibo") == now + FIRST
    assert store.strays.read_until("site") is None


def test_candidates_are_those_of_that_name_in_doubt_or_left_unnamed(store, case, now):
    named = put(store, draft("weibo", case.id), "reply:1:weibo:1", now, platform_id="52001")
    other = put(store, draft("weibo", case.id), "reply:1:weibo:2", now, platform_id="52002")
    nameless = put(store, draft("weibo", case.id), "reply:1:weibo:3", now, platform_id="")
    doubtful = store.outbox.add(draft("weibo", case.id), "reply:1:weibo:4", MessageState.DRAFT, "a", now)
    as_if(store, doubtful, MessageState.UNKNOWN, now, platform_id="")
    elsewhere = put(store, draft("telegram", case.id), "reply:1:telegram:1", now, platform_id="52001")
    found = {one.id for one in store.strays.candidates("weibo", ["52001"])}
    assert found == {named.id, nameless.id, doubtful}
    assert not {other.id, elsewhere.id} & found
