"""What somebody changed or took down, once a person has looked into it: what stands there counts, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huanyu.errors import Conflict
from huanyu.types import Copy
from huanyu.types import CopyState
from huanyu.types import Sighting
from tests.flow.store.published import TEXT
from tests.flow.store.published import draft
from tests.flow.store.published import put

FIRST = timedelta(minutes=2)
OTHER = TEXT.replace("3万元", "三万元")
WHY = "已核实：平台自动改了写法"


@pytest.fixture
def case(make):
    return make.handled()


@pytest.fixture
def message(store, case, now):
    return put(store, draft("site", case.id), "reply:1:site:1", now)


def found(store, message, state: CopyState, now) -> Copy:
    """The copy after a look that found trouble."""
    store.published.begin(FIRST, now)
    copy = store.published.of([message.id])[message.id]
    told = Sighting(state=state, copy=TEXT, found=OTHER, next_at=now + timedelta(days=1), note="与发布时不同")
    assert store.published.saw(copy, told, None, now + FIRST)
    return store.published.of([message.id])[message.id]


def test_what_was_changed_is_what_later_looks_compare_with(store, case, message, now):
    store.published.accept(found(store, message, CopyState.CHANGED, now), WHY, "xuanjiao", now)
    copy = store.published.of([message.id])[message.id]
    assert (copy.state, copy.copy, copy.found) == (CopyState.LIVE, OTHER, "")
    assert copy.next_at == now + timedelta(days=1)  # it is looked at again
    last = store.cases.history(case.id)[-1]
    assert (last.actor, WHY in last.note) == ("xuanjiao", True)


def test_what_is_gone_is_looked_for_no_more(store, message, now):
    store.published.accept(found(store, message, CopyState.GONE, now), WHY, "xuanjiao", now)
    copy = store.published.of([message.id])[message.id]
    assert (copy.state, copy.copy, copy.next_at) == (CopyState.UNSEEN, TEXT, None)


def test_who_read_an_older_look_accepts_nothing(store, message, now):
    older = found(store, message, CopyState.CHANGED, now)
    again = Sighting(state=CopyState.GONE, copy=TEXT, found="", next_at=None, note="看不到了")
    assert store.published.saw(older, again, None, now + timedelta(hours=1))
    with pytest.raises(Conflict, match="刷新"):
        store.published.accept(older, WHY, "xuanjiao", now + timedelta(hours=2))
    assert store.published.of([message.id])[message.id].state is CopyState.GONE
