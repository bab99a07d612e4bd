"""Pictures of complaints as they were found: asked for, kept once by their hash, and let go with what was no complaint.

Fetching them, and how large they may be, is the business of others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import Select
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import NotFound
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.blob import keep_blob
from huanyu.store.nouns import RawKept
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.session import insert_new
from huanyu.store.tables import blobs
from huanyu.store.tables import case_files
from huanyu.store.tables import case_posts
from huanyu.store.tables import documents
from huanyu.store.tables import evidence
from huanyu.store.tables import message_pictures
from huanyu.store.tables import payloads
from huanyu.store.tables import posts
from huanyu.store.tables import report_files
from huanyu.store.tables import verdicts
from huanyu.types import Evidence

WANTED, KEPT, REFUSED = "wanted", "kept", "refused"
IN_CASE = select(case_posts.c.post_id).where(case_posts.c.post_id == posts.c.id).exists()
ASKED = select(evidence.c.id).where(evidence.c.post_id == posts.c.id).exists()


class EvidenceRoom:
    """Every picture of a complaint, and what became of it."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def want(self, limit: int, now: datetime, actor: str = SYSTEM) -> int:
        """Ask for the pictures of up to `limit` complaints nobody has asked for; returns how many pictures."""
        unasked = _unasked().order_by(posts.c.id).limit(limit)
        with self._database.read() as tx:
            if tx.execute(unasked.limit(1)).first() is None:
                return 0  # nearly always, and SQLite's writers need not wait for a look at every post
        with self._database.write() as tx:
            # Locked: who adds pictures to one of them meanwhile comes after us, and sees that they were asked for.
            rows = tx.execute(unasked.with_for_update(of=posts)).all()
            if ids := sorted(found for row in rows for found in _ask(tx, row.id, row.images, now)):
                self._trail.record(tx, "evidence.want", "evidence", ids, len(ids), actor, now)
            return len(ids)

    def waiting(self, now: datetime) -> list[str]:
        """Sources with pictures to be fetched now, by key."""
        query = select(posts.c.source).join(evidence, evidence.c.post_id == posts.c.id).distinct()
        query = query.where(evidence.c.state == WANTED, evidence.c.next_at <= now)
        with self._database.read() as tx:
            return sorted(tx.execute(query).scalars())

    def due(self, now: datetime, limit: int, source: str | None = None) -> list[Evidence]:
        """Pictures to be fetched now, the longest waiting first; of one source, or of all."""
        query = _all().where(evidence.c.state == WANTED, evidence.c.next_at <= now)
        if source is not None:
            query = query.join(posts, posts.c.id == evidence.c.post_id).where(posts.c.source == source)
        return self._list(query.order_by(evidence.c.next_at, evidence.c.id).limit(limit))

    def keep(self, evidence_id: int, body: bytes, media: str, now: datetime, actor: str = SYSTEM) -> str:
        """Keep a picture, the same bytes once; returns their SHA-256. Only what is wanted is kept."""
        digest = hashlib.sha256(body).hexdigest()
        with self._database.write() as tx:
            if self._settle(tx, evidence_id, {"state": KEPT, "note": ""}, now):
                keep_blob(tx, digest, body, media, now)
                kept = update(evidence).where(evidence.c.id == evidence_id).values(sha256=digest)
                tx.execute(kept)
                self._trail.record(tx, "evidence.keep", "evidence", [evidence_id], digest, actor, now)
        return digest

    def fail(
        self, evidence_id: int, note: str, next_at: datetime, now: datetime, actor: str = SYSTEM
    ) -> None:
        """It could not be fetched this time: try again at `next_at`."""
        with self._database.write() as tx:
            if self._settle(tx, evidence_id, {"note": note, "next_at": next_at}, now):
                self._trail.record(tx, "evidence.fail", "evidence", [evidence_id], note, actor, now)

    def refuse(self, evidence_id: int, note: str, now: datetime, actor: str = SYSTEM) -> None:
        """It is not to be had, or not to be kept: too large, gone, no picture."""
        with self._database.write() as tx:
            if self._settle(tx, evidence_id, {"state": REFUSED, "note": note}, now):
                self._trail.record(tx, "evidence.refuse", "evidence", [evidence_id], note, actor, now)

    def _settle(self, tx: Connection, evidence_id: int, values: dict[str, Any], now: datetime) -> bool:
        """Write the outcome of one attempt; false where the picture is no longer wanted. Raises NotFound."""
        wanted = evidence.c.id == evidence_id, evidence.c.state == WANTED
        told = update(evidence).where(*wanted).values(attempts=evidence.c.attempts + 1, at=now, **values)
        if tx.execute(told).rowcount:
            return True
        if tx.scalar(select(evidence.c.id).where(evidence.c.id == evidence_id)) is None:
            raise NotFound("没有这份图片证据", evidence=evidence_id)
        return False

    def of_post(self, post_id: int) -> list[Evidence]:
        """The pictures of one post, in its order."""
        return self._list(_all().where(evidence.c.post_id == post_id).order_by(evidence.c.id))

    def of_case(self, case_id: int) -> list[Evidence]:
        """The pictures of all posts of one case."""
        query = _all().join(case_posts, case_posts.c.post_id == evidence.c.post_id)
        return self._list(query.where(case_posts.c.case_id == case_id).order_by(evidence.c.id))

    def of_blob(self, sha256: str) -> list[Evidence]:
        """Every picture of which these are the bytes."""
        return self._list(_all().where(evidence.c.sha256 == sha256).order_by(evidence.c.id))

    def blob(self, sha256: str) -> tuple[str, bytes]:
        """Media type and bytes; raises NotFound."""
        query = select(blobs.c.media, blobs.c.body).where(blobs.c.sha256 == sha256)
        with self._database.read() as tx:
            row = tx.execute(query).first()
        if row is None:
            raise NotFound("没有这份图片证据", sha256=sha256)
        return str(row.media), bytes(row.body)

    def raws(self, post_id: int) -> list[RawKept]:
        """What the post was read from each time its text was new, oldest first."""
        query = select(
            payloads.c.at, payloads.c.media, payloads.c.sha256, func.length(payloads.c.body).label("size")
        )
        query = query.where(payloads.c.post_id == post_id).order_by(payloads.c.id)
        with self._database.read() as tx:
            return [noun(RawKept, row) for row in tx.execute(query).mappings()]

    def _list(self, query: Select[Any]) -> list[Evidence]:
        with self._database.read() as tx:
            return [noun(Evidence, row) for row in tx.execute(query).mappings()]


