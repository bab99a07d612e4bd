"""Takes a post out of a case inside a transaction, and remembers that the two do not belong together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import RowMapping
from sqlalchemy import and_
from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.store.belonging import remember
from huanyu.store.casework import note_event
from huanyu.store.changing import touch
from huanyu.store.rows import chunks
from huanyu.store.session import insert_new
from huanyu.store.tables import case_posts
from huanyu.store.tables import cases
from huanyu.store.tables import posts
from huanyu.store.tables import separations
from huanyu.types import Case

OVERTAKEN = "该件刚被他人处理过, 请刷新后再试"


def separated(tx: Connection, post_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """For each of these posts the cases a person said it is not about."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    for batch in chunks(post_ids):
        rows = tx.execute(
            select(separations.c.post_id, separations.c.case_id).where(separations.c.post_id.in_(batch))
        )
        for row in rows:
            found[row.post_id].add(row.case_id)
    return {post_id: frozenset(case_ids) for post_id, case_ids in found.items()}


def take_out(tx: Connection, case: Case, post_id: int, reason: str, actor: str, now: datetime) -> None:
    """Take one post out of a case that keeps others; level and limits stay, only people lower them."""
    known = members(tx, case.id)
    left = [row for row in known if row["post_id"] != post_id]
    if tx.scalar(select(cases.c.version).where(cases.c.id == case.id)) != case.version:
        raise Conflict(OVERTAKEN, case=case.number)
    if len(left) == len(known):
        raise NotFound("这条反映不在该件中", post=post_id, case=case.number)
    if not left:
        raise BadInput("该件只有这一条反映，不能移出")
    remember(tx, [row for row in known if row["post_id"] == post_id], now)
    tx.execute(delete(case_posts).where(case_posts.c.post_id == post_id))
    renew(tx, case, left, now)
    touch(tx, cases.c.id == case.id, "移出了一条反映", now)
    separate(tx, post_id, case.id, reason, actor, now)
    note_event(tx, case.id, case.state, "taken_apart", f"移出一条反映（第{post_id}号）：{reason}", actor, now)


def separate(tx: Connection, post_id: int, case_id: int, reason: str, actor: str, now: datetime) -> None:
    """Remember that a person said so; once is enough."""
    tx.execute(
        insert_new(tx, separations).values(
            post_id=post_id, case_id=case_id, at=now, actor=actor, reason=reason
        )
    )


def reconcile(tx: Connection, post_ids: Iterable[int], case_id: int) -> None:
    """A person's newer word: these posts belong to the case after all."""
    for batch in chunks(post_ids):
        gone = and_(separations.c.post_id.in_(batch), separations.c.case_id == case_id)
        tx.execute(delete(separations).where(gone))


def members(tx: Connection, case_id: int) -> list[RowMapping]:
    """The posts of a case with when they were said, the first one first."""
    query = (
        select(case_posts, posts.c.said_at)
        .join(posts, posts.c.id == case_posts.c.post_id)
        .where(case_posts.c.case_id == case_id)
        .order_by(case_posts.c.first.desc(), posts.c.said_at, posts.c.id)
    )
    return list(tx.execute(query).mappings())


def renew(tx: Connection, case: Case, left: list[RowMapping], now: datetime, **more: object) -> None:
    """Count a case's posts anew, and let the earliest be its first where that one is gone; raises Conflict."""
    first = left[0]["post_id"]
    values = {
        "posts": len(left),
        "first_post_id": first,
        "last_post_at": max(row["said_at"] for row in left),
        "version": case.version + 1,
    }
    mine = (cases.c.id == case.id, cases.c.version == case.version)
    if not tx.execute(update(cases).where(*mine).values(values | more)).rowcount:
        raise Conflict(OVERTAKEN, case=case.number)
    if not left[0]["first"]:
        remember(tx, left[:1], now)
        tx.execute(update(case_posts).where(case_posts.c.post_id == first).values(first=True))
