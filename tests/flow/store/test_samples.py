"""Drawn posts are kept once a day; what a person says of one settles it, corrects the post and is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.store import Drawn
from huanyu.store import Label
from huanyu.types import PostType
from huanyu.types import Sentiment


def drawn(post_id: int, **more: object) -> Drawn:
    values = {"stratum": "0-1", "population": 40, "drawn": 2, "complaint": 0.1, "model": "test-1"}
    return Drawn(post_id=post_id, **(values | more))


@pytest.fixture
def day(now):
    return now.date()


def test_the_frame_holds_what_was_called_no_complaint_that_day_and_nothing_else(store, make, now, day):
    plain = make.post("1", complaint=False)
    make.post("2")
    corrected, taken = make.post("3", complaint=False), make.post("4", complaint=False)
    (doubtful,) = store.posts.add([make.raw("5")], now).new
    store.posts.save_verdicts([(doubtful, make.verdict(complaint=False, unsure=True))], now)
    (later,) = store.posts.add([make.raw("6")], now).new
    store.posts.save_verdicts([(later, make.verdict(complaint=False))], now + timedelta(days=1))
    store.posts.correct(corrected, PostType.QUESTION, (), actor="王芳", now=now)
    store.samples.save(day - timedelta(days=1), [drawn(taken)], "seed", now)
    assert [one.post_id for one in store.samples.frame(day)] == [plain]
    assert [one.post_id for one in store.samples.frame(day + timedelta(days=1))] == [later]


def test_a_day_is_drawn_from_once_even_when_nothing_was_there(store, make, now, day):
    post_id = make.post("1", complaint=False)
    assert store.samples.drawn_until() is None
    assert store.samples.save(day, [], "seed", now)
    assert not store.samples.save(day, [drawn(post_id)], "seed", now)
    assert not store.samples.save(day - timedelta(days=1), [drawn(post_id)], "seed", now)
    assert store.samples.drawn_until() == day
    assert store.samples.waiting() == []


def test_no_complaint_settles_the_sample_and_leaves_the_verdict(store, make, now, day):
    post_id = make.post("1", complaint=False)
    store.samples.save(day, [drawn(post_id)], "seed", now)
    (one,) = store.samples.waiting()
    before = store.posts.verdict(post_id)
    assert store.samples.judge(one.id, None, "王芳", now) == post_id
    assert store.posts.verdict(post_id) == before
    assert list(store.posts.corrections()) == []
    assert [(kept.type, kept.actor) for kept in store.samples.judged()] == [("opinion", "王芳")]
    with pytest.raises(Conflict):
        store.samples.judge(one.id, None, "李岚", now)
    with pytest.raises(NotFound):
        store.samples.judge(99, None, "李岚", now)


def test_a_complaint_among_the_drawn_is_corrected_and_goes_the_way_of_every_complaint(store, make, now, day):
    post_id = make.post("1", complaint=False)
    store.samples.save(day, [drawn(post_id)], "seed", now)
    (one,) = store.samples.waiting()
    store.samples.judge(one.id, Label(PostType.COMPLAINT, ("air.odour",)), "王芳", now)
    (correction,) = store.posts.corrections(post_id)
    assert (correction.origin, correction.type, correction.kinds) == ("sample", "complaint", ("air.odour",))
    assert [post.id for post, _ in store.posts.complaints_without_case(10)] == [post_id]
    assert store.posts.expire_raw(now + timedelta(days=60)) == 0  # what it was read from is kept
    assert store.samples.told([day]).by_people == ()


def test_an_answer_on_the_posts_own_page_settles_the_sample_too_and_may_mend_it_later(store, make, now, day):
    post_id = make.post("1", complaint=False)
    store.samples.save(day, [drawn(post_id)], "seed", now)
    store.posts.correct(post_id, PostType.OPINION, (), actor="王芳", now=now)  # as the classifier said
    assert store.samples.waiting() == []
    assert list(store.posts.corrections()) == []
    store.posts.correct(post_id, PostType.COMPLAINT, (), actor="李岚", now=now)
    (kept,) = store.samples.judged()
    assert (kept.type, kept.actor) == ("complaint", "李岚")


def test_feeling_and_urgency_are_corrected_where_they_are_asked(store, make, now):
    post_id = make.post("1")
    kinds = store.posts.verdict(post_id).kinds
    store.posts.correct(post_id, PostType.COMPLAINT, kinds, "王芳", now, Sentiment.NEUTRAL, True)
    verdict = store.posts.verdict(post_id)
    assert (verdict.sentiment, verdict.urgent) == (Sentiment.NEUTRAL, True)
    store.posts.correct(post_id, PostType.QUESTION, (), "王芳", now)
    first, second = store.posts.corrections(post_id)
    assert (first.sentiment_before, first.sentiment, first.urgent_before, first.urgent) == (
        "negative",
        "neutral",
        False,
        True,
    )
    assert (second.sentiment_before, second.sentiment, second.urgent) == ("neutral", "neutral", True)


def test_the_origin_of_a_correction_is_kept(store, make, now):
    found = make.post("1", complaint=False)
    (doubtful,) = store.posts.add([make.raw("2")], now).new
    store.posts.save_verdicts([(doubtful, make.verdict(unsure=True))], now)
    store.posts.correct(found, PostType.COMPLAINT, (), "王芳", now)
    store.posts.correct(doubtful, PostType.COMPLAINT, ("air.odour", "air.industrial"), "王芳", now)
    assert [one.origin for one in store.posts.corrections()] == ["", "doubt"]


def test_complaints_found_without_a_draw_are_told_apart(store, make, now, day):
    make.post("1")
    by_hand, chatter = make.post("2", complaint=False), make.post("3", complaint=False)
    store.posts.correct(by_hand, PostType.COMPLAINT, (), "王芳", now)
    store.posts.correct(chatter, PostType.OTHER, (), "王芳", now)
    told = store.samples.told([day])
    assert (told.caught, told.by_people) == (1, (by_hand,))


def test_who_waits_too_long_is_counted_from_the_draw(store, make, now, day):
    post_id = make.post("1", complaint=False)
    store.samples.save(day, [drawn(post_id)], "seed", now)
    assert store.samples.count_waiting() == 1
    assert store.samples.count_waiting(before=now) == 0
    assert store.samples.count_waiting(before=now + timedelta(seconds=1)) == 1
