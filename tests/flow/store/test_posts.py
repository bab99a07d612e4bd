"""What came in is kept once, with its history."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from datetime import datetime
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from huanyu.errors import NotFound
from huanyu.types import CaseAction
from huanyu.types import PostType
from huanyu.types import Reject
from huanyu.types import SourceKind


def test_a_post_is_stored_once_however_often_it_is_seen(store, make, now):
    first = store.posts.add([make.raw("1"), make.raw("2"), make.raw("1")], now)
    again = store.posts.add([make.raw("1"), make.raw("2")], now)
    assert len(first.new) == 2
    assert (again.new, again.seen, again.changed) == ((), 2, 0)
    assert store.posts.count() == 2


def test_the_same_id_on_another_source_is_another_post(store, make, now):
    assert len(store.posts.add([make.raw("1"), make.raw("1", source="tieba")], now).new) == 2


def test_adding_the_same_batch_twice_writes_nothing_the_second_time(store, make, now):
    store.posts.add([make.raw("1", likes=3)], now)
    lines = len(store.audit.listing())
    store.posts.add([make.raw("1", likes=3)], now)
    assert len(store.audit.listing()) == lines


def test_an_empty_batch_is_no_write(store, now):
    assert store.posts.add([], now).new == ()
    assert store.audit.listing() == []


def test_a_post_comes_back_as_it_went_in(store, make, now):
    raw = make.raw("7", title="夜里的气味", images=("a.jpg", "b.jpg"), region="发布于 山东", views=120)
    (post_id,) = store.posts.add([raw], now).new
    post = store.posts.get(post_id)
    for name in (
        "source",
        "kind",
        "native_id",
        "url",
        "title",
        "text",
        "author",
        "posted_at",
        "images",
        "views",
    ):
        assert getattr(post, name) == getattr(raw, name)
    assert post.kind is SourceKind.WEIBO
    assert post.posted_at.tzinfo.key == "Asia/Shanghai"


def test_times_are_kept_to_the_microsecond_whatever_zone_they_came_in(store, make, now):
    odd = datetime(2026, 3, 9, 23, 59, 59, 999999, tzinfo=ZoneInfo("America/New_York"))
    (post_id,) = store.posts.add([make.raw(posted_at=odd)], now).new
    assert store.posts.get(post_id).posted_at == odd


def test_a_naive_time_is_refused(store, make, now):
    with pytest.raises(ValueError, match="naive"):
        store.posts.add([make.raw(posted_at=datetime(2026, 3, 10, 9))], now)
    assert store.posts.count() == 0


def test_characters_no_database_can_hold_do_not_stop_a_post(store, make, now):
    raw = make.raw("1", text="气味\x00刺鼻\ud800", author="行\x00人\udfff", images=("a\x00.jpg",))
    (post_id,) = store.posts.add([raw], now).new
    assert store.posts.get(post_id).text == "气味刺鼻"
    assert store.posts.get(post_id).author == "行人"
    assert store.posts.add([raw], now).seen == 1


def test_rare_characters_and_emoji_survive(store, make, now):
    text = "堌 堽 洸 郚 鄌 𠮷 😷👨‍👩‍👧 〔2026〕"
    (post_id,) = store.posts.add([make.raw(text=text)], now).new
    assert store.posts.get(post_id).text == text


def test_counters_move_on_and_unknown_ones_stay(store, make, now):
    (post_id,) = store.posts.add([make.raw(likes=1, comments=4)], now).new
    later = make.raw(likes=9, comments=None, fetched_at=now + timedelta(hours=1))
    added = store.posts.add([later], now)
    assert (added.seen, added.changed) == (1, 0)
    assert (store.posts.get(post_id).likes, store.posts.get(post_id).comments) == (9, 4)


def test_a_changed_text_keeps_the_older_one(store, make, now):
    (post_id,) = store.posts.add([make.raw(text="气味刺鼻")], now).new
    later = now + timedelta(hours=2)
    added = store.posts.add([make.raw(text="气味刺鼻, 已经两天", fetched_at=later)], later)
    assert added.changed == 1
    assert store.posts.get(post_id).text == "气味刺鼻, 已经两天"
    assert store.posts.versions(post_id) == [(later, "气味刺鼻")]


def test_several_sightings_in_one_batch_are_taken_in_order_of_time(store, make, now):
    sightings = [make.raw(text=f"第{n}版", fetched_at=now + timedelta(minutes=n)) for n in (0, 2, 1)]
    (post_id,) = store.posts.add(sightings, now).new
    assert store.posts.get(post_id).text == "第2版"
    assert [text for _, text in store.posts.versions(post_id)] == ["第0版", "第1版"]


def test_an_older_sighting_does_not_overwrite_a_newer_one(store, make, now):
    (post_id,) = store.posts.add([make.raw(text="新的", likes=9, fetched_at=now)], now).new
    store.posts.add([make.raw(text="旧的", likes=1, fetched_at=now - timedelta(days=1))], now)
    assert (store.posts.get(post_id).text, store.posts.get(post_id).likes) == ("新的", 9)


def test_a_deletion_is_marked_and_the_words_stay(store, make, now):
    (post_id,) = store.posts.add([make.raw(text="气味刺鼻")], now).new
    gone = make.raw(text="该微博已被作者删除", deleted=True, fetched_at=now + timedelta(hours=1))
    store.posts.add([gone], now)
    assert store.posts.get(post_id).deleted
    assert store.posts.get(post_id).text == "气味刺鼻"


def test_a_changed_text_is_judged_again_unless_a_case_or_a_person_stands_behind_the_verdict(store, make, now):
    plain, planned, corrected = make.post("1", complaint=False), make.post("2"), make.post("3")
    store.cases.apply(make.plan(planned), now)
    store.posts.correct(corrected, PostType.QUESTION, (), actor="王芳", now=now)
    later = now + timedelta(hours=1)
    store.posts.add([make.raw(n, text=f"改写{n}", fetched_at=later) for n in "123"], later)
    assert [post.id for post in store.posts.without_verdict(10)] == [plain]
    assert store.posts.verdict(plain) is None
    assert store.posts.verdict(corrected).type is PostType.QUESTION


def test_a_verdict_comes_back_as_it_went_in_and_is_saved_once(store, make, now):
    (post_id,) = store.posts.add([make.raw()], now).new
    assert store.posts.save_verdicts([(post_id, make.verdict())], now) == 1
    assert store.posts.save_verdicts([(post_id, make.verdict(complaint=False))], now) == 0
    assert store.posts.verdict(post_id) == make.verdict()
    assert store.posts.without_verdict(10) == []


def test_complaints_wait_oldest_first_until_they_are_planned(store, make, now):
    young = make.post("1", posted_at=now - timedelta(hours=1))
    old = make.post("2", posted_at=now - timedelta(days=2))
    make.post("3", complaint=False)
    assert [post.id for post, _ in store.posts.complaints_without_case(10)] == [old, young]
    store.cases.apply(make.plan(old, CaseAction.NONE), now)
    assert [post.id for post, _ in store.posts.complaints_without_case(10)] == [young]


def test_a_payload_comes_back_byte_for_byte(store, make, now):
    payload = bytes(range(256)) * 50
    (post_id, other) = store.posts.add([make.raw("1", raw=payload), make.raw("2", raw=b"")], now).new
    assert store.posts.raw(post_id) == payload
    assert store.posts.raw(other) is None


def test_payloads_of_what_is_no_complaint_expire_after_thirty_days(store, make, now):
    chatter, complaint, unread = make.post("1", complaint=False), make.post("2"), None
    (unread,) = store.posts.add([make.raw("3")], now).new
    assert store.posts.expire_raw(now + timedelta(days=30, seconds=-1)) == 0
    assert store.posts.expire_raw(now + timedelta(days=30)) == 1
    assert store.posts.expire_raw(now + timedelta(days=30)) == 0
    assert store.posts.raw(chatter) is None
    assert store.posts.raw(complaint)
    assert store.posts.raw(unread)
    assert store.posts.get(chatter).text


def test_a_correction_moves_the_post_and_is_kept_as_training_data(store, make, now):
    post_id = make.post("1", complaint=False)
    store.posts.correct(post_id, PostType.COMPLAINT, ("noise.social",), actor="王芳", now=now)
    store.posts.correct(post_id, PostType.COMPLAINT, ("noise.social",), actor="王芳", now=now)
    (correction,) = store.posts.corrections()
    assert (correction.type_before, correction.type) == (PostType.OPINION, PostType.COMPLAINT)
    assert [post.id for post, _ in store.posts.complaints_without_case(10)] == [post_id]
    assert store.posts.expire_raw(now + timedelta(days=60)) == 0


def test_what_was_never_stored_is_not_found(store, now):
    assert store.posts.verdict(99) is None
    assert store.posts.raw(99) is None
    with pytest.raises(NotFound):
        store.posts.get(99)
    with pytest.raises(NotFound):
        store.posts.correct(99, PostType.OTHER, (), actor="王芳", now=now)


def test_a_reject_is_kept_once_until_somebody_looked_at_it(store, now):
    item = Reject(
        source="forum", where="list.html 第 3 行", reason="页面是登录墙", payload=b"<html>\xff", at=now
    )
    assert store.posts.add_rejects([item, item], now) == 1
    assert store.posts.add_rejects([replace(item, at=now + timedelta(minutes=5))], now) == 0
    (kept,) = store.posts.rejects(10)
    assert (kept.source, kept.where, kept.reason, kept.payload) == (
        "forum",
        item.where,
        item.reason,
        item.payload,
    )
    store.posts.resolve_reject(kept.id, actor="王芳", now=now)
    store.posts.resolve_reject(kept.id, actor="王芳", now=now)
    assert store.posts.rejects(10) == []
    assert store.posts.add_rejects([item], now) == 1
    with pytest.raises(NotFound):
        store.posts.resolve_reject(999, actor="王芳", now=now)


def test_everything_is_read_page_by_page_in_order(store, make, now, monkeypatch):
    monkeypatch.setattr("huanyu.store.posts.PAGE", 3)
    store.posts.add([make.raw(str(n), posted_at=now - timedelta(days=n)) for n in range(8)], now)
    first = store.posts.without_verdict(1)[0]
    store.posts.save_verdicts([(first.id, make.verdict())], now)
    read = list(store.posts.iterate(None))
    assert [post.id for post, _ in read] == sorted(post.id for post, _ in read)
    assert len(read) == 8
    assert [verdict is not None for _, verdict in read].count(True) == 1
    assert len(list(store.posts.iterate(now - timedelta(days=2)))) == 3


def test_the_list_shows_the_latest_first_and_finds_words(store, make, now):
    store.posts.add([make.raw("1", text="徒骇河发黑"), make.raw("2", text="100%的扬尘"), make.raw("3")], now)
    page = store.posts.listing(limit=2)
    assert [post.native_id for post, _ in page] == ["3", "2"]
    assert [post.native_id for post, _ in store.posts.listing(before=page[-1][0].id)] == ["1"]
    assert [post.native_id for post, _ in store.posts.listing(text="0%的")] == ["2"]


def test_the_list_has_a_view_for_each_kind_of_look(store, make, now):
    make.post("1")
    make.post("2", complaint=False)
    (doubtful,) = store.posts.add([make.raw("3")], now).new
    store.posts.save_verdicts([(doubtful, make.verdict(unsure=True))], now)
    store.posts.add([make.raw("4")], now)
    views = {"all": "4321", "complaint": "31", "unsure": "3", "rest": "2"}
    for view, expected in views.items():
        assert "".join(post.native_id for post, _ in store.posts.listing(view=view)) == expected


def test_the_first_day_is_that_of_the_oldest_post_in_shanghai(store, make, now):
    assert store.posts.first_day() is None
    late = datetime(2026, 3, 7, 16, 30, tzinfo=ZoneInfo("UTC"))  # half past midnight on the 8th in 聊城
    store.posts.add([make.raw("1"), make.raw("2", posted_at=late)], now)
    assert store.posts.first_day() == date(2026, 3, 8)


def test_the_desk_began_when_its_first_post_came_in_however_old_it_was(store, make, now):
    assert store.posts.begun_on() is None
    store.posts.add([make.raw("1", posted_at=now - timedelta(days=40))], now)
    assert store.posts.begun_on() == now.date()


def test_a_large_batch_is_one_write(store, make, now):
    added = store.posts.add([make.raw(str(n)) for n in range(2500)], now)
    assert len(added.new) == 2500
    assert store.posts.add([make.raw(str(n)) for n in range(2500)], now).seen == 2500
    assert len(store.audit.listing()) == 1


def test_what_the_classifier_is_unsure_of_waits_for_a_person(store, make, now):
    (post_id,) = store.posts.add([make.raw("u1")], now).new
    store.posts.save_verdicts([(post_id, make.verdict(unsure=True))], now)
    assert store.posts.complaints_without_case(5) == []
    store.posts.correct(post_id, PostType.COMPLAINT, ("air.odour",), actor="shenlan", now=now)
    assert [post.id for post, _ in store.posts.complaints_without_case(5)] == [post_id]


def test_a_reporter_is_sealed_with_the_post_and_once(store, make, now):
    identity = {"u2": '{"来电人": "李某"}'}
    added = store.posts.add([make.raw("u2"), make.raw("u3")], now, reporters=identity)
    store.posts.add([make.raw("u2")], now, reporters=identity)
    store.posts.save_verdicts([(post_id, make.verdict()) for post_id in added.new], now)
    case_id = store.cases.apply(make.plan(added.new[0]), now)
    assert store.people.read_reporter(case_id, "shenlan", "回访", now) == (identity["u2"],)


def test_a_bad_item_is_kept_sealed_and_dropped_a_month_after_it_was_dealt_with(store, make, now):
    store.posts.add_rejects([make.reject("张三,13800000000")], now)
    (kept,) = store.posts.rejects()
    assert kept.payload == "张三,13800000000".encode()
    assert store.posts.add_rejects([make.reject("张三,13800000000")], now) == 0
    store.posts.resolve_reject(kept.id, actor="shenlan", now=now)
    store.posts.expire_raw(now + timedelta(days=31))
    assert store.posts.add_rejects([make.reject("张三,13800000000")], now) == 1
