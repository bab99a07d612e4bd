"""A newer model's verdicts take the place of older ones, and of nothing that somebody touched meanwhile."""

from __future__ import annotations

from datetime import timedelta

from huanyu.store import Drawn
from huanyu.store import Renewal
from huanyu.types import PostType


def renew(store, make, **more):
    """A newer verdict for every old one."""
    pages = store.rejudging.page("test-2", 0, 100)
    return [Renewal(old=old, verdict=make.verdict(**({"model": "test-2"} | more))) for old in pages]


def test_a_verdict_of_the_present_model_is_no_longer_old(store, make, now):
    post_id = make.post("1", complaint=False)
    assert store.rejudging.count("test-2") == 1
    assert store.rejudging.count("test-1") == 0
    assert store.rejudging.save(renew(store, make), now) == 1
    assert store.rejudging.count("test-2") == 0
    assert store.posts.verdict(post_id) == make.verdict(model="test-2")
    assert [post.id for post, _ in store.posts.complaints_without_case(10)] == [post_id]


def test_only_posts_of_the_period_are_meant(store, make, now):
    make.post("1", posted_at=now - timedelta(days=9))
    young = make.post("2", posted_at=now - timedelta(days=1))
    since, until = now - timedelta(days=2), now - timedelta(hours=1)
    assert [old.post.id for old in store.rejudging.page("test-2", 0, 10, since, until)] == [young]
    assert store.rejudging.count("test-2", since, now - timedelta(days=1)) == 0
    assert store.rejudging.page("test-2", young, 10) == []


def test_what_changed_since_it_was_looked_at_is_left_alone(store, make, now):
    corrected, planned, plain = (make.post(name) for name in "123")
    old = renew(store, make, complaint=False)
    store.posts.correct(corrected, PostType.QUESTION, (), "王芳", now)
    store.cases.apply(make.plan(planned), now)
    assert store.rejudging.save(old, now) == 1
    assert store.posts.verdict(corrected).type is PostType.QUESTION
    assert store.posts.verdict(planned).model == "test-1"
    assert store.posts.verdict(plain).model == "test-2"


def test_a_complaint_that_is_held_back_opens_no_case_until_a_person_says_so(store, make, now):
    post_id = make.post("1", complaint=False)
    (one,) = renew(store, make)
    store.rejudging.save([Renewal(old=one.old, verdict=one.verdict, hold="发布太久")], now)
    assert store.posts.verdict(post_id).is_complaint
    assert store.posts.complaints_without_case(10) == []
    store.posts.correct(post_id, PostType.COMPLAINT, ("noise.social",), "王芳", now)
    assert [post.id for post, _ in store.posts.complaints_without_case(10)] == [post_id]


def test_what_a_post_was_read_from_is_kept_as_long_as_the_new_verdict_wants(store, make, now):
    gone, kept = make.post("1"), make.post("2", complaint=False)
    first, second = store.rejudging.page("test-2", 0, 10)
    pairs = [(first, make.verdict(False, model="test-2")), (second, make.verdict(model="test-2"))]
    store.rejudging.save([Renewal(old=old, verdict=verdict) for old, verdict in pairs], now)
    assert store.posts.expire_raw(now + timedelta(days=31)) == 1
    assert store.posts.raw(gone) is None
    assert store.posts.raw(kept)


def test_a_bulletin_of_an_earlier_day_still_counts_what_it_counted(store, make, now):
    make.post("1")
    before = store.figures.recompute("complaints_new", now.date(), now + timedelta(minutes=1))
    store.rejudging.save(renew(store, make), now + timedelta(days=2))
    assert before == 1
    assert store.figures.recompute("complaints_new", now.date(), now + timedelta(minutes=1)) == 1


def test_a_drawn_post_somebody_agreed_with_meanwhile_is_left_alone(store, make, now):
    post_id = make.post("1", complaint=False)
    row = {"stratum": "0-1", "population": 1, "drawn": 1, "complaint": 0.1, "model": "test-1"}
    store.samples.save(now.date(), [Drawn(post_id=post_id, **row)], "seed", now)
    late = renew(store, make)
    (one,) = store.samples.waiting()
    store.samples.judge(one.id, None, "王芳", now)
    assert store.rejudging.save(late, now) == 0
    assert not store.posts.verdict(post_id).is_complaint
    (old,) = store.rejudging.page("test-2", 0, 10)
    assert (old.confirmed, old.by_person, old.corrected_at) == (True, True, None)
