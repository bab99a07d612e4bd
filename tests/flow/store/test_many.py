"""Many rows by one statement are the rows that were given, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from huanyu.errors import Conflict
from huanyu.store.many import put_all
from huanyu.store.many import put_new
from huanyu.store.tables import payloads
from huanyu.store.tables import posts
from huanyu.store.tables import sightings
from huanyu.types import SourceKind


def row(name: str, now, **more):
    plain = {"source": "s", "kind": SourceKind.WEIBO, "native_id": name, "url": "", "title": "", "author": ""}
    times = {"said_at": now, "fetched_at": now, "seen_at": now, "stored_at": now, "posted_at": None}
    return {
        **plain,
        **times,
        "text": f"正文{name}",
        "images": (),
        "likes": None,
        "identity": f"s/{name}",
        **more,
    }


def test_every_kind_of_value_comes_back_as_it_was_given(store, now):
    told = [
        row("1", now, images=("a,b", '{"引号"}', "c\\d"), text='带"引号"、{括号}、\\ 和\n换行'),
        row("2", now, likes=2**40, posted_at=now, text="NULL"),
        row("3", now, text="去掉\x00 和\ud800 半个字"),
    ]
    with store._database.write() as tx:
        new = put_new(tx, posts, told, posts.c.id, posts.c.identity)
        assert [one["identity"] for one in new] == ["s/1", "s/2", "s/3"]
        kept = tx.execute(select(posts).order_by(posts.c.id)).mappings().all()
    assert [one["id"] for one in kept] == [one["id"] for one in new]
    told[2]["text"] = "去掉 和 半个字"
    for given, found in zip(told, kept, strict=True):
        assert {name: found[name] for name in given} == given
        assert found["deleted"] is False and found["entered_by"] == ""


def test_what_is_there_is_left_alone_and_not_given_back(store, now):
    with store._database.write() as tx:
        put_new(tx, posts, [row("1", now)], posts.c.id)
        new = put_new(tx, posts, [row("1", now, text="别的"), row("2", now)], posts.c.identity)
        assert [one["identity"] for one in new] == ["s/2"]
        assert sorted(tx.scalars(select(posts.c.text))) == ["正文1", "正文2"]


def test_nothing_is_no_statement(store):
    with store._database.write() as tx:
        assert put_new(tx, posts, [], posts.c.id) == []
        put_all(tx, sightings, [])


def test_bytes_are_kept_and_a_taken_key_is_told(store, now):
    with store._database.write() as tx:
        (one,) = put_new(tx, posts, [row("1", now)], posts.c.id)
        body = {"post_id": one["id"], "at": now, "media": "x", "body": bytes(range(256)), "sha256": ""}
        put_all(tx, payloads, [body])
        assert tx.scalar(select(payloads.c.body)) == bytes(range(256))
    seen = {"post_id": one["id"], "source": "s", "at": now}
    with pytest.raises(Conflict), store._database.write() as tx:
        put_all(tx, sightings, [seen, seen])