def want_more(tx: Connection, post_id: int, urls: Sequence[str], now: datetime) -> list[int]:
    """Ask for pictures that a post got after its others were asked for; returns the numbers of the new ones."""
    if tx.execute(select(evidence.c.id).where(evidence.c.post_id == post_id).limit(1)).first() is None:
        return []
    return _ask(tx, post_id, urls, now)


def expire(tx: Connection, before: datetime) -> list[int]:
    """Let go of pictures of what has been known since `before` to be no complaint; returns their numbers."""
    gone = tx.execute(
        delete(evidence).where(no_complaint(evidence.c.post_id, before).exists()).returning(evidence.c.id)
    )
    ids = sorted(gone.scalars())
    if ids:
        drop_orphans(tx)
    return ids


def drop_orphans(tx: Connection) -> None:
    """Let go of bytes that nothing stands on any more."""
    used = select(evidence.c.id).where(evidence.c.sha256 == blobs.c.sha256).exists()
    sent = select(message_pictures.c.digest).where(message_pictures.c.digest == blobs.c.sha256).exists()
    tx.execute(delete(blobs).where(~used, ~sent, ~_kept_with_a_case()))


def _kept_with_a_case() -> ColumnElement[bool]:
    """What a unit brought back, official papers, and what citizens handed in lie beside the pictures."""
    brought = or_(case_files.c.sha256 == blobs.c.sha256, case_files.c.clean_sha256 == blobs.c.sha256)
    paper = or_(documents.c.docx == blobs.c.sha256, documents.c.pdf == blobs.c.sha256)
    told = or_(report_files.c.sha256 == blobs.c.sha256, report_files.c.clean_sha256 == blobs.c.sha256)
    return or_(
        select(case_files.c.id).where(brought).exists(),
        select(documents.c.id).where(paper).exists(),
        select(report_files.c.id).where(told).exists(),
    )


def _ask(tx: Connection, post_id: int, urls: Sequence[str], now: datetime) -> list[int]:
    """Want each picture; one that another worker has asked for meanwhile stays as it is."""
    asked = insert_new(tx, evidence).returning(evidence.c.id)
    told = {"post_id": post_id, "state": WANTED, "next_at": now, "at": now}
    return sorted(tx.execute(asked, [told | {"url": url} for url in dict.fromkeys(urls)]).scalars())


def no_complaint(post_id: ColumnElement[int], before: datetime) -> Select[Any]:
    """The verdict of a post that has been known since `before` to be no complaint, and belongs to no case."""
    since = func.coalesce(verdicts.c.corrected_at, verdicts.c.judged_at)
    judged: Sequence[ColumnElement[bool]] = (~verdicts.c.is_complaint, ~verdicts.c.unsure, since <= before)
    in_case = select(case_posts.c.post_id).where(case_posts.c.post_id == verdicts.c.post_id).exists()
    return select(verdicts.c.post_id).where(verdicts.c.post_id == post_id, *judged, ~in_case)


def _unasked() -> Select[Any]:
    """Complaints with pictures, and what else belongs to a case."""
    matters = posts.join(verdicts, verdicts.c.post_id == posts.c.id, isouter=True)
    query = select(posts.c.id, posts.c.images).select_from(matters)
    return query.where(or_(verdicts.c.is_complaint, IN_CASE), posts.c.images != (), ~ASKED)


def _all() -> Select[Any]:
    size = func.coalesce(blobs.c.size, 0).label("size")
    media = func.coalesce(blobs.c.media, "").label("media")
    return select(evidence, size, media).select_from(
        evidence.join(blobs, blobs.c.sha256 == evidence.c.sha256, isouter=True)
    )
