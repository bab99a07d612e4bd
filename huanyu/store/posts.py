"""Posts, their verdicts, versions, raw payloads, and the items nobody could read."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from datetime import datetime
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import Select
from sqlalchemy import and_
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import true
from sqlalchemy import update

from huanyu.errors import NotFound
from huanyu.store import arrivals
from huanyu.store import changing
from huanyu.store import evidence
from huanyu.store import grams
from huanyu.store import jobs
from huanyu.store import relabel
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.beside import hidden_posts
from huanyu.store.broken import Kind
from huanyu.store.broken import readable
from huanyu.store.judged import judged
from huanyu.store.judged import pairs
from huanyu.store.judged import to_post
from huanyu.store.judged import to_verdict
from huanyu.store.keys import Keys
from huanyu.store.many import put_all
from huanyu.store.nouns import Added
from huanyu.store.nouns import Correction
from huanyu.store.nouns import StoredReject
from huanyu.store.rejected import put_reject
from huanyu.store.relabel import Label
from huanyu.store.rows import chunks
from huanyu.store.rows import noun
from huanyu.store.rows import values
from huanyu.store.session import Database
from huanyu.store.tables import UNPLANNED
from huanyu.store.tables import case_posts
from huanyu.store.tables import corrections
from huanyu.store.tables import identities
from huanyu.store.tables import payloads
from huanyu.store.tables import post_versions
from huanyu.store.tables import posts
from huanyu.store.tables import rejects
from huanyu.store.tables import verdicts
from huanyu.types import Post
from huanyu.types import PostType
from huanyu.types import RawPost
from huanyu.types import Reject
from huanyu.types import Seer
from huanyu.types import Sentiment
from huanyu.types import Verdict

# Of what is no complaint: long enough to correct a wrong verdict, no archive of people's talk.
RAW_KEPT = timedelta(days=30)
PAGE = 1000  # rows a reader of everything holds at once

#: Parts of the list of posts; `rest` holds what is neither a complaint nor waiting for a person.
VIEWS: Mapping[str, ColumnElement[bool]] = MappingProxyType(
    {
        "all": true(),
        "complaint": verdicts.c.is_complaint,
        "unsure": verdicts.c.unsure,
        "rest": and_(verdicts.c.is_complaint.is_(False), verdicts.c.unsure.is_(False)),
    }
)


class Posts:
    """What came in, and what the classifier made of it."""

    def __init__(self, database: Database, trail: Trail, keys: Keys) -> None:
        self._database = database
        self._trail = trail
        self._keys = keys

    def add(
        self,
        raws: Sequence[RawPost],
        now: datetime,
        actor: str = SYSTEM,
        reporters: Mapping[str, str] | None = None,
    ) -> Added:
        """Store what is new; what was seen before updates counters and keeps older texts as versions.

        `reporters`: JSON identities by native id, sealed together with the posts that are new.
        """
        with self._database.write() as tx:
            return self.put(tx, raws, reporters or {}, actor, now)

    def put(
        self, tx: Connection, raws: Sequence[RawPost], reporters: Mapping[str, str], actor: str, now: datetime
    ) -> Added:
        """`add` inside the transaction of something larger."""
        if not raws:
            return Added(new=(), seen=0, changed=0)
        done = arrivals.add(tx, raws, now)
        self._seal_reporters(tx, done.added.new, reporters, actor, now)
        if done.posts:
            facts = [[raw.source, raw.native_id, raw.title, raw.text] for raw in raws]
            self._trail.record(tx, "post.add", "post", done.posts, facts, actor, now)
        if done.pictures:
            told = len(done.pictures)
            self._trail.record(tx, "evidence.want", "evidence", done.pictures, told, actor, now)
        jobs.of_new_posts(tx, done.added.new)
        return done.added

    def _seal_reporters(
        self, tx: Connection, new: Sequence[int], reporters: Mapping[str, str], actor: str, now: datetime
    ) -> None:
        for batch in chunks(new if reporters else ()):
            query = select(posts.c.id, posts.c.native_id).where(posts.c.id.in_(batch))
            known = [
                (row.id, reporters[row.native_id]) for row in tx.execute(query) if row.native_id in reporters
            ]
            for post_id, identity in known:
                sealed = self._keys.seal(identity)
                row = (
                    insert(identities)
                    .values(post_id=post_id, at=now, sealed=sealed)
                    .returning(identities.c.id)
                )
                found = tx.execute(row).scalar_one()
                self._trail.record(tx, "identity.save", "identity", [found], identity, actor, now)

    def without_verdict(self, limit: int, within: tuple[int, int] | None = None) -> list[Post]:
        """Posts the classifier has not read yet, oldest first; `within`: the first and the last number asked for."""
        query = select(posts).where(posts.c.judged_at.is_(None)).order_by(posts.c.id).limit(limit)
        if within:
            query = query.where(posts.c.id.between(*within))
        with self._database.read() as tx:
            return readable(tx, _POSTS, query, lambda some: [*map(to_post, tx.execute(some).mappings())])

    def save_verdicts(self, pairs: Sequence[tuple[int, Verdict]], now: datetime, actor: str = SYSTEM) -> int:
        """Save the verdicts of posts that have none yet; returns how many were saved."""
        with self._database.write() as tx:
            saved = _save_verdicts(tx, dict(pairs), now)
            if saved:
                facts = [[post_id, one.type, one.kinds, one.model] for post_id, one in saved.items()]
                self._trail.record(tx, "post.verdict", "post", list(saved), facts, actor, now)
            return len(saved)

    def complaints_without_case(self, limit: int) -> list[tuple[Post, Verdict]]:
        """Complaints nobody has planned for yet, oldest first."""
        # Named first: with an order and a limit alone SQLite goes through every post there is.
        waiting = select(verdicts.c.post_id).where(UNPLANNED)
        query = _both().where(verdicts.c.post_id.in_(waiting))
        query = query.order_by(posts.c.said_at, posts.c.id).limit(limit)
        with self._database.read() as tx:
            return readable(tx, _VERDICTS, query, lambda some: judged(tx.execute(some).mappings()))

    def get(self, post_id: int) -> Post:
        """One post; raises NotFound."""
        with self._database.read() as tx:
            row = tx.execute(select(posts).where(posts.c.id == post_id)).mappings().first()
        if row is None:
            raise NotFound("没有这条信息", post=post_id)
        return to_post(row)

    def verdict(self, post_id: int) -> Verdict | None:
        """What is held of the post, corrections included; None while nobody has read it."""
        with self._database.read() as tx:
            row = tx.execute(select(verdicts).where(verdicts.c.post_id == post_id)).mappings().first()
        return to_verdict(row) if row else None

    def case_of(self, post_id: int) -> int | None:
        """The case the post belongs to."""
        with self._database.read() as tx:
            found = tx.scalar(select(case_posts.c.case_id).where(case_posts.c.post_id == post_id))
        return None if found is None else int(found)

    def versions(self, post_id: int) -> list[tuple[datetime, str]]:
        """Texts the post had before the present one, with the time each was replaced, oldest first."""
        query = select(post_versions).where(post_versions.c.post_id == post_id).order_by(post_versions.c.id)
        with self._database.read() as tx:
            return [(row.at, row.text) for row in tx.execute(query)]

    def raw(self, post_id: int) -> bytes | None:
        """The latest payload the post was read from; None when there was none or it has expired."""
        query = select(payloads.c.body).where(payloads.c.post_id == post_id).order_by(payloads.c.id.desc())
        with self._database.read() as tx:
            body = tx.scalar(query.limit(1))
        return None if body is None else zlib.decompress(body)

    def correct(
        self,
        post_id: int,
        type_: PostType,
        kinds: tuple[str, ...],
        actor: str,
        now: datetime,
        sentiment: Sentiment | None = None,
        urgent: bool | None = None,
    ) -> None:
        """A person's label replaces the classifier's; both are kept as training data. Raises NotFound.

        Feeling and urgency stay as they are where they were not asked (None).
        """
        label = Label(type_, kinds, sentiment, urgent)
        with self._database.write() as tx:
            if not relabel.correct(tx, post_id, label, actor, now):
                return
            set_expiry(tx, [post_id], None if type_ is PostType.COMPLAINT else now + RAW_KEPT)
            facts = [type_, kinds, sentiment, urgent]
            changing.relabelled(tx, [post_id], "更正了反映的研判标签", actor, now)
            self._trail.record(tx, "post.correct", "post", [post_id], facts, actor, now)

    def corrections(self, post_id: int | None = None) -> Iterator[Correction]:
        """Every correction, or those of one post, oldest first; none that was taken back."""
        query = select(corrections).where(~corrections.c.withdrawn).order_by(corrections.c.id)
        if post_id is not None:
            query = query.where(corrections.c.post_id == post_id)
        with self._database.read() as tx:
            for row in tx.execute(query).mappings():
                yield noun(Correction, row)

    def expire_raw(self, now: datetime, actor: str = SYSTEM) -> int:
        """Delete payloads and pictures whose time is over, and bad items long since dealt with.

        Returns how many payloads.
        """
        with self._database.write() as tx:
            old = delete(rejects).where(rejects.c.resolved_at <= now - RAW_KEPT).returning(rejects.c.id)
            if settled := sorted(tx.execute(old).scalars()):
                self._trail.record(tx, "reject.expire", "reject", settled, len(settled), actor, now)
            if pictures := evidence.expire(tx, now - RAW_KEPT):
                self._trail.record(tx, "evidence.expire", "evidence", pictures, len(pictures), actor, now)
            gone = tx.execute(
                delete(payloads).where(payloads.c.expires_at <= now).returning(payloads.c.post_id)
            ).scalars()
            ids = sorted(gone)
            if ids:
                self._trail.record(tx, "post.expire_raw", "post", ids, len(ids), actor, now)
            return len(ids)

    def add_rejects(self, items: Sequence[Reject], now: datetime, actor: str = SYSTEM) -> int:
        """Keep what could not be read; the same item is kept once while it is open. Returns how many are new."""
        with self._database.write() as tx:
            ids = [found for item in items if (found := put_reject(tx, self._keys, item)) is not None]
            if ids:
                facts = [[item.source, item.where, item.reason] for item in items]
                self._trail.record(tx, "reject.add", "reject", ids, facts, actor, now)
            return len(ids)

    def rejects(self, limit: int = 100) -> list[StoredReject]:
        """Open rejects, newest first."""
        query = (
            select(rejects).where(rejects.c.resolved_at.is_(None)).order_by(rejects.c.id.desc()).limit(limit)
        )
        with self._database.read() as tx:
            return [
                noun(StoredReject, row, payload=zlib.decompress(self._keys.open_bytes(row["payload"])))
                for row in tx.execute(query).mappings()
            ]

    def resolve_reject(self, reject_id: int, actor: str, now: datetime) -> None:
        """Take a reject off the list; doing it twice changes nothing. Raises NotFound."""
        with self._database.write() as tx:
            if tx.scalar(select(rejects.c.id).where(rejects.c.id == reject_id)) is None:
                raise NotFound("没有这条记录", reject=reject_id)
            done = tx.execute(
                update(rejects)
                .where(rejects.c.id == reject_id, rejects.c.resolved_at.is_(None))
                .values(resolved_at=now, resolved_by=actor)
            )
            if done.rowcount:
                self._trail.record(tx, "reject.resolve", "reject", [reject_id], None, actor, now)

    def iterate(self, since: datetime | None = None) -> Iterator[tuple[Post, Verdict | None]]:
        """Every post said since `since`, by id; a page at a time, so no transaction stays open for long."""
        last = 0
        while page := self._page(last, since):
            yield from page
            last = page[-1][0].id

    def listing(
        self,
        limit: int = 50,
        before: int | None = None,
        text: str = "",
        view: str = "all",
        seer: Seer | None = None,
    ) -> list[tuple[Post, Verdict | None]]:
        """Latest posts first; `before` is the last id of the page above, `text` words in it.

        `view` is a key of VIEWS; what belongs to a case that `seer` may not see is left out.
        """
        query = _both(outer=view == "all").where(VIEWS[view]).order_by(posts.c.id.desc()).limit(limit)
        if seer is not None:
            query = query.where(~hidden_posts(seer))
        if before is not None:
            query = query.where(posts.c.id < before)
        if (found := grams.holding(text)) is not None:
            query = query.where(found)
        with self._database.read() as tx:
            return pairs(tx.execute(query).mappings())

    def count(self) -> int:
        """How many posts there are."""
        with self._database.read() as tx:
            return int(tx.scalar(select(func.count()).select_from(posts)) or 0)

    def first_day(self) -> date | None:
        """The day of the oldest post; None while there is none."""
        with self._database.read() as tx:
            oldest = tx.scalar(select(func.min(posts.c.said_at)))
        return oldest.date() if oldest else None

    def begun_on(self) -> date | None:
        """The day the desk began: when its first post was stored, whenever that was written; None before."""
        with self._database.read() as tx:
            first = tx.scalar(select(func.min(posts.c.stored_at)))
        return first.date() if first else None

    def _page(self, last: int, since: datetime | None) -> list[tuple[Post, Verdict | None]]:
        query = _both(outer=True).where(posts.c.id > last).order_by(posts.c.id).limit(PAGE)
        if since is not None:
            query = query.where(posts.c.said_at >= since)
        with self._database.read() as tx:
            return pairs(tx.execute(query).mappings())


def _both(outer: bool = False) -> Select[tuple[object, ...]]:
    """Posts with their verdicts; columns of both that share a name are the same thing."""
    extra = [column for column in verdicts.c if column.name != "judged_at"]
    return select(posts, *extra).select_from(
        posts.join(verdicts, verdicts.c.post_id == posts.c.id, isouter=outer)
    )


_POSTS = Kind("posts", posts.c.id, select(posts))
_VERDICTS = Kind("verdicts", posts.c.id, _both())


def save_verdict(tx: Connection, post_id: int, verdict: Verdict, now: datetime) -> None:
    """A verdict that came with its post, inside the transaction that stores both."""
    _save_verdicts(tx, {post_id: verdict}, now)


def _save_verdicts(tx: Connection, given: dict[int, Verdict], now: datetime) -> dict[int, Verdict]:
    """Save those whose post has none yet; returns what was saved."""
    taken: list[int] = []
    for batch in chunks(sorted(given)):
        free = update(posts).where(posts.c.id.in_(batch), posts.c.judged_at.is_(None)).values(judged_at=now)
        taken += tx.execute(free.returning(posts.c.id)).scalars()
    saved = {post_id: given[post_id] for post_id in sorted(taken)}
    rows = [verdict_columns(one) | {"post_id": key, "judged_at": now} for key, one in saved.items()]
    put_all(tx, verdicts, rows)
    set_expiry(tx, [post_id for post_id, one in saved.items() if not one.is_complaint], now + RAW_KEPT)
    set_expiry(tx, [post_id for post_id, one in saved.items() if one.is_complaint], None)
    return saved


def verdict_columns(verdict: Verdict) -> dict[str, Any]:
    """A verdict as the columns of its row, without its post and its day."""
    nested = {"places": [values(place) for place in verdict.places], "named": values(verdict.named)}
    return values(verdict) | nested | {"area": verdict.places[0].unit if verdict.places else ""}


def set_expiry(tx: Connection, post_ids: Sequence[int], expires: datetime | None) -> None:
    """When what these posts were read from is deleted; None = kept, as is whatever belongs to a case."""
    in_case = select(case_posts.c.post_id).where(case_posts.c.post_id == payloads.c.post_id).exists()
    where = () if expires is None else (~in_case,)
    for batch in chunks(post_ids):
        tx.execute(update(payloads).where(payloads.c.post_id.in_(batch), *where).values(expires_at=expires))
