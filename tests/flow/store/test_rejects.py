"""Kept bad items: found without their payload, sealed, and settled in one go with what reading them again gave."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from huanyu.clock import now as present
from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.store import RejectHead
from huanyu.store import Store
from huanyu.store.posts import RAW_KEPT
from huanyu.types import RawPost
from huanyu.types import Reject
from huanyu.types import SourceKind

NOW = present()
LATER = NOW + timedelta(hours=1)
ITEM = Reject(
    source="luntan",
    where="https://forum.example.org/thread-1",
    reason="页面不完整",
    payload="柳园街边的帖子".encode(),
    at=NOW,
    callback="parse_thread",
    meta={"tid": "1", "rest": [2, 3]},
)
POST = RawPost(
    source="luntan",
    kind=SourceKind.FORUM,
    native_id="1",
    url="https://forum.example.org/thread-1",
    text="楼下烧烤油烟扰民",
    fetched_at=NOW,
)


def kept(store: Store, item: Reject = ITEM) -> RejectHead:
    store.posts.add_rejects([item], now=NOW)
    return store.rejects.heads()[0]


def test_an_item_comes_back_as_it_was_kept(store: Store) -> None:
    head = kept(store)
    found = store.rejects.get(head.id)
    assert (found.payload, found.callback, found.meta) == (ITEM.payload, "parse_thread", ITEM.meta)
    assert (head.source, head.where, head.reason, head.at) == (ITEM.source, ITEM.where, ITEM.reason, NOW)
    with pytest.raises(NotFound):
        store.rejects.get(head.id + 1)


def test_no_word_of_a_payload_stands_in_the_database(store: Store) -> None:
    kept(store)
    with store._database.read() as tx:
        (body,) = tx.execute(text("SELECT payload FROM rejects")).one()
    assert "柳园街边".encode() not in bytes(body)


def test_lists_and_counts_hold_what_is_open_newest_first(store: Store) -> None:
    first = kept(store)
    kept(store, replace(ITEM, source="chenxun", where="https://news.example.org/rss.xml"))
    assert [head.source for head in store.rejects.heads()] == ["chenxun", "luntan"]
    assert [head.source for head in store.rejects.heads("luntan")] == ["luntan"]
    assert store.rejects.open_by_source() == {"luntan": 1, "chenxun": 1}
    store.rejects.settle(first.id, (), (), "", "xuanjiao", LATER)
    assert store.rejects.open_by_source() == {"chenxun": 1}
    done = store.rejects.head(first.id)
    assert (done.resolved_by, done.resolved_at) == ("xuanjiao", LATER)


def test_posts_and_the_end_of_the_item_are_one_write(store: Store) -> None:
    head = kept(store)
    added = store.rejects.settle(head.id, (POST,), (), "", "系统", LATER)
    assert len(added.new) == 1 and store.rejects.heads() == []
    with pytest.raises(Conflict):
        store.rejects.settle(head.id, (replace(POST, native_id="2"),), (), "", "系统", LATER)
    assert store.posts.count() == 1


def test_a_write_that_fails_leaves_the_item_and_adds_nothing(store: Store) -> None:
    head = kept(store)
    naive = replace(POST, native_id="2", fetched_at=NOW.replace(tzinfo=None))
    with pytest.raises(ValueError, match="naive"):
        store.rejects.settle(head.id, (POST, naive), (), "", "系统", LATER)
    assert store.posts.count() == 0 and len(store.rejects.heads()) == 1


def test_an_item_that_is_still_bad_stays_under_today_s_reason(store: Store) -> None:
    head = kept(store)
    store.rejects.settle(head.id, (), (), "楼层没有编号", "系统", LATER)
    (still,) = store.rejects.heads()
    assert (still.id, still.reason, still.at) == (head.id, "楼层没有编号", NOW)
    kept(store, replace(ITEM, reason="楼层没有编号"))  # the next visit says the same of the same page
    assert len(store.rejects.heads()) == 1


def test_two_visits_reasons_for_one_page_do_not_get_into_each_other_s_way(store: Store) -> None:
    first = kept(store)
    kept(store, replace(ITEM, reason="楼层没有编号"))
    store.rejects.settle(first.id, (), (), "楼层没有编号", "系统", LATER)
    assert [head.reason for head in store.rejects.heads()] == ["楼层没有编号"] * 2


def test_bad_items_found_inside_a_page_are_items_of_their_own(store: Store) -> None:
    head = kept(store)
    inside = replace(ITEM, payload=b"one floor", reason="时间不认识", callback="read_one_floor")
    store.rejects.settle(head.id, (POST,), (inside,), "", "系统", LATER)
    (left,) = store.rejects.heads()
    assert (left.reason, left.callback) == ("时间不认识", "read_one_floor")


def test_a_reporter_comes_in_sealed_with_the_post(store: Store) -> None:
    head = kept(store, replace(ITEM, callback="import"))
    store.rejects.settle(head.id, (POST,), (), "", "系统", LATER, {"1": '{"姓名": "冯某某"}'})
    with store._database.read() as tx:
        (sealed,) = tx.execute(text("SELECT sealed FROM identities")).one()
    assert "冯某某".encode() not in bytes(sealed)


def test_a_look_at_an_item_and_every_outcome_are_in_the_audit_trail(store: Store) -> None:
    head = kept(store)
    store.rejects.look(head.id, "xuanjiao", LATER)
    store.rejects.settle(head.id, (), (), "楼层没有编号", "系统", LATER)
    store.rejects.settle(head.id, (POST,), (), "", "系统", LATER)
    told = [(row.action, row.actor) for row in reversed(store.audit.listing()) if row.noun == "reject"]
    assert told == [
        ("reject.add", "系统"),
        ("reject.look", "xuanjiao"),
        ("reject.keep", "系统"),
        ("reject.resolve", "系统"),
    ]
    assert store.audit.verify() == []


def test_bad_items_long_since_dealt_with_go_and_that_is_written_down(store, make, now):
    store.posts.add_rejects([make.reject("甲"), make.reject("乙")], now)
    old, open_ = sorted(head.id for head in store.rejects.heads())
    store.posts.resolve_reject(old, "李岚", now)
    store.posts.expire_raw(now + RAW_KEPT)
    with pytest.raises(NotFound):
        store.rejects.head(old)
    assert store.rejects.head(open_).resolved_at is None
    (line,) = [line for line in store.audit.listing() if line.action == "reject.expire"]
    assert line.ids == (old,)
