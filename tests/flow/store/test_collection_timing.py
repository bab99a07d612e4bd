"""How late items come and at what rhythm, out of the rows themselves."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta

from huanyu.clock import SHANGHAI
from huanyu.types import Latency

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def put(store, make, stored, took, native_id, source="forum", **more):
    """Store a post `took` after it was said."""
    raw = make.raw(native_id, source=source, posted_at=stored - took, fetched_at=stored, **more)
    store.posts.add([raw], stored)


def test_latency_is_of_nearest_rank_per_source(store, make, now):
    put(store, make, now, timedelta(days=300), "backlog")
    for n in range(1, 101):
        put(store, make, now + n * HOUR, n * MINUTE / 2, str(n))
    put(store, make, now, HOUR, "backlog", "weibo")
    put(store, make, now + HOUR, 7 * MINUTE, "1", "weibo")
    found = store.sources.latency(now, now + 200 * HOUR)
    assert found == [
        Latency(source="forum", posts=100, p50=25 * MINUTE, p95=47.5 * MINUTE),
        Latency(source="weibo", posts=1, p50=7 * MINUTE, p95=7 * MINUTE),
    ]


def test_what_was_said_before_the_first_visit_is_left_out_however_late_it_is_found(store, make, now):
    put(store, make, now, HOUR, "first")
    put(store, make, now + timedelta(days=9), timedelta(days=100), "an old thread on a later page")
    assert store.sources.latency(now, now + timedelta(days=30)) == []


def test_a_day_is_no_time_and_a_post_from_the_future_took_none(store, make, now):
    put(store, make, now, HOUR, "first")
    midnight = datetime(2026, 3, 12, tzinfo=SHANGHAI)
    put(store, make, midnight + 9 * HOUR, 9 * HOUR, "only a day")
    put(store, make, midnight + 10 * HOUR, -3 * MINUTE, "a clock that is fast")
    (found,) = store.sources.latency(now, now + timedelta(days=30))
    assert (found.posts, found.p50) == (1, timedelta())


def test_only_what_was_stored_in_the_span_counts(store, make, now):
    for n in range(4):
        put(store, make, now + n * HOUR, MINUTE, str(n))
    assert [one.posts for one in store.sources.latency(now + HOUR, now + 3 * HOUR)] == [2]


def test_the_rhythm_counts_each_hour_of_whole_weeks_up_to_the_last_item(store, make, now):
    for hour in range(0, 24 * 20, 6):
        put(store, make, now + hour * HOUR, MINUTE, str(hour))
    rhythm = store.sources.rhythm("forum", now + timedelta(days=60))
    assert len(rhythm.counts) == 2 * 168
    assert rhythm.start + len(rhythm.counts) * HOUR == (now + 475 * HOUR).replace(minute=0)
    assert sum(rhythm.counts) == 56
    assert {n % 6 for n, count in enumerate(rhythm.counts) if count} == {5}


def test_the_rhythm_reaches_back_eight_weeks_and_is_empty_before_the_first_visit(store, make, now):
    for day in range(100):
        put(store, make, now + timedelta(days=day), MINUTE, str(day))
    assert len(store.sources.rhythm("forum", now + timedelta(days=100)).counts) == 8 * 168
    assert store.sources.rhythm("forum", now - HOUR).counts == ()
    assert store.sources.rhythm("nobody", now).counts == ()


def test_the_rhythm_of_a_source_counts_what_another_found_first(store, make, now):
    for day in range(15):
        at = now + timedelta(days=day)
        for source in ("weibo_mentions", "weibo_search"):
            put(store, make, at, MINUTE, f"5{day}", source, identity=f"weibo/5{day}")
    assert sum(store.sources.rhythm("weibo_search", now + timedelta(days=15)).counts) == 14


def test_what_is_known_by_day_only_counts_when_it_was_first_shown(store, make, now):
    put(store, make, now, HOUR, "first")
    for day in range(1, 15):
        shown = datetime(2026, 3, 10 + day, 15, 20, tzinfo=SHANGHAI)
        put(store, make, shown, timedelta(hours=15, minutes=20), str(day))
    rhythm = store.sources.rhythm("forum", now + timedelta(days=30))
    hours = {(rhythm.start + n * HOUR).hour for n, count in enumerate(rhythm.counts) if count}
    assert hours == {15}
