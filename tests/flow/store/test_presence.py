"""Who has which page before them: kept while it lives, and no longer."""

from __future__ import annotations

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
    store.presence.beat(page, user.id, editing, opened_at or now, now, now - presence.KEPT)


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
    store.presence.leave("case-1", first.id, now)
    assert beside(store, second, "case-1", now + HALF) == ["王丽 也打开着这一页"]
    store.presence.leave("case-1", first.id, now + HALF)
    assert beside(store, second, "case-1", now + HALF) == []


def test_looking_at_a_page_leaves_no_line_in_the_trail_and_an_act_does(store, now, two):
    before = store.audit.last()
    beat(store, two[0], "case-1", now)
    store.presence.leave("case-1", two[0].id, now)
    assert store.audit.last() == before
    store.people.add_user("zhaoqi", "赵琪", "press", "", "", now=now)
    assert store.audit.last() > before


def test_a_page_opened_without_scripts_tells_since_when(now):
    opened = now - 3 * MINUTE
    one = Beside(name="王丽", editing=False, opened_at=opened, beat_at=opened)
    assert presence.told(one, now) == "王丽 3 分钟前打开"
