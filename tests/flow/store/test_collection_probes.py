"""Known posts: found by their page or their words, one check a day, recall of a month."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from huanyu.errors import NotFound
from huanyu.types import SourceKind

LINK = "bbs.example.org/thread/7"
URL = "https://bbs.example.org/thread-7-1-1.html"
WORDS = "夜里又有刺鼻气味"


def probe_of(store, now, source="forum", link=LINK, words=WORDS, at=None, url=URL):
    probe_id = store.probes.add(source, url, link, words, at, "李岚", now)
    return next(one for one in store.probes.listing() if one.id == probe_id)


def test_a_known_post_comes_back_as_it_was_written_down(store, now):
    probe = probe_of(store, now, at=now)
    assert (probe.source, probe.url, probe.link, probe.words) == ("forum", URL, LINK, WORDS)
    assert (probe.posted_at, probe.added_at, probe.added_by) == (now, now, "李岚")


def test_the_same_page_again_is_the_same_probe_until_it_is_retired(store, now):
    first = probe_of(store, now)
    assert probe_of(store, now) == first
    other = probe_of(store, now, link="", url="https://bbs.example.org")
    assert other.id != first.id and probe_of(store, now, link="", url=other.url) == other
    store.probes.retire(first.id, "李岚", now)
    store.probes.retire(first.id, "李岚", now)
    assert store.probes.listing() == [other]
    assert len(store.probes.listing(active=False)) == 2
    assert probe_of(store, now).id not in {first.id, other.id}
    actions = [line.action for line in store.audit.listing()]
    assert actions == ["probe.add", "probe.retire", "probe.add", "probe.add"]
    with pytest.raises(NotFound):
        store.probes.retire(999, "李岚", now)


def test_a_post_is_found_by_its_page_whatever_its_words_are(store, make, now):
    (post_id,) = store.posts.add([make.raw("7", link=LINK, text="全变了", kind=SourceKind.FORUM)], now).new
    assert store.probes.find(probe_of(store, now), SourceKind.FORUM) == post_id


@pytest.mark.parametrize(
    ("days", "kind", "words", "found"),
    [
        (3, SourceKind.WEIBO, WORDS, True),
        (-3, SourceKind.WEIBO, WORDS, True),
        (4, SourceKind.WEIBO, WORDS, False),
        (0, SourceKind.FORUM, WORDS, False),
        (0, SourceKind.WEIBO, "气味%", False),
        (0, SourceKind.WEIBO, "标题里的话", True),
        (None, SourceKind.WEIBO, WORDS, False),
    ],
)
def test_or_by_its_words_among_posts_of_its_kind_and_days(store, make, now, days, kind, words, found):
    raw = make.raw("1", posted_at=now, title="标题里的话", text=f"许营镇{WORDS}了")
    (post_id,) = store.posts.add([raw], now).new
    at = None if days is None else now + timedelta(days=days)
    probe = probe_of(store, now, words=words, at=at)
    assert store.probes.find(probe, kind) == (post_id if found else None)


def test_a_day_has_one_check_that_says_both_things(store, make, now):
    probe, day = probe_of(store, now), now.date()
    (post_id,) = store.posts.add([make.raw("1")], now).new
    assert store.probes.save_found(probe.id, day, None, now)
    store.probes.save_read(probe.id, day, False, "需要登录", now)
    lines = len(store.audit.listing())
    assert not store.probes.save_found(probe.id, day, None, now)
    assert len(store.audit.listing()) == lines
    assert store.probes.save_found(probe.id, day, post_id, now)
    (check,) = store.probes.checks(day)
    assert (check.post_id, check.readable, check.note) == (post_id, False, "需要登录")
    assert store.probes.checks(day + timedelta(days=1)) == []


def test_recall_counts_each_known_post_once_by_its_last_check(store, make, now):
    (post_id,) = store.posts.add([make.raw("1")], now).new
    day = now.date()
    late, missed, old = (
        probe_of(store, now, "forum", f"bbs.example.org/thread/{n}", url=f"{URL}?{n}") for n in range(3)
    )
    other = probe_of(store, now, "weibo", "weibo/5")
    for probe, ago, found in (
        (late, 2, None), (late, 1, post_id), (missed, 2, None), (old, 40, post_id), (other, 0, post_id),
    ):  # fmt: skip
        store.probes.save_found(probe.id, day - timedelta(days=ago), found, now)
    assert store.probes.recall(day - timedelta(days=30)) == [("forum", 1, 2), ("weibo", 1, 1)]
    assert store.probes.recall(day - timedelta(days=60)) == [("forum", 2, 3), ("weibo", 1, 1)]


def test_several_at_once_write_one_check(store, now):
    probe, day = probe_of(store, now), now.date()
    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(lambda _: store.probes.save_found(probe.id, day, None, now), range(6)))
    assert told.count(True) == 1
    assert len(store.probes.checks(day)) == 1


def test_among_the_posts_of_its_own_source_a_probe_is_found_whatever_their_kind(store, make, now):
    """A monitor's export has posts of every kind."""
    raw = make.raw("1", source="import", text=f"{WORDS}, 睡不着", kind=SourceKind.HOTLINE)
    (post_id,) = store.posts.add([raw], now).new
    probe = probe_of(store, now, "import", "", at=now)
    assert store.probes.find(probe, SourceKind.PLATFORM) == post_id
    other = probe_of(store, now, "forum", "", at=now)
    assert store.probes.find(other, SourceKind.FORUM) is None


def test_a_probe_that_was_retired_tells_nothing_of_the_source(store, now):
    probe, day = probe_of(store, now), now.date()
    store.probes.save_found(probe.id, day, None, now)
    assert store.probes.recall(day) == [("forum", 0, 1)]
    store.probes.retire(probe.id, "李岚", now)
    assert store.probes.recall(day) == []
