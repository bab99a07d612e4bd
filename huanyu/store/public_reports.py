"""Reports by the public pages: post, sealed reporter, files and number in one transaction; what is said of the answer.

What a report must have, who may look it up and when an answer may be rated is decided by others.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection
from sqlalchemy import and_
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import update

from huanyu.clock import local
from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.store import casework
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.blob import keep_blob
from huanyu.store.case_files import NewFile
from huanyu.store.caseload import load_case
from huanyu.store.counters import next_number
from huanyu.store.evidence import KEPT
from huanyu.store.evidence import drop_orphans
from huanyu.store.evidence import no_complaint
from huanyu.store.keys import Keys
from huanyu.store.outgoing import put
from huanyu.store.posts import Posts
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.session import insert_new
from huanyu.store.states import ANSWERED
from huanyu.store.states import PENDING
from huanyu.store.states import VISITED
from huanyu.store.tables import evidence
from huanyu.store.tables import follow_ups
from huanyu.store.tables import posts
from huanyu.store.tables import public_reports
from huanyu.store.tables import report_files
from huanyu.store.tables import verdicts
from huanyu.types import Alarm
from huanyu.types import Case
from huanyu.types import MessageState
from huanyu.types import PublicReport
from huanyu.types import Rating
from huanyu.types import RawPost
from huanyu.types import ReportFile

ACTOR: Final = "反映人"  #: in the audit trail: nobody who has a log-in
SOURCE: Final = "网页举报"  #: under which their posts stand
PREFIX: Final = "SP"
WAY: Final = "网上"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReport:
    """A report on its way into the store."""

    raw: RawPost
    identity: str  #: JSON, "" where nobody is named
    code: str  #: only its digest is kept
    kind: str = ""
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    accuracy: float | None = None
    words: str = ""  #: what was told, by which it is known again
    files: Sequence[NewFile] = ()


class PublicReports:
    """随手拍: what citizens hand in, look up and rate."""

    def __init__(self, database: Database, trail: Trail, keys: Keys, posts_: Posts) -> None:
        self._database = database
        self._trail = trail
        self._keys = keys
        self._posts = posts_

    def enter(self, new: NewReport, now: datetime) -> PublicReport:
        """Keep the report; the same form sent twice is found again."""
        with self._database.write() as tx:
            reporters = {new.raw.native_id: new.identity} if new.identity else {}
            added = self._posts.put(tx, [new.raw], reporters, ACTOR, now)
            if not added.new:
                return _of_form(tx, new.raw)
            number = _next(tx, now)
            row = {
                name: getattr(new, name) for name in ("kind", "place", "latitude", "longitude", "accuracy")
            }
            row |= {"number": number, "post_id": added.new[0], "at": now, "contact": bool(new.identity)}
            row |= {"code_hash": self._hash(number, new.code), "digest": self._digest(new.words)}
            statement = insert(public_reports).values(**row).returning(public_reports.c.id)
            report_id = int(tx.execute(statement).scalar_one())
            digests = _put_files(tx, report_id, added.new[0], new.files, now)
            self._trail.record(tx, "report.enter", "report", [report_id], [number, digests], ACTOR, now)
            return _one(tx, report_id)

    def vouch(
        self, post_id: int, code: str, contact: bool, actor: str, now: datetime, number: str = ""
    ) -> PublicReport:
        """A number and a code for an item that came otherwise, so that who told it may look it up; once for each post.

        `number`: the one that was given out already, where there is one.
        """
        with self._database.write() as tx:
            query = select(public_reports).where(public_reports.c.post_id == post_id)
            if (row := tx.execute(query).mappings().first()) is not None:
                return noun(PublicReport, row)
            number = number or _next(tx, now)
            made = {"number": number, "post_id": post_id, "at": now, "contact": contact}
            made |= {"code_hash": self._hash(number, code), "digest": self._digest(f"post:{post_id}")}
            new = insert(public_reports).values(**made).returning(public_reports.c.id)
            report_id = int(tx.execute(new).scalar_one())
            self._trail.record(tx, "report.vouch", "report", [report_id], [number, post_id], actor, now)
            return _one(tx, report_id)

    def known(self, source: str, native_id: str) -> PublicReport | None:
        """The report that was made of this form; None where none was."""
        query = select(public_reports).join(posts, posts.c.id == public_reports.c.post_id)
        query = query.where(posts.c.source == source, posts.c.native_id == native_id)
        with self._database.read() as tx:
            row = tx.execute(query).mappings().first()
        return None if row is None else noun(PublicReport, row)

    def find(self, number: str, code: str) -> PublicReport | None:
        """The report of this number, if the code is its own; a wrong code and a strange number take as long."""
        with self._database.read() as tx:
            query = select(public_reports).where(public_reports.c.number == number)
            row = tx.execute(query).mappings().first()
        kept = row["code_hash"] if row is not None else self._hash("", "")
        right = hmac.compare_digest(kept, self._hash(number, code))
        return noun(PublicReport, row) if row is not None and right else None

    def told_before(self, words: str, since: datetime) -> bool:
        """Whether a report of the very same words came in since then."""
        mine = (public_reports.c.digest == self._digest(words), public_reports.c.at >= since)
        with self._database.read() as tx:
            return tx.scalar(select(public_reports.c.id).where(*mine).limit(1)) is not None

    def waiting(self) -> int:
        """How many reports nobody has understood yet, neither the program nor a person."""
        query = select(func.count()).select_from(public_reports)
        query = query.outerjoin(verdicts, verdicts.c.post_id == public_reports.c.post_id)
        query = query.where(or_(verdicts.c.post_id.is_(None), verdicts.c.unsure))
        with self._database.read() as tx:
            return int(tx.scalar(query) or 0)

    def of_post(self, post_id: int) -> PublicReport | None:
        """The report a post came with; None for any other post."""
        query = select(public_reports).where(public_reports.c.post_id == post_id)
        with self._database.read() as tx:
            row = tx.execute(query).mappings().first()
        return None if row is None else noun(PublicReport, row)

    def files(self, report_id: int) -> list[ReportFile]:
        """What came with a report, in its order."""
        query = select(report_files).where(report_files.c.report_id == report_id).order_by(report_files.c.id)
        with self._database.read() as tx:
            return [noun(ReportFile, row) for row in tx.execute(query).mappings()]

    def beside(self, post_ids: Sequence[int]) -> dict[int, tuple[bool, int]]:
        """By post: whether a position came with its report, and how many recordings; posts without either are left out."""
        mine = and_(report_files.c.report_id == public_reports.c.id, report_files.c.kind == "sound")
        told = (public_reports.c.post_id, public_reports.c.latitude)
        query = select(*told, func.count(report_files.c.id)).outerjoin(report_files, mine)
        query = query.where(public_reports.c.post_id.in_(post_ids)).group_by(*told)
        with self._database.read() as tx:
            rows = tx.execute(query).all()
        return {int(post): (north is not None, int(n)) for post, north, n in rows if north is not None or n}

    def expire(self, before: datetime, now: datetime) -> int:
        """Let go of what came with reports known since `before` to be no complaint; returns how many files.

        The line in the audit trail holds the reports and, digested, which bytes are gone.
        """
        with self._database.write() as tx:
            mine = public_reports.c.id == report_files.c.report_id
            known = select(public_reports.c.id).where(
                mine, no_complaint(public_reports.c.post_id, before).exists()
            )
            gone = delete(report_files).where(known.exists())
            rows = tx.execute(gone.returning(report_files.c.report_id, report_files.c.sha256)).all()
            if rows:
                drop_orphans(tx)
                reports = sorted({int(row.report_id) for row in rows})
                digests = sorted(row.sha256 for row in rows)
                self._trail.record(tx, "report.expire", "report", reports, digests, SYSTEM, now)
            return len(rows)

    def rate(
        self, report: PublicReport, case: Case, rating: Rating, mail: Alarm | None, now: datetime
    ) -> Case:
        """What the citizen says of this round's answer, once; who is unhappy with a reason sets it going again."""
        with self._database.write() as tx:
            mine = (public_reports.c.id == report.id, public_reports.c.rated_round < case.round)
            told = {"rated_at": now, "rated_round": case.round, "satisfied": rating.satisfied}
            if not tx.execute(update(public_reports).where(*mine).values(**told)).rowcount:
                raise Conflict("这次答复您已经评价过", report=report.number)
            _follow_up(tx, case, rating, now)
            if rating.reopens:
                again = load_case(tx, case.id)
                why = f"反映人网上评价不满意：{rating.note}"
                casework.advance(tx, again, PENDING, "reopened", why, ACTOR, now, learned_at=now)
                self._trail.record(tx, "case.reopen", "case", [case.id], [why], ACTOR, now)
            if mail is not None:
                put(tx, mail.draft, mail.key, MessageState.APPROVED, SYSTEM, now)
            facts = [case.id, case.round, rating.satisfied, rating.note]
            self._trail.record(tx, "report.rate", "report", [report.id], facts, ACTOR, now)
            return load_case(tx, case.id)

    def _hash(self, number: str, code: str) -> str:
        return self._keys.digest("report code", number, code)

    def _digest(self, words: str) -> str:
        return self._keys.digest("report words", words)


