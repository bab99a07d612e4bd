"""Pictures of complaints are kept once, and let go with what was no complaint."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func
from sqlalchemy import select

from huanyu.errors import NotFound
from huanyu.store.posts import RAW_KEPT
from huanyu.store.tables import blobs
from huanyu.types import PostType

PICTURE = b"\xff\xd8\xff\xe0 chimney"
PICTURES = ("https://img.example.org/1.jpg", "https://img.example.org/2.jpg")


def blobs_kept(store) -> int:
    with store._database.read() as tx:
        return tx.scalar(select(func.count()).select_from(blobs))


def wanted(store, make, native_id="1", pictures=PICTURES, **more):
    """A complaint with its pictures asked for."""
    post_id = make.post(native_id, images=pictures, **more)
    store.evidence.want(100, make.now)
    return store.evidence.of_post(post_id)


def test_pictures_of_complaints_are_asked_for_once(store, make, now):
    post_id = make.post("1", images=(*PICTURES, PICTURES[0]))
    make.post("2", complaint=False, images=PICTURES)
    make.post("3")
    store.posts.add([make.raw("4", images=PICTURES)], now)
    assert store.evidence.want(100, now) == 2
    assert store.evidence.want(100, now) == 0
    due = store.evidence.due(now, 10)
    assert [(one.post_id, one.url, one.state) for one in due] == [
        (post_id, url, "wanted") for url in PICTURES
    ]


def test_what_belongs_to_a_case_is_wanted_too(store, make, now):
    post_id = make.post("1", images=PICTURES)
    store.cases.apply(make.plan(post_id), now)
    store.posts.correct(post_id, PostType.OPINION, (), "李岚", now)
    assert store.evidence.want(100, now) == 2


def test_no_more_posts_are_asked_for_than_the_limit(store, make, now):
    for n in range(3):
        make.post(str(n), images=PICTURES)
    assert [store.evidence.want(2, now) for _ in range(3)] == [4, 2, 0]


def test_a_picture_comes_back_as_it_was(store, make, now):
    first, _ = wanted(store, make)
    digest = store.evidence.keep(first.id, PICTURE, "image/jpeg", now)
    assert digest == hashlib.sha256(PICTURE).hexdigest()
    assert store.evidence.blob(digest) == ("image/jpeg", PICTURE)
    kept, rest = store.evidence.of_post(first.post_id)
    assert (kept.state, kept.sha256, kept.size, kept.media, kept.attempts) == (
        "kept", digest, len(PICTURE), "image/jpeg", 1,
    )  # fmt: skip
    assert (rest.state, rest.size) == ("wanted", 0)
    with pytest.raises(NotFound):
        store.evidence.blob("0" * 64)


def test_the_same_bytes_are_kept_once(store, make, now):
    for one in (*wanted(store, make, "1"), *wanted(store, make, "2")):
        store.evidence.keep(one.id, PICTURE, "image/jpeg", now)
    assert blobs_kept(store) == 1


def test_what_was_kept_is_not_replaced(store, make, now):
    first, _ = wanted(store, make)
    digest = store.evidence.keep(first.id, PICTURE, "image/jpeg", now)
    store.evidence.keep(first.id, b"another", "image/png", now)
    store.evidence.refuse(first.id, "太大", now)
    store.evidence.fail(first.id, "超时", now, now)
    assert store.evidence.of_post(first.post_id)[0].sha256 == digest
    assert blobs_kept(store) == 1


def test_a_failure_waits_for_its_time_and_a_refusal_is_final(store, make, now):
    first, second = wanted(store, make)
    store.evidence.fail(first.id, "网站没有回应", now + timedelta(hours=1), now)
    store.evidence.refuse(second.id, "超过 10 MB", now)
    assert store.evidence.due(now, 10) == []
    (again,) = store.evidence.due(now + timedelta(hours=1), 10)
    assert (again.id, again.attempts, again.note) == (first.id, 1, "网站没有回应")
    assert store.evidence.of_post(first.post_id)[1].state == "refused"
    with pytest.raises(NotFound):
        store.evidence.refuse(99_999, "", now)


def test_the_pictures_of_a_case_are_those_of_its_posts(store, make, now):
    post_id = make.post("1", images=PICTURES)
    case_id = store.cases.apply(make.plan(post_id), now)
    store.evidence.want(100, now)
    assert [one.url for one in store.evidence.of_case(case_id)] == list(PICTURES)


def test_every_write_has_its_line(store, make, now):
    first, second = wanted(store, make)
    before = len(store.audit.listing())
    store.evidence.keep(first.id, PICTURE, "image/jpeg", now)
    store.evidence.refuse(second.id, "太大", now)
    actions = [line.action for line in store.audit.listing()][: len(store.audit.listing()) - before]
    assert actions == ["evidence.refuse", "evidence.keep"]
    assert store.audit.verify(store.audit.seal(now)) == []


def test_pictures_of_what_was_no_complaint_go_after_their_time_and_others_stay(store, make, now):
    mine, other = wanted(store, make, "1", PICTURES[:1])[0], wanted(store, make, "2", PICTURES[:1])[0]
    shared = store.evidence.keep(mine.id, PICTURE, "image/jpeg", now)
    store.evidence.keep(other.id, PICTURE, "image/jpeg", now)
    (single,) = wanted(store, make, "3", PICTURES[1:])
    lone = store.evidence.keep(single.id, b"\x89PNG", "image/png", now)
    for post_id in (mine.post_id, single.post_id):
        store.posts.correct(post_id, PostType.OPINION, (), "李岚", now)
    store.posts.expire_raw(now + RAW_KEPT - timedelta(minutes=1))
    assert len(store.evidence.of_post(mine.post_id)) == 1
    store.posts.expire_raw(now + RAW_KEPT)
    assert store.evidence.of_post(mine.post_id) == []
    assert store.evidence.blob(shared)[1] == PICTURE
    with pytest.raises(NotFound):
        store.evidence.blob(lone)


def test_what_stands_in_a_case_stays_whatever_it_is_called_later(store, make, now):
    post_id = make.post("1", images=PICTURES)
    store.cases.apply(make.plan(post_id), now)
    store.evidence.want(100, now)
    store.posts.correct(post_id, PostType.OPINION, (), "李岚", now)
    store.posts.expire_raw(now + RAW_KEPT)
    assert len(store.evidence.of_post(post_id)) == 2


def test_workers_at_once_ask_for_nothing_twice_and_keep_the_same_bytes_once(store, make, now):
    for n in range(8):
        make.post(str(n), images=PICTURES)
    with ThreadPoolExecutor(6) as pool:
        asked = list(pool.map(lambda _: store.evidence.want(100, now), range(6)))
    assert sum(asked) == 16
    due = store.evidence.due(now, 100)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda one: store.evidence.keep(one.id, PICTURE, "image/jpeg", now), due))
    assert blobs_kept(store) == 1
    assert store.evidence.due(now, 100) == []


def test_pictures_that_come_after_the_others_were_asked_for_are_asked_for_too(store, make, now):
    first, _ = wanted(store, make)
    store.evidence.keep(first.id, PICTURE, "image/jpeg", now)
    more = "https://img.example.org/3.jpg"
    later = now + timedelta(minutes=10)
    store.posts.add([make.raw("1", images=(PICTURES[1], more), fetched_at=later)], later)
    assert [(one.url, one.state) for one in store.evidence.of_post(first.post_id)] == [
        (PICTURES[0], "kept"), (PICTURES[1], "wanted"), (more, "wanted"),
    ]  # fmt: skip
    assert [line.action for line in store.audit.listing()][:2] == ["evidence.want", "post.add"]
    assert store.evidence.want(100, now) == 0
    store.posts.add([make.raw("1", images=(more,), fetched_at=later)], later)
    assert len(store.evidence.of_post(first.post_id)) == 3


def test_new_pictures_of_what_nobody_asked_for_wait_for_the_verdict(store, make, now):
    (post_id,) = store.posts.add([make.raw("1", images=PICTURES[:1])], now).new
    later = now + timedelta(minutes=10)
    store.posts.add([make.raw("1", images=PICTURES, fetched_at=later)], later)
    assert store.evidence.of_post(post_id) == []
    store.posts.save_verdicts([(post_id, make.verdict())], now)
    assert store.evidence.want(100, now) == 2


def test_pictures_that_arrive_while_the_others_are_asked_for_are_not_forgotten(store, make, now):
    ids = [make.post(str(n), images=PICTURES[:1]) for n in range(20)]

    def ask(_: int) -> None:
        while store.evidence.want(3, now):
            continue

    def add(n: int) -> None:
        later = now + timedelta(minutes=10)
        store.posts.add([make.raw(str(n), images=PICTURES, fetched_at=later)], later)

    with ThreadPoolExecutor(6) as pool:
        told = [pool.submit(ask, n) for n in range(3)] + [pool.submit(add, n) for n in range(20)]
        for one in told:
            one.result()
    store.evidence.want(100, now)
    assert [len(store.evidence.of_post(post_id)) for post_id in ids] == [2] * 20
