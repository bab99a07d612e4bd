"""Official papers of a case: drafted, signed, issued under the next number of their kind and year, never changed again.

Changes are compare-and-set on the digest of what the caller saw. How a paper looks is the business of others.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import Select
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.media import PAPERS
from huanyu.store.audit import Trail
from huanyu.store.blob import keep_blob
from huanyu.store.casework import note_event
from huanyu.store.counters import hold
from huanyu.store.counters import next_number
from huanyu.store.rows import T
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.tables import assignments
from huanyu.store.tables import blobs
from huanyu.store.tables import cases
from huanyu.store.tables import counters
from huanyu.store.tables import documents
from huanyu.store.tables import extensions
from huanyu.types import Assignment
from huanyu.types import Document
from huanyu.types import Extension

DRAFT, SIGNED, ISSUED, VOID = "draft", "signed", "issued", "void"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDocument:
    """A paper on its way into the store."""

    kind: str
    title: str
    fields: Mapping[str, str]
    unit: str = ""
    about_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A paper that gets its number in the same write as what it tells of."""

    kind: str
    title: str
    fields: Mapping[str, str]
    serial: str
    year: int
    number: int
    signed_by: str
    files: Mapping[str, bytes]  #: pdf, docx


class Documents:
    """The register of papers."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def draft(self, case_id: int, new: NewDocument, actor: str, now: datetime) -> Document:
        """Put a draft beside a case; it has no number."""
        row = {
            "kind": new.kind,
            "serial": "",
            "year": 0,
            "number": 0,
            "case_id": case_id,
            "about_id": new.about_id,
            "unit": new.unit,
            "title": new.title,
            "fields": dict(new.fields),
            "state": DRAFT,
            "made_at": now,
            "made_by": actor,
            "signed_by": "",
            "docx": "",
            "pdf": "",
            "digest": digest(new.kind, new.fields),
        }
        with self._database.write() as tx:
            found = tx.execute(insert(documents).values(**row).returning(documents.c.id)).scalar_one()
            self._trail.record(
                tx, "document.draft", "document", [found], [new.kind, row["digest"]], actor, now
            )
            return _one(tx, found)

    def edit(
        self, seen: Document, title: str, fields: Mapping[str, str], actor: str, now: datetime
    ) -> Document:
        """Change a draft as the caller saw it; raises Conflict."""
        anew = {"title": title, "fields": dict(fields), "digest": digest(seen.kind, fields)}
        with self._database.write() as tx:
            _change(tx, seen, {DRAFT}, anew)
            self._trail.record(tx, "document.edit", "document", [seen.id], anew["digest"], actor, now)
            return _one(tx, seen.id)

    def sign(self, seen: Document, actor: str, now: datetime) -> Document:
        """签发 what the caller saw; raises Conflict."""
        with self._database.write() as tx:
            _change(tx, seen, {DRAFT}, {"state": SIGNED, "signed_by": actor, "signed_at": now})
            self._trail.record(tx, "document.sign", "document", [seen.id], seen.digest, actor, now)
            return _one(tx, seen.id)

    def upcoming(self, kind: str, year: int) -> int:
        """The number the next paper of a kind will have, unless somebody is quicker."""
        with self._database.read() as tx:
            last = tx.scalar(select(counters.c.last).where(counters.c.name == _counter(kind, year)))
        return (last or 0) + 1

    def issue(
        self,
        seen: Document,
        serial: str,
        year: int,
        number: int,
        files: Mapping[str, bytes],
        actor: str,
        now: datetime,
    ) -> Document:
        """File a signed paper under its number; raises Conflict when it changed or the number is taken."""
        with self._database.write() as tx:
            hold(tx, _counter(seen.kind, year))
            if next_number(tx, _counter(seen.kind, year)) != number:
                raise Conflict("这个文号刚被另一件用去, 请再印发一次", document=seen.id)
            hashes = {form: _kept(tx, body, form, now) for form, body in files.items()}
            anew = {"state": ISSUED, "serial": serial, "year": year, "number": number, "issued_at": now}
            _change(tx, seen, {SIGNED}, anew | hashes)
            _tell_case(tx, seen, "document", f"印发{seen.title}（{serial}）", actor, now)
            facts = [serial, seen.digest, hashes["docx"], hashes["pdf"]]
            self._trail.record(tx, "document.issue", "document", [seen.id], facts, actor, now)
            return _one(tx, seen.id)

    def void(self, seen: Document, reason: str, actor: str, now: datetime) -> Document:
        """作废; a number that was drawn stays drawn. Raises Conflict."""
        with self._database.write() as tx:
            _change(tx, seen, {DRAFT, SIGNED, ISSUED}, {"state": VOID})
            if seen.serial:
                _tell_case(tx, seen, "document_void", f"作废{seen.serial}：{reason}", actor, now)
            self._trail.record(tx, "document.void", "document", [seen.id], [seen.serial, reason], actor, now)
            return _one(tx, seen.id)

    def get(self, document_id: int) -> Document:
        """Raises NotFound."""
        with self._database.read() as tx:
            return _one(tx, document_id)

    def of_case(self, case_id: int) -> list[Document]:
        """The papers of a case, the latest first."""
        query = select(documents).where(documents.c.case_id == case_id).order_by(documents.c.id.desc())
        with self._database.read() as tx:
            return [noun(Document, row) for row in tx.execute(query).mappings()]

    def of_kind(self, kind: str, year: int) -> list[Document]:
        """What was issued of a kind in a year, by number, void ones too."""
        where = (documents.c.kind == kind, documents.c.year == year)
        query = select(documents).where(*where).order_by(documents.c.number)
        with self._database.read() as tx:
            return [noun(Document, row) for row in tx.execute(query).mappings()]

    def body(self, sha256: str) -> bytes:
        """The bytes as issued; raises NotFound."""
        with self._database.read() as tx:
            found = tx.scalar(select(blobs.c.body).where(blobs.c.sha256 == sha256))
        if found is None:
            raise NotFound("没有这个文件", sha256=sha256)
        return bytes(found)

    def latest_extension(self, case_id: int) -> Extension | None:
        """The last 延期 that was asked for."""
        return self._last(
            Extension, select(extensions).where(extensions.c.case_id == case_id), extensions.c.id
        )

    def latest_return(self, case_id: int) -> Assignment | None:
        """The last hand-over that came back."""
        back = (assignments.c.case_id == case_id, assignments.c.returned_at.is_not(None))
        return self._last(Assignment, select(assignments).where(*back), assignments.c.id)

    def _last(self, kind: type[T], query: Select[Any], order: ColumnElement[Any]) -> T | None:
        with self._database.read() as tx:
            row = tx.execute(query.order_by(order.desc()).limit(1)).mappings().first()
        return noun(kind, row) if row else None


def put_filed(tx: Connection, paper: Filed, incident_id: int | None, actor: str, now: datetime) -> int:
    """Keep a paper, of an incident or of the ledger (None), under its number; raises Conflict when that is taken."""
    hold(tx, _counter(paper.kind, paper.year))
    if next_number(tx, _counter(paper.kind, paper.year)) != paper.number:
        raise Conflict("这个文号刚被另一件用去, 请再试一次", incident=incident_id)
    row = {
        **{name: getattr(paper, name) for name in ("kind", "title", "serial", "year", "number", "signed_by")},
        **{form: _kept(tx, body, form, now) for form, body in paper.files.items()},
        **dict.fromkeys(("made_at", "issued_at"), now),
        "fields": dict(paper.fields),
        "digest": digest(paper.kind, paper.fields),
        "incident_id": incident_id,
        "state": ISSUED,
        "made_by": actor,
        "signed_at": now if paper.signed_by else None,
        "unit": "",
    }
    return int(tx.execute(insert(documents).values(**row).returning(documents.c.id)).scalar_one())


def digest(kind: str, fields: Mapping[str, str]) -> str:
    """What a signature stands for: the kind of the paper and every word in it."""
    told = json.dumps([kind, dict(fields)], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def _counter(kind: str, year: int) -> str:
    return f"document:{kind}:{year}"


def _kept(tx: Connection, body: bytes, form: str, now: datetime) -> str:
    found = hashlib.sha256(body).hexdigest()
    keep_blob(tx, found, body, PAPERS[form], now)
    return found


def _change(tx: Connection, seen: Document, states: set[str], values: Mapping[str, Any]) -> None:
    """Write to the paper as the caller saw it."""
    mine = (documents.c.id == seen.id, documents.c.digest == seen.digest, documents.c.state == seen.state)
    wanted = update(documents).where(*mine, documents.c.state.in_(sorted(states)))
    if not tx.execute(wanted.values(**values)).rowcount:
        raise Conflict("这份公文刚被他人改动过, 请刷新后再试", document=seen.id)


def _tell_case(tx: Connection, seen: Document, action: str, note: str, actor: str, now: datetime) -> None:
    state = tx.scalar(select(cases.c.state).where(cases.c.id == seen.case_id))
    if state is not None and seen.case_id is not None:
        note_event(tx, seen.case_id, state, action, note, actor, now)


def _one(tx: Connection, document_id: int) -> Document:
    row = tx.execute(select(documents).where(documents.c.id == document_id)).mappings().first()
    if row is None:
        raise NotFound("没有这份公文", document=document_id)
    return noun(Document, row)
