"""Rows the statistics of publishing are made of, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from huanyu.store.tables import account_states
from huanyu.types import MessageState
from tests.flow.store.published import as_if
from tests.flow.store.published import draft
from tests.flow.store.published import put

DAY = timedelta(days=1)


@pytest.fixture
def case(make):
    return make.handled()


def test_what_went_out_in_a_span_is_told_with_the_moment_its_case_was_learned_of(store, case, now):
    put(store, draft("site", case.id), "reply:1:site:1", now - DAY)
    inside = put(store, draft("weibo", case.id), "reply:1:weibo:1", now)
    put(store, draft("mail", case.id, purpose="notice"), "notice:77:1", now)
    waiting = store.outbox.add(draft("weibo", case.id), "reply:1:weibo:2", MessageState.DRAFT, "a", now)
    (row,) = store.publishing.outgoing(now, now + DAY)
    assert (row.id, row.account, row.learned_at, row.views) == (inside.id, "weibo", case.learned_at, None)
    assert waiting not in {one.id for one in store.publishing.outgoing(now - 9 * DAY, now + DAY)}


def test_the_first_answer_of_each_stage_counts_once_however_many_accounts_it_went_to(store, case, now):
    first = put(store, draft("site", case.id), "reply:1:site:1", now)
    put(store, draft("weibo", case.id), "reply:1:weibo:1", now)
    early = put(store, draft("weibo", case.id, stage="accepted"), "rule:1", now)
    put(store, draft("site", case.id, stage="correction", about=first.id), "correction:1", now)
    assert store.publishing.first_answers(now, now + DAY) == {first.id, early.id}
    assert store.publishing.first_answers(now + DAY, now + 2 * DAY) == set()


def test_a_result_is_published_once_any_account_shows_it(store, make, case, now):
    other = make.handled("2")
    put(store, draft("site", case.id), "reply:1:site:1", now)
    put(store, draft("weibo", other.id, stage="accepted"), "rule:2", now)
    assert store.publishing.results(now - DAY, now + DAY) == (2, 1)
    assert store.publishing.results(now + DAY, now + 2 * DAY) == (0, 0)


def test_what_nobody_knows_and_what_was_refused_is_counted_by_account(store, case, now):
    for number, state in enumerate((MessageState.UNKNOWN, MessageState.UNKNOWN, MessageState.REFUSED)):
        made = store.outbox.add(draft("weibo", case.id), f"reply:{number}", MessageState.DRAFT, "a", now)
        as_if(store, made, state, now)
    assert store.publishing.doubts(now, now + DAY) == {"weibo": 2}
    assert store.publishing.refusals(now, now + DAY) == {"weibo": 1}


def followed(store, followers):
    with store._database.write() as tx:
        tx.execute(update(account_states).values(followers=followers))


def test_followers_are_written_down_once_a_day(store, now):
    store.strays.have_read("weibo", now, now)
    assert store.publishing.keep_followers(now) == 0  # its platform has told nothing yet
    followed(store, 100)
    assert store.publishing.keep_followers(now) == 1
    followed(store, 105)
    assert store.publishing.keep_followers(now) == 0
    assert store.publishing.keep_followers(now + DAY) == 1
    found = [one.followers for one in store.publishing.followers(now, now + DAY + timedelta(seconds=1))]
    assert found == [100, 105]
    assert [one.followers for one in store.publishing.followers(now, now)] == [100]
