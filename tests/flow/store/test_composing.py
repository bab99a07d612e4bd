"""Drafts put up with their pictures, what is planned when, and cases that only a person answers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from huanyu.errors import NotFound
from huanyu.types import Draft
from huanyu.types import MessageState
from huanyu.types import Picture
from tests.agreed import approve
from tests.agreed import hire
from tests.flow.store.published import as_if
from tests.flow.store.published import draft

S = MessageState
HOUR = timedelta(hours=1)
WHY = "有轻生或精神困扰的表述。不用句式答复，请专人接手"


def picture(digest, body=b"\x89PNG", **more):
    values = {"name": "riverbank.png", "media": "image/png", "caption": "巡河", "credit": "岳明 摄"}
    return Picture(digest=digest, body=body, **(values | more))


def item(channel="site", **more):
    values = {"case_id": None, "purpose": "press", "content_class": "press", "stage": ""}
    return draft(channel, **(values | more))


def mail(number):
    made = Draft(
        channel="mail", account="mail", purpose="internal", text="专人接手", recipient="a@example.org"
    )
    return f"sensitive:{number}", made


def test_drafts_are_put_up_for_review_at_their_time_with_pictures_in_order(store, now):
    pictures = (picture("aa", b"one"), picture("bb", b"two", caption="采样"))
    keyed = [("press:1:site", item()), ("press:1:weibo", item("weibo"))]
    made = store.composing.put_up(keyed, "wangfang", now, due_at=now + HOUR, pictures=pictures)
    found = [store.outbox.get(one) for one in made]
    assert [(one.state, one.due_at, one.author) for one in found] == [(S.DRAFT, now + HOUR, "wangfang")] * 2
    assert store.composing.pictures(made[1]) == pictures
    assert store.composing.with_pictures(found[0]) == replace(found[0], pictures=pictures)


def test_a_key_that_is_taken_is_left_as_it_is_pictures_and_all(store, now):
    (first,) = store.composing.put_up([("press:1:site", item())], "wangfang", now, pictures=[picture("aa")])
    again = [("press:1:site", item(text="另写的话")), ("press:1:weibo", item("weibo"))]
    made = store.composing.put_up(again, "shenlan", now + HOUR, pictures=[picture("bb")])
    assert len(made) == 1
    assert store.outbox.get(first).text == item().text
    assert [one.digest for one in store.composing.pictures(first)] == ["aa"]
    assert store.composing.known(["press:1:site", "press:2:site"]) == {"press:1:site"}


def test_a_failure_puts_up_nothing(store, now):
    with pytest.raises(NotFound):
        store.outbox.by_key("press:1:site")
    keyed = [("press:1:site", item()), ("press:1:weibo", item("weibo", case_id=999))]
    with pytest.raises(Exception):  # noqa: B017 -- the database's own word for a case that is not there
        store.composing.put_up(keyed, "wangfang", now)
    assert store.composing.known(["press:1:site", "press:1:weibo"]) == frozenset()


def test_two_who_put_up_the_same_day_make_one_draft(store, now):
    def one(_):
        return store.composing.put_up([("occasion:liuwu:2026:site", item())], "系统", now)

    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(one, range(2)))
    assert sorted(map(len, made)) == [0, 1]


def test_the_calendar_shows_what_went_out_when_and_what_is_to_go_out(store, now):
    keys = ("press:1:site", "press:2:site", "press:3:site", "press:4:site")
    ids = [
        store.composing.put_up([(key, item())], "wangfang", now, due_at=now + place * HOUR)[0]
        for place, key in enumerate(keys)
    ]
    as_if(store, ids[2], S.SENT, now + HOUR / 2)  # it left earlier than it was due
    as_if(store, ids[3], S.CANCELLED, now)
    found = store.composing.planned(now, now + 2 * HOUR)
    assert [one.id for one in found] == [ids[0], ids[2], ids[1]]
    assert store.composing.planned(now + 2 * HOUR, now + 9 * HOUR) == []


def test_a_case_is_handed_to_a_person_once_with_its_mail_and_its_history(store, make, now):
    case = make.assigned()
    assert store.composing.hand_over(case.id, WHY, mail(case.id), now)
    assert not store.composing.hand_over(case.id, "又一次", mail(case.id), now + HOUR)
    found = store.heard.takeover(case.id)
    assert (found.reason, found.at, found.taken_at) == (WHY, now, None)
    assert store.published.taken_over(case.id)
    assert [one.purpose for one in store.outbox.listing(purpose="internal")] == ["internal"]
    assert [event.note for event in store.cases.history(case.id)].count(WHY) == 1
    assert [one.case_id for one in store.heard.waiting()] == [case.id]


def test_of_two_who_hand_over_at_once_one_writes_the_mail(store, make, now):
    case = make.assigned()

    def one(_):
        return store.composing.hand_over(case.id, WHY, mail(case.id), now)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(one, range(2))) == [False, True]


@pytest.mark.parametrize("state", [S.APPROVED, S.REFUSED, S.HANDED, S.REHEARSED])
def test_a_fixed_text_that_has_not_left_stays_in_once_a_person_answers(store, make, now, state):
    case, rule = make.assigned(), signed(store, now)
    fixed = draft("weibo", case.id, stage="accepted", rule_id=rule.id)
    message = store.standing.put(rule, fixed, True, now)
    as_if(store, message, state, now, "")
    store.composing.hand_over(case.id, WHY, None, now)
    stopped = store.outbox.get(message)
    assert (stopped.state, stopped.note, stopped.approved_version) == (S.CANCELLED, WHY, None)


def test_what_is_out_or_reviewed_by_people_stays_as_it_is(store, make, now):
    case, rule = make.assigned(), signed(store, now)
    out = store.standing.put(rule, draft("weibo", case.id, stage="accepted", rule_id=rule.id), True, now)
    as_if(store, out, S.SENT, now)
    (own,) = store.composing.put_up([("k", draft("site", case.id, stage="progress"))], "wangfang", now)
    approve(store, own, now)
    store.composing.hand_over(case.id, WHY, None, now)
    assert [store.outbox.get(one).state for one in (out, own)] == [S.SENT, S.APPROVED]


def test_texts_that_came_in_lately_are_shown_until_a_person_answers_their_case(store, make, now):
    first, second = make.case("1"), make.case("2")
    found = store.composing.unseen(now - HOUR, 10)
    assert [case_id for case_id, _ in found] == [second.id, first.id]
    assert "第1次了" in found[1][1]
    assert store.composing.unseen(now - HOUR, 1) == found[:1]
    assert store.composing.unseen(now + HOUR, 10) == []
    store.composing.hand_over(second.id, WHY, None, now)
    assert store.composing.unseen(now - HOUR, 10) == found[1:]


def signed(store, now):
    hire(store)
    rule = store.standing.add(
        "受理", "accepted", ("weibo",), "编号{number}", 9, now + 99 * HOUR, "shenlan", now
    )
    return store.standing.sign(rule.id, "fangwei", ("press", "leader"), now)
