"""What happens when a batch of raw posts arrives: new ones are stored, known ones brought up to date.

Inside the caller's transaction; a post is known by its source and the platform's id.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import RowMapping
from sqlalchemy import delete
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import tuple_
from sqlalchemy import update

from huanyu.store.columns import clean
from huanyu.store.nouns import Added
from huanyu.store.rows import chunks
from huanyu.store.session import insert_new
from huanyu.store.tables import payloads
from huanyu.store.tables import post_versions
from huanyu.store.tables import posts
from huanyu.store.tables import verdicts
from huanyu.text import normalise
from huanyu.types import RawPost

Key = tuple[str, str]

COUNTERS = ("likes", "reposts", "comments", "views")
_PLAIN = tuple(
    field.name for field in fields(RawPost) if field.name in posts.c and field.name not in {"title", "text"}
)


def add(tx: Connection, raws: Sequence[RawPost], now: datetime) -> tuple[Added, list[int]]:
    """Store the batch; also returns the ids of every row written to."""
    first = _first_of_each(raws)
    new = _insert(tx, first, now)
    _insert_payloads(tx, [(new[key], raw) for key, raw in first.items() if key in new])
    again = [raw for raw in raws if not (_key(raw) in new and first[_key(raw)] is raw)]
    touched, changed = _refresh(tx, again)
    seen = len({_key(raw) for raw in again} - new.keys())
    ids = tuple(sorted(new.values()))
    return Added(new=ids, seen=seen, changed=changed), sorted({*ids, *touched})


def _key(raw: RawPost) -> Key:
    return clean(raw.source), clean(raw.native_id)


def _first_of_each(raws: Iterable[RawPost]) -> dict[Key, RawPost]:
    """The first raw of each post, in key order: two writers then lock the same rows in the same order."""
    found: dict[Key, RawPost] = {}
    for raw in raws:
        found.setdefault(_key(raw), raw)
    return dict(sorted(found.items()))


def _values(raw: RawPost, now: datetime) -> dict[str, Any]:
    return {name: getattr(raw, name) for name in _PLAIN} | {
        "title": normalise(raw.title),
        "text": normalise(raw.text),
        "identity": raw.identity or f"{raw.source}/{raw.native_id}",
        "said_at": raw.posted_at or raw.fetched_at,
        "seen_at": raw.fetched_at,
        "stored_at": now,
    }


def _insert(tx: Connection, raws: dict[Key, RawPost], now: datetime) -> dict[Key, int]:
    """Insert what is not there yet; returns the ids given."""
    statement = insert_new(tx, posts).returning(posts.c.id, posts.c.source, posts.c.native_id)
    values = [_values(raw, now) for raw in raws.values()]
    return {(row.source, row.native_id): row.id for row in tx.execute(statement, values)}


def _insert_payloads(tx: Connection, pairs: Sequence[tuple[int, RawPost]]) -> None:
    values = [
        {"post_id": post_id, "at": raw.fetched_at, "media": raw.raw_type, "body": zlib.compress(raw.raw)}
        for post_id, raw in pairs
        if raw.raw
    ]
    if values:
        tx.execute(insert(payloads), values)


def _refresh(tx: Connection, raws: Sequence[RawPost]) -> tuple[list[int], int]:
    """Bring known posts up to date; returns the ids written to and how many texts changed."""
    touched: list[int] = []
    changed: set[int] = set()
    for batch in chunks(sorted(raws, key=lambda raw: (_key(raw), raw.fetched_at))):
        known = _known(tx, batch)
        for raw in batch:
            news = _news(known[_key(raw)], raw)
            if news:
                row = known[_key(raw)]
                changed |= {row["id"]} if _apply(tx, row, raw, news) else set()
                known[_key(raw)] = {**row, **news}
                touched.append(row["id"])
    return touched, len(changed)


def _known(tx: Connection, raws: Sequence[RawPost]) -> dict[Key, Any]:
    keys = [_key(raw) for raw in raws]
    query = (
        select(posts)
        .where(tuple_(posts.c.source, posts.c.native_id).in_(keys))
        .order_by(posts.c.source, posts.c.native_id)
    )
    return {(row["source"], row["native_id"]): row for row in tx.execute(query.with_for_update()).mappings()}


def _news(row: RowMapping, raw: RawPost) -> dict[str, Any]:
    """What this sighting tells that the row does not say yet; an older sighting tells nothing."""
    if raw.fetched_at < row["seen_at"]:
        return {}
    told: dict[str, Any] = {"seen_at": raw.fetched_at, "deleted": raw.deleted}
    told |= {name: value for name in COUNTERS if (value := getattr(raw, name)) is not None}
    if not raw.deleted:  # a deletion notice ("该微博已被删除") must not overwrite what was said
        told |= {name: text for name in ("title", "text") if (text := normalise(getattr(raw, name)))}
    return {name: value for name, value in told.items() if row[name] != value}


def _apply(tx: Connection, row: RowMapping, raw: RawPost, news: dict[str, Any]) -> bool:
    """Write the news; whether the text changed."""
    tx.execute(update(posts).where(posts.c.id == row["id"]).values(**news))
    if "text" not in news:
        return False
    tx.execute(insert(post_versions).values(post_id=row["id"], at=raw.fetched_at, text=row["text"]))
    _insert_payloads(tx, [(row["id"], raw)])
    _judge_again(tx, row["id"])
    return True


def _judge_again(tx: Connection, post_id: int) -> None:
    """Another text deserves another verdict, unless a person has judged it or a case has been planned on it."""
    forgotten = tx.execute(
        delete(verdicts).where(
            verdicts.c.post_id == post_id, verdicts.c.planned_at.is_(None), verdicts.c.corrected_at.is_(None)
        )
    )
    if forgotten.rowcount:
        tx.execute(update(posts).where(posts.c.id == post_id).values(judged_at=None))
