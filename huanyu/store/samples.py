"""Posts drawn at random from what the classifier called no complaint, and what people say of them.

How many are drawn, and which, is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import Select
from sqlalchemy import and_
from sqlalchemy import exists
from sqlalchemy import false
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.store import relabel
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.nouns import Drawn
from huanyu.store.nouns import Rejected
from huanyu.store.nouns import Sample
from huanyu.store.nouns import Told
from huanyu.store.posts import set_expiry
from huanyu.store.queries import Span
from huanyu.store.relabel import BY_PERSON
from huanyu.store.relabel import Label
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.session import insert_new
from huanyu.store.tables import corrections
from huanyu.store.tables import posts
from huanyu.store.tables import samples
from huanyu.store.tables import settings
from huanyu.store.tables import verdicts
from huanyu.types import PostType

UNTIL = "samples_until"  #: setting: the last day that was drawn from
_UNTIL = select(settings.c.value).where(settings.c.name == UNTIL)


class Samples:
    """One draw for each day."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def drawn_until(self) -> date | None:
        """The last day that was drawn from; where the note of it is broken, the last one of which there are draws."""
        with self._database.read() as tx:
            value = tx.scalar(_UNTIL)
            if not value:
                return None
            return _day(value) or tx.scalar(select(func.max(samples.c.day)))

    def frame(self, day: date) -> list[Rejected]:
        """What may be drawn of the posts judged that day: called no complaint, surely, and by no person."""
        with self._database.read() as tx:
            return [noun(Rejected, row) for row in tx.execute(_frame(day)).mappings()]

    def save(self, day: date, drawn: Sequence[Drawn], seed: str, now: datetime) -> bool:
        """Keep the draw of one day, in the order given; False when that day was drawn from before."""
        with self._database.write() as tx:
            if not _pass(tx, day, now):
                return False
            rows = [{**asdict(one), "day": day, "drawn_at": now} for one in drawn]
            if rows:
                tx.execute(insert(samples), rows)
            ids = [one.post_id for one in drawn]
            self._trail.record(tx, "sample.draw", "post", ids, [day.isoformat(), seed], SYSTEM, now)
            return True

    def waiting(self, limit: int = 100) -> list[Sample]:
        """Drawn posts nobody has judged, the oldest day first."""
        query = select(samples).where(samples.c.judged_at.is_(None)).order_by(samples.c.day, samples.c.id)
        with self._database.read() as tx:
            return [noun(Sample, row) for row in tx.execute(query.limit(limit)).mappings()]

    def count_waiting(self, before: datetime | None = None) -> int:
        """How many wait; `before`: of those drawn before that moment."""
        query = select(func.count()).select_from(samples).where(samples.c.judged_at.is_(None))
        if before is not None:
            query = query.where(samples.c.drawn_at < before)
        with self._database.read() as tx:
            return int(tx.scalar(query) or 0)

    def between(self, first: date, last: date) -> list[Sample]:
        """Every drawn post of these days, both included, in order."""
        query = (
            select(samples).where(samples.c.day.between(first, last)).order_by(samples.c.day, samples.c.id)
        )
        with self._database.read() as tx:
            return [noun(Sample, row) for row in tx.execute(query).mappings()]

    def judged(self) -> list[Sample]:
        """Every sample a person has judged, oldest first."""
        query = select(samples).where(samples.c.judged_at.is_not(None)).order_by(samples.c.id)
        with self._database.read() as tx:
            return [noun(Sample, row) for row in tx.execute(query).mappings()]

    def judge(self, sample_id: int, label: Label | None, actor: str, now: datetime) -> int:
        """A person's answer, None: no complaint, as the classifier said; returns the post. Raises Conflict, NotFound.

        A complaint among them is corrected in the same write, and so goes the way of every complaint.
        """
        with self._database.write() as tx:
            query = select(samples).where(samples.c.id == sample_id).with_for_update()
            row = tx.execute(query).mappings().first()
            if row is None:
                raise NotFound("没有这条抽查", sample=sample_id)
            if row["judged_at"] is not None:
                raise Conflict("这条抽查已有人判定", sample=sample_id)
            post_id = int(row["post_id"])
            said = label or _as_held(tx, post_id)
            relabel.correct(tx, post_id, said, actor, now)
            if said.type is PostType.COMPLAINT:
                set_expiry(tx, [post_id], None)
            self._trail.record(tx, "sample.judge", "post", [post_id], [said.type, said.kinds], actor, now)
            return post_id

    def told(self, days: Collection[date]) -> Told:
        """What else is known of the posts judged on these days, to set the missed ones beside."""
        spans = [Span.of_day(day) for day in days]
        judged = or_(
            false(), *(and_(posts.c.judged_at >= one.start, posts.c.judged_at < one.end) for one in spans)
        )
        both = posts.join(verdicts, verdicts.c.post_id == posts.c.id)
        mine = exists().where(samples.c.post_id == posts.c.id)
        complaints = select(posts.c.id).select_from(both).where(judged, verdicts.c.is_complaint, ~mine)
        found = exists().where(
            corrections.c.post_id == posts.c.id,
            corrections.c.origin == "",
            corrections.c.type_before != PostType.COMPLAINT,
            corrections.c.type == PostType.COMPLAINT,
        )
        with self._database.read() as tx:
            by_people = tuple(tx.execute(complaints.where(found).order_by(posts.c.id)).scalars())
            caught = tx.scalar(select(func.count()).select_from(complaints.where(~found).subquery()))
        return Told(caught=int(caught or 0), by_people=by_people)


def _frame(day: date) -> Select[tuple[object, ...]]:
    span = Span.of_day(day)
    columns = posts.c.id.label("post_id"), verdicts.c.complaint, verdicts.c.model
    return (
        select(*columns)
        .select_from(posts.join(verdicts, verdicts.c.post_id == posts.c.id))
        .where(
            posts.c.judged_at >= span.start,
            posts.c.judged_at < span.end,
            ~verdicts.c.is_complaint,
            ~verdicts.c.unsure,
            verdicts.c.corrected_at.is_(None),
            verdicts.c.model != BY_PERSON,
            ~exists().where(samples.c.post_id == posts.c.id),
        )
        .order_by(posts.c.id)
    )


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _pass(tx: Connection, day: date, now: datetime) -> bool:
    """Note that this day is drawn from; False when it, or a later one, was."""
    first = insert_new(tx, settings).values(name=UNTIL, value="", at=now)
    tx.execute(first)
    value = tx.scalar(_UNTIL) or ""
    if value and _day(value) is None:
        drawn = tx.scalar(select(func.max(samples.c.day)))
        if drawn is not None and drawn >= day:
            return False
        earlier = settings.c.value == value
    else:
        earlier = settings.c.value < day.isoformat()
    mine = settings.c.name == UNTIL, earlier
    return bool(tx.execute(update(settings).where(*mine).values(value=day.isoformat(), at=now)).rowcount)


def _as_held(tx: Connection, post_id: int) -> Label:
    """The classifier's own label, where it agrees that this is no complaint."""
    row = tx.execute(select(verdicts.c.type, verdicts.c.kinds).where(verdicts.c.post_id == post_id)).first()
    if row is None:
        raise NotFound("这条信息还没有判定结果", post=post_id)
    return Label(PostType.OTHER if row.type is PostType.COMPLAINT else row.type, row.kinds)
