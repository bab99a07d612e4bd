"""Old verdicts, and newer ones in their place: a range in one transaction, so that it may be cut off anywhere.

What becomes of a changed verdict is decided elsewhere; here nothing is overwritten that somebody touched meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import String
from sqlalchemy import bindparam
from sqlalchemy import exists
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import update

from huanyu.store import changing
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.judged import to_post
from huanyu.store.judged import to_verdict
from huanyu.store.nouns import OldVerdict
from huanyu.store.nouns import Renewal
from huanyu.store.posts import RAW_KEPT
from huanyu.store.posts import set_expiry
from huanyu.store.posts import verdict_columns
from huanyu.store.relabel import BY_PERSON
from huanyu.store.relabel import HELD
from huanyu.store.rows import chunks
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.tables import case_posts
from huanyu.store.tables import posts
from huanyu.store.tables import samples
from huanyu.store.tables import verdicts

_BOTH = posts.join(verdicts, verdicts.c.post_id == posts.c.id)
#: Whoever agrees with a drawn verdict corrects nothing, and has judged it all the same.
_CONFIRMED = (
    exists()
    .where(
        samples.c.post_id == verdicts.c.post_id,
        samples.c.judged_at.is_not(None),
        samples.c.type == verdicts.c.type.cast(String),
    )
    .label("confirmed")
)


class Rejudging:
    """Verdicts of other models than the present one."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def count(
        self, model: str, since: datetime | None = None, until: datetime | None = None, besides: str = ""
    ) -> int:
        """How many verdicts of posts said from `since` up to `until` a model gave that is neither of the two."""
        where = *_old(model, since, until), verdicts.c.model != besides
        query = select(func.count()).select_from(_BOTH).where(*where)
        with self._database.read() as tx:
            return int(tx.scalar(query) or 0)

    def page(
        self, model: str, after: int, limit: int, since: datetime | None = None, until: datetime | None = None
    ) -> list[OldVerdict]:
        """The next of them with a number above `after`."""
        extra = [column for column in verdicts.c if column.name != "judged_at"]
        query = (
            select(posts, *extra, case_posts.c.case_id, _CONFIRMED)
            .select_from(_BOTH.outerjoin(case_posts, case_posts.c.post_id == posts.c.id))
            .where(posts.c.id > after, *_old(model, since, until))
            .order_by(posts.c.id)
            .limit(limit)
        )
        with self._database.read() as tx:
            return [
                noun(OldVerdict, row, post=to_post(row), verdict=to_verdict(row))
                for row in tx.execute(query).mappings()
            ]

    def save(self, renewals: Sequence[Renewal], now: datetime, actor: str = SYSTEM) -> int:
        """Write those whose verdict is as it was looked at; returns how many. `judged_at` stays: bulletins count by it."""
        given = {one.old.post.id: one for one in renewals}
        with self._database.in_line(), self._database.write() as tx:
            free = [given[post_id] for post_id in _untouched(tx, given)]
            if not free:
                return 0
            _write(tx, free, now)
            cased = [one.old.post.id for one in free if one.old.case_id is not None and _differs(one)]
            changing.relabelled(tx, cased, "反映经新模型重新研判", actor, now)
            facts = [
                [one.old.post.id, one.verdict.type, one.verdict.kinds, one.verdict.model] for one in free
            ]
            ids = [one.old.post.id for one in free]
            self._trail.record(tx, "post.rejudge", "post", ids, facts, actor, now)
            return len(free)


def _old(model: str, since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    bounds = [posts.c.said_at >= since] if since else []
    return [
        verdicts.c.model.not_in((model, BY_PERSON)),
        *bounds,
        *([posts.c.said_at < until] if until else []),
    ]


def _untouched(tx: Connection, given: dict[int, Renewal]) -> list[int]:
    """Those nobody has judged, corrected or planned for since they were looked at."""
    found: list[int] = []
    for batch in chunks(sorted(given)):
        columns = (
            verdicts.c.post_id,
            verdicts.c.model,
            verdicts.c.corrected_at,
            verdicts.c.planned_at,
            _CONFIRMED,
        )
        query = select(*columns).where(verdicts.c.post_id.in_(batch)).order_by(verdicts.c.post_id)
        for row in tx.execute(query.with_for_update()):
            seen = given[row.post_id].old
            if (row.model, row.corrected_at, row.planned_at, row.confirmed) == (
                seen.verdict.model,
                seen.corrected_at,
                seen.planned_at,
                seen.confirmed,
            ):
                found.append(row.post_id)
    return found


def _differs(one: Renewal) -> bool:
    """Whether routing or grading may see something else now."""
    names = ("type", "kinds", "urgent", "places", "is_complaint")
    return any(getattr(one.verdict, name) != getattr(one.old.verdict, name) for name in names)


def _write(tx: Connection, renewals: Sequence[Renewal], now: datetime) -> None:
    rows = [{**verdict_columns(one.verdict), "of_post": one.old.post.id} for one in renewals]
    tx.execute(update(verdicts).where(verdicts.c.post_id == bindparam("of_post")), rows)
    held = [{"of_post": one.old.post.id, "why": one.hold} for one in renewals if one.hold]
    if held:
        values = {"planned_at": now, "plan_action": HELD, "plan_reason": bindparam("why_held")}
        tx.execute(
            update(verdicts).where(verdicts.c.post_id == bindparam("of_post")).values(**values),
            [{"of_post": one["of_post"], "why_held": one["why"]} for one in held],
        )
    turned = [one for one in renewals if one.verdict.is_complaint is not one.old.verdict.is_complaint]
    set_expiry(tx, [one.old.post.id for one in turned if one.verdict.is_complaint], None)
    set_expiry(tx, [one.old.post.id for one in turned if not one.verdict.is_complaint], now + RAW_KEPT)
