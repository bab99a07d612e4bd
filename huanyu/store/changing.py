"""Notes, inside the caller's transaction, that something routing looks at has changed.

What follows from it is decided by the step `reroute`, which looks at every case marked here once more.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import RowMapping
from sqlalchemy import select
from sqlalchemy import update

from huanyu.store.casework import note_event
from huanyu.store.rows import chunks
from huanyu.store.states import DONE
from huanyu.store.tables import case_posts
from huanyu.store.tables import cases
from huanyu.store.tables import verdicts


def touch(tx: Connection, where: ColumnElement[bool], why: str, now: datetime) -> int:
    """Mark the routed cases that fit and still owe something; returns how many. A new one is routed anyway."""
    live = (cases.c.routed_at.is_not(None), cases.c.state.not_in(sorted(DONE)))
    changed = update(cases).where(where, *live).values(**touched(why, now))
    return int(tx.execute(changed).rowcount)


def touched(why: str, now: datetime) -> dict[str, Any]:
    """What `touch` writes, for whoever writes the row anyway and knows that it is routed and owes something."""
    return {"changed_at": now, "changed_why": why}


def relabelled(tx: Connection, post_ids: Iterable[int], why: str, actor: str, now: datetime) -> None:
    """Posts bear other labels now: their cases take them over, where no person said otherwise, and are marked."""
    for batch in chunks(post_ids):
        theirs = select(case_posts.c.case_id).where(case_posts.c.post_id.in_(batch))
        for row in _with_labels(tx, cases.c.id.in_(theirs) & cases.c.state.not_in(sorted(DONE))):
            _take_over(tx, row, why, actor, now)
        touch(tx, cases.c.id.in_(theirs), why, now)


def _with_labels(tx: Connection, where: ColumnElement[bool]) -> list[RowMapping]:
    labels = (verdicts.c.kinds.label("named"), verdicts.c.urgent.label("pressing"))
    query = select(cases, *labels).join(verdicts, verdicts.c.post_id == cases.c.first_post_id)
    return list(tx.execute(query.where(where).order_by(cases.c.id)).mappings())


def _take_over(tx: Connection, row: RowMapping, why: str, actor: str, now: datetime) -> None:
    """The kinds of the first post, and urgency where any post of the case is urgent."""
    values: dict[str, Any] = {"urgent": row["pressing"] or _any_urgent(tx, row["id"])}
    if "kinds" not in row["edited"]:
        values["kinds"] = row["named"]
    changes = {name: [row[name], value] for name, value in values.items() if row[name] != value}
    if changes:
        raised = {"version": row["version"] + 1}
        tx.execute(update(cases).where(cases.c.id == row["id"]).values(**values, **raised))
        note_event(tx, row["id"], row["state"], "relabelled", why, actor, now, changes=changes)


def _any_urgent(tx: Connection, case_id: int) -> bool:
    query = (
        select(verdicts.c.post_id)
        .join(case_posts, case_posts.c.post_id == verdicts.c.post_id)
        .where(case_posts.c.case_id == case_id, verdicts.c.urgent)
        .limit(1)
    )
    return tx.scalar(query) is not None
