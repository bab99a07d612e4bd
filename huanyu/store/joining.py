"""Joins a case into an earlier one inside a transaction, and undoes it; which cases may be joined is decided outside."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import RowMapping
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.store import assignments
from huanyu.store import parting
from huanyu.store.belonging import remember
from huanyu.store.caseload import load_one
from huanyu.store.casework import note_event
from huanyu.store.casework import turn_clocks
from huanyu.store.changing import touch
from huanyu.store.outgoing import recall
from huanyu.store.outgoing import withdraw
from huanyu.store.states import JOINED
from huanyu.store.tables import case_events
from huanyu.store.tables import case_posts
from huanyu.store.tables import cases
from huanyu.store.tables import suggestions
from huanyu.types import Case


def join(tx: Connection, later: Case, earlier: Case, reason: str, actor: str, now: datetime) -> list[int]:
    """Hand all posts of the later case to the earlier one and end it; returns the posts."""
    taken = parting.members(tx, later.id)
    moved = [row["post_id"] for row in taken]
    remember(tx, taken, now)
    _end(tx, later, earlier, now)
    for row in taken:
        values = {
            "case_id": earlier.id,
            "first": False,
            "at": now if row["first"] else row["at"],  # it opened a case then, and is a further witness now
            "came_from": row["came_from"] or later.id,
        }
        tx.execute(update(case_posts).where(case_posts.c.post_id == row["post_id"]).values(values))
    parting.reconcile(tx, moved, earlier.id)
    parting.renew(tx, earlier, parting.members(tx, earlier.id), now, urgent=earlier.urgent or later.urgent)
    waiting = suggestions.c.case_id == later.id, suggestions.c.decided_at.is_(None)
    tx.execute(update(suggestions).where(*waiting).values(case_id=earlier.id))
    withdraw(tx, later.id, f"并入{earlier.number}")
    recall(tx, later.id, f"并入{earlier.number}")
    turn_clocks(tx, later.id, JOINED, now)
    assignments.end(tx, later.id, now)
    note_event(tx, later.id, JOINED, "joined", f"并入{earlier.number}：{reason}", actor, now, moved=True)
    told = f"{later.number}并入本件（{len(moved)} 条反映）：{reason}"
    note_event(tx, earlier.id, earlier.state, "took_in", told, actor, now)
    touch(tx, cases.c.id == earlier.id, f"{later.number}并入本件", now)
    return moved


def unjoin(tx: Connection, joined: Case, reason: str, actor: str, now: datetime) -> list[int]:
    """Give a joined case its posts back, and the state it had; returns the posts."""
    if joined.joined_into is None:
        raise BadInput("该件没有并入其他办件")
    into = (
        tx.execute(select(cases).where(cases.c.id == joined.joined_into).with_for_update(key_share=True))
        .mappings()
        .one()
    )
    back = [row for row in parting.members(tx, into["id"]) if row["came_from"] in _family(tx, joined.id)]
    if not back:
        raise BadInput("并入的反映都已移出，不能撤销并案")
    left = [row for row in parting.members(tx, into["id"]) if row not in back]
    if not left:
        raise BadInput(f"{into['number']}自己的反映都已移出，撤销后该件将没有反映，不能撤销并案")
    was = _state_before(tx, joined.id)
    remember(tx, back, now)
    for row in back:
        came = None if row["came_from"] == joined.id else row["came_from"]
        values = {"case_id": joined.id, "came_from": came, "first": False}
        tx.execute(update(case_posts).where(case_posts.c.post_id == row["post_id"]).values(values))
        parting.separate(tx, row["post_id"], into["id"], reason, actor, now)
    parting.renew(tx, load_one(tx, cases.c.id == into["id"]), left, now)
    own = _own_first(tx, joined.id, parting.members(tx, joined.id))
    parting.renew(tx, joined, own, now, state=was, joined_into=None, closed_at=None)
    recall(tx, joined.id, "撤销并案")
    turn_clocks(tx, joined.id, was, now)
    if joined.closed_at is not None:
        assignments.resume(tx, joined.id, joined.closed_at)
    told = f"撤销并入{into['number']}：{reason}"
    note_event(tx, joined.id, was, "unjoined", told, actor, now, moved=True)
    note_event(tx, into["id"], into["state"], "gave_back", f"{joined.number}撤销并案：{reason}", actor, now)
    touch(tx, cases.c.id.in_((joined.id, into["id"])), "撤销了并案", now)
    return [row["post_id"] for row in back]


def _end(tx: Connection, later: Case, earlier: Case, now: datetime) -> None:
    mine = (cases.c.id == later.id, cases.c.version == later.version)
    values = {
        "state": JOINED,
        "version": later.version + 1,
        "joined_into": earlier.id,
        "posts": 0,
        "closed_at": now,
    }
    if not tx.execute(update(cases).where(*mine).values(values)).rowcount:
        raise Conflict(parting.OVERTAKEN, case=later.number)


def _family(tx: Connection, case_id: int) -> frozenset[int]:
    """A case and all that were joined into it, one into the other."""
    found = {case_id}
    fresh = found
    while fresh:
        rows = tx.execute(select(cases.c.id).where(cases.c.joined_into.in_(sorted(fresh)))).scalars()
        fresh = set(rows) - found
        found |= fresh
    return frozenset(found)


def _state_before(tx: Connection, case_id: int) -> str:
    """The state a case was in when it was joined."""
    query = (
        select(case_events.c.state)
        .where(case_events.c.case_id == case_id, case_events.c.state != JOINED)
        .order_by(case_events.c.id.desc())
        .limit(1)
    )
    return str(tx.execute(query).scalar_one())


def _own_first(tx: Connection, case_id: int, rows: list[RowMapping]) -> list[RowMapping]:
    """The post the case was opened with stands first again, if it came back."""
    opened = tx.execute(select(cases.c.first_post_id).where(cases.c.id == case_id)).scalar_one()
    return sorted(rows, key=lambda row: (row["post_id"] != opened, row["came_from"] is not None))
