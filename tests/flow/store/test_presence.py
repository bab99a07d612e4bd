"""Who has which page before them: kept while it lives, and no longer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from flow import presence
from huanyu.store import Beside

MINUTE = timedelta(minutes=1)
HALF = timedelta(seconds=30)


@pytest.fixture
def two(store, now):
    """Two colleagues."""
    return [
        store.people.add_user(name, told, "press", "", "", now=now)
        for name, told in (("wangli", "王丽"), ("limin", "李敏"))
    ]


def beat(store, user, page, now, editing=False, opened_at=None):
    sign = presence.sign(user, page, opened_at or now, now, editing=editing)
    store.presence.note([sign], now - presence.KEPT)


def leave(store, user, page, opened_at):
    """The browser says that the page it opened then is closed."""
    store.presence.note(
        [presence.sign(user, page, opened_at, opened_at, gone=True)], opened_at - presence.KEPT
    )


def beside(store, user, page, now):
    return [presence.told(one, now) for one in store.presence.beside(page, user.id, now - presence.KEPT)]


def test_a_page_shows_the_others_and_never_oneself(store, now, two):
    first, second = two
    beat(store, first, "case-1", now)
    beat(store, second, "case-1", now, editing=True)
    beat(store, second, "case-2", now)
    assert beside(store, first, "case-1", now) == ["李敏 正在编辑"]
    assert beside(store, second, "case-1", now) == ["王丽 也打开着这一页"]
    assert beside(store, first, "message-1", now) == []


def test_a_page_that_falls_silent_is_told_so_and_then_forgotten(store, now, two):
    first, second = two
    beat(store, first, "case-1", now, editing=True)
    later = now + 2 * MINUTE
    assert beside(store, second, "case-1", later) == ["王丽 2 分钟前在编辑"]
    assert beside(store, second, "case-1", now + presence.KEPT) == []
    beat(store, second, "case-9", now + presence.KEPT)
    assert store.presence.beside("case-1", second.id, now - MINUTE) == []  # the row itself is gone


def test_a_page_that_was_closed_late_does_not_end_the_one_opened_since(store, now, two):
    first, second = two
    beat(store, first, "case-1", now)
    beat(store, first, "case-1", now + HALF)
    leave(store, first, "case-1", now)
    assert beside(store, second, "case-1", now + HALF) == ["王丽 也打开着这一页"]
    leave(store, first, "case-1", now + HALF)
    assert beside(store, second, "case-1", now + HALF) == []


def test_looking_at_a_page_leaves_no_line_in_the_trail_and_an_act_does(store, now, two):
    before = store.audit.last()
    beat(store, two[0], "case-1", now)
    leave(store, two[0], "case-1", now)
    assert store.audit.last() == before
    store.people.add_user("zhaoqi", "赵琪", "press", "", "", now=now)
    assert store.audit.last() > before


def test_a_page_opened_without_scripts_tells_since_when(now):
    opened = now - 3 * MINUTE
    one = Beside(user_id=1, name="王丽", editing=False, opened_at=opened, beat_at=opened)
    assert presence.told(one, now) == "王丽 3 分钟前打开"


def test_what_two_processes_hear_of_one_page_at_once_is_one_row(store, now, two):
    signs = [presence.sign(one, page, now, now) for one in two for page in ("case-1", "case-2", "case-3")]

    def note(ordered):
        for _ in range(30):
            store.presence.note(ordered, now - presence.KEPT)

    with ThreadPoolExecutor(2) as processes:
        list(processes.map(note, (signs, signs[::-1])))
    assert beside(store, two[0], "case-2", now) == ["李敏 也打开着这一页"]
    assert beside(store, two[1], "case-2", now) == ["王丽 也打开着这一页"]


def test_what_is_heard_counts_before_it_is_written(now, two):
    first, second = two
    row = presence.sign(first, "case-1", now, now)
    kept = presence.with_heard([], [row])
    assert [presence.told(one, now) for one in kept] == ["王丽 也打开着这一页"]
    writes = presence.sign(first, "case-1", now, now + HALF, editing=True)
    earlier = presence.sign(second, "case-1", now - HALF, now + HALF)
    found = presence.with_heard(kept, [writes, earlier])
    assert [presence.told(one, now + HALF) for one in found] == ["李敏 也打开着这一页", "王丽 正在编辑"]
    closed = presence.sign(first, "case-1", now - HALF, now, gone=True)
    assert presence.with_heard(kept, [closed]) == kept  # of a page opened before this one
    assert presence.with_heard(kept, [presence.sign(first, "case-1", now, now, gone=True)]) == []