def _next(tx: Connection, now: datetime) -> str:
    year = local(now).year
    return f"{PREFIX}{year}-{next_number(tx, f'report:{year}'):06d}"


def _follow_up(tx: Connection, case: Case, rating: Rating, now: datetime) -> None:
    """The rating is a 回访 that the citizen made of himself."""
    told = f"反映人网上评价：{rating.satisfied}{f'；{rating.note}' if rating.note else ''}"
    if case.state == ANSWERED:
        casework.advance(tx, case, VISITED, "visited", told, ACTOR, now, satisfied=rating.satisfied)
    else:
        casework.note_event(tx, case.id, case.state, "visited", told, ACTOR, now)
    row = {"case_id": case.id, "round": case.round, "at": now, "actor": ACTOR, "way": WAY}
    tx.execute(insert(follow_ups).values(**row, satisfied=rating.satisfied, note=rating.note))


def _put_files(
    tx: Connection, report_id: int, post_id: int, files: Sequence[NewFile], now: datetime
) -> list[str]:
    """The files as they came beside the report; a photo without its metadata becomes a picture of the post."""
    kept: list[str] = []
    for one in files:
        digest = hashlib.sha256(one.body).hexdigest()
        if digest in kept:
            continue
        kept.append(digest)
        keep_blob(tx, digest, one.body, one.media, now)
        clean = hashlib.sha256(one.clean).hexdigest() if one.clean else ""
        if clean:
            keep_blob(tx, clean, one.clean, one.media, now)
            shown = {"post_id": post_id, "url": f"report:{len(kept)}", "state": KEPT, "sha256": clean}
            tx.execute(insert_new(tx, evidence).values(**shown, at=now))
        told = {name: getattr(one, name) for name in ("name", "media", "kind", "taken_at")}
        row = {"report_id": report_id, "sha256": digest, "clean_sha256": clean, "exif": dict(one.exif)}
        tx.execute(insert(report_files).values(**row, **told))
    return kept


def _of_form(tx: Connection, raw: RawPost) -> PublicReport:
    query = select(public_reports).join(posts, posts.c.id == public_reports.c.post_id)
    query = query.where(posts.c.source == raw.source, posts.c.native_id == raw.native_id)
    row = tx.execute(query).mappings().first()
    if row is None:
        raise NotFound("没有这件举报", form=raw.native_id)
    return noun(PublicReport, row)


def _one(tx: Connection, report_id: int) -> PublicReport:
    query = select(public_reports).where(public_reports.c.id == report_id)
    return noun(PublicReport, tx.execute(query).mappings().one())
