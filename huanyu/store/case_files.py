"""Files of a case: the original as it came, and the copy without metadata; each kept once by its hash.

What a file is, how large it may be and how it is cleaned is the business of others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.store.audit import Trail
from huanyu.store.blob import keep_blob
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.tables import blobs
from huanyu.store.tables import case_files
from huanyu.types import CaseFile

WRITTEN = "这段录音的文字刚被他人改过，请返回后复制您写的，刷新页面再存"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """A file on its way into the store."""

    name: str
    media: str
    kind: str  #: picture | pdf | sound | film
    body: bytes
    clean: bytes = b""  #: without metadata; none for what is no picture
    caption: str = ""
    credit: str = ""
    taken_at: datetime | None = None
    exif: Mapping[str, str] = field(default_factory=dict, hash=False)


class CaseFiles:
    """What was brought back from the spot, and papers that came in."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def add(self, case_id: int, files: Sequence[NewFile], actor: str, now: datetime) -> list[int]:
        """Keep the files; one whose bytes the case has already is not kept twice. Returns the new numbers."""
        with self._database.write() as tx:
            digests = put_files(tx, case_id, None, files, actor, now)
            if digests:
                self._trail.record(tx, "case.files", "case", [case_id], digests, actor, now)
            return [one.id for one in _of_case(tx, case_id) if one.sha256 in digests]

    def transcribe(self, file: CaseFile, said: str, actor: str, now: datetime) -> None:
        """Keep what is said in a recording; raises Conflict where somebody wrote it down since `file` was read."""
        change = update(case_files).where(
            case_files.c.id == file.id, case_files.c.transcript == file.transcript
        )
        with self._database.write() as tx:
            done = tx.execute(change.values(transcript=said, transcribed_by=actor, transcribed_at=now))
            if done.rowcount != 1:
                raise Conflict(WRITTEN, file=file.id)
            told = {"file": file.id, "sha256": file.sha256, "was": file.transcript, "is": said}
            self._trail.record(tx, "case.transcript", "case", [file.case_id], told, actor, now)

    def of_case(self, case_id: int) -> list[CaseFile]:
        """The files of a case, in the order they came."""
        with self._database.read() as tx:
            return _of_case(tx, case_id)

    def get(self, file_id: int) -> tuple[int, CaseFile]:
        """The case a file belongs to, and the file; raises NotFound."""
        with self._database.read() as tx:
            row = tx.execute(select(case_files).where(case_files.c.id == file_id)).mappings().first()
        if row is None:
            raise NotFound("没有这个文件", file=file_id)
        return int(row["case_id"]), noun(CaseFile, row)

    def body(self, sha256: str) -> bytes:
        """The bytes of a hash; raises NotFound."""
        with self._database.read() as tx:
            found = tx.scalar(select(blobs.c.body).where(blobs.c.sha256 == sha256))
        if found is None:
            raise NotFound("没有这个文件", sha256=sha256)
        return bytes(found)


def put_files(
    tx: Connection, case_id: int, result_id: int | None, files: Sequence[NewFile], actor: str, now: datetime
) -> list[str]:
    """Inside a transaction of somebody else: the files beside the case; returns the hashes that are new to it."""
    known = {one.sha256 for one in _of_case(tx, case_id)}
    kept: list[str] = []
    for one in files:
        digest = hashlib.sha256(one.body).hexdigest()
        if digest in known:
            continue
        known.add(digest)
        kept.append(digest)
        keep_blob(tx, digest, one.body, one.media, now)
        clean = hashlib.sha256(one.clean).hexdigest() if one.clean else ""
        if clean:
            keep_blob(tx, clean, one.clean, one.media, now)
        told = {
            name: getattr(one, name) for name in ("name", "media", "kind", "caption", "credit", "taken_at")
        }
        row = {"case_id": case_id, "result_id": result_id, "sha256": digest, "clean_sha256": clean}
        more = {"exif": dict(one.exif), "actor": actor, "at": now, "public": False}
        tx.execute(insert(case_files).values(**row, **told, **more))
    return kept


def _of_case(tx: Connection, case_id: int) -> list[CaseFile]:
    query = select(case_files).where(case_files.c.case_id == case_id).order_by(case_files.c.id)
    return [noun(CaseFile, row) for row in tx.execute(query).mappings()]
