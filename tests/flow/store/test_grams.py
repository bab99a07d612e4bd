"""Full-text search: words of two characters, across width and case, in every text a post ever had; on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import sqlite

from huanyu.store import grams
from huanyu.store.tables import posts


def found(store, text: str) -> list[str]:
    return sorted(post.native_id for post, _ in store.posts.listing(text=text))


@pytest.fixture
def told(store, make):
    texts = {
        "a": "许营镇夜里又有刺鼻气味，老人咳得睡不着",
        "b": "刺骨的风，鼻子都冻红了；气温零下五度",
        "c": "ＰＭ2.5爆表，Ozone也高，工单1234567",
        "d": '100%_真的 it\'s "臭" AND OR NOT',
    }
    store.posts.add(
        [make.raw(key, text=text, author=f"作者{key}甲") for key, text in texts.items()], make.now
    )


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("刺鼻", ["a"]),
        ("刺鼻气味", ["a"]),
        ("气味老人", []),
        ("夜里 老人", ["a"]),
        ("鼻子", ["b"]),
        ("pm2.5", ["c"]),
        ("OZONE", ["c"]),
        ("34567", ["c"]),
        ("气味，老人", ["a"]),
        ("作者b", ["b"]),
        ("臭", ["d"]),
        ("100%_真", ["d"]),
        ("100x真", []),
        ("it's", ["d"]),
        ('" OR "', ["d"]),
        ("没有这句话", []),
        ("", ["a", "b", "c", "d"]),
    ],
)
def test_a_word_is_found_wherever_it_stands(store, told, text, keys):
    assert found(store, text) == keys


def test_a_changed_post_is_found_by_its_new_text_and_by_the_one_it_had(store, make, told):
    later = make.now + timedelta(hours=1)
    for number, text in enumerate(("改成了噪声扰民", "后来又说是油烟"), start=1):
        at = later + timedelta(hours=number)
        store.posts.add([make.raw("a", text=text, fetched_at=at)], at)
    assert found(store, "噪声") == found(store, "油烟") == found(store, "刺鼻") == ["a"]


def test_posts_come_newest_first_page_by_page(store, make):
    store.posts.add([make.raw(str(number), text="都说刺鼻") for number in range(5)], make.now)
    first = store.posts.listing(text="刺鼻", limit=2)
    second = store.posts.listing(text="刺鼻", limit=2, before=first[-1][0].id)
    ids = [post.id for post, _ in (*first, *second)]
    assert ids == sorted(ids, reverse=True)
    assert len(set(ids)) == 4


def test_a_case_is_found_by_what_its_further_witnesses_said(store, make):
    case = make.case("1")
    assert [one.id for one in store.cases.listing(text="刺鼻")] == [case.id]
    assert store.cases.listing(text="刺鼻", deep=False) == []


def test_what_holds_a_word_is_asked_for_so_that_the_index_answers():
    """With SQLAlchemy's usual "= 1" behind it SQLite walks every post there is."""
    told = str(select(posts.c.id).where(grams.holding("刺鼻")).compile(dialect=sqlite.dialect()))
    assert told.endswith("MATCH ?)")
