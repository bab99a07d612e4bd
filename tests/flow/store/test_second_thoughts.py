"""A judgement is taken back by who gave it, while nothing has followed from it; then it never was."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huanyu.errors import Conflict
from huanyu.types import PostType


@pytest.fixture
def doubtful(store, make) -> int:
    (post_id,) = store.posts.add([make.raw()], now=make.now).new
    verdict = make.verdict(complaint=False, unsure=True, kinds=("air.odour",))
    store.posts.save_verdicts([(post_id, verdict)], now=make.now)
    return post_id


def judge(store, make, post_id: int, actor: str = "xuanjiao") -> None:
    store.posts.correct(post_id, PostType.COMPLAINT, ("noise",), actor, make.now)


def test_the_post_waits_again_with_the_verdict_it_had(store, make, doubtful):
    before = store.posts.verdict(doubtful)
    judge(store, make, doubtful)
    assert store.second_thoughts.last(doubtful, "xuanjiao").type == PostType.COMPLAINT
    store.second_thoughts.take_back(doubtful, "xuanjiao", make.now + timedelta(minutes=1))
    assert store.posts.verdict(doubtful) == before
    assert [post.id for post, _ in store.posts.listing(view="unsure")] == [doubtful]
    assert list(store.posts.corrections()) == [], "what was taken back teaches nothing"
    assert store.audit.verify() == []


def test_only_who_judged_takes_it_back_and_only_once(store, make, doubtful):
    judge(store, make, doubtful)
    assert store.second_thoughts.last(doubtful, "shenhe") is None
    with pytest.raises(Conflict):
        store.second_thoughts.take_back(doubtful, "shenhe", make.now)
    store.second_thoughts.take_back(doubtful, "xuanjiao", make.now)
    with pytest.raises(Conflict):
        store.second_thoughts.take_back(doubtful, "xuanjiao", make.now)


def test_what_a_case_came_of_stays(store, make, doubtful):
    judge(store, make, doubtful)
    store.cases.apply(make.plan(doubtful), now=make.now)
    assert store.second_thoughts.last(doubtful, "xuanjiao") is None
    with pytest.raises(Conflict, match="立案"):
        store.second_thoughts.take_back(doubtful, "xuanjiao", make.now)


def test_a_correction_of_a_sure_verdict_is_not_a_judgement_to_undo(store, make):
    (post_id,) = store.posts.add([make.raw()], now=make.now).new
    store.posts.save_verdicts([(post_id, make.verdict())], now=make.now)
    store.posts.correct(post_id, PostType.OTHER, (), "xuanjiao", make.now)
    with pytest.raises(Conflict):
        store.second_thoughts.take_back(post_id, "xuanjiao", make.now)
