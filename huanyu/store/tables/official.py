"""Official papers of a case with their numbers, prints of it, and incidents (突发环境事件)."""

from __future__ import annotations

from sqlalchemy import Column
from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import Table
from sqlalchemy import UniqueConstraint

from huanyu.store.columns import Id
from huanyu.store.columns import Json
from huanyu.store.columns import Words
from huanyu.store.tables.shape import key
from huanyu.store.tables.shape import metadata
from huanyu.store.tables.shape import moment
from huanyu.store.tables.shape import number
from huanyu.store.tables.shape import once
from huanyu.store.tables.shape import ref
from huanyu.store.tables.shape import text

documents = Table(
    "documents",
    metadata,
    key(),
    text("kind"),  # forms.toml
    text("serial"),  # 聊环督〔2026〕1号; "" until it is issued
    number("year"),
    number("number"),  # 0 until it is issued
    ref("case_id", "cases.id", null=True),
    Column("about_id", Id, ForeignKey("documents.id"), nullable=True),  # the one it corrects
    text("unit"),
    text("title"),
    Column("fields", Json, nullable=False),
    text("state"),  # draft | signed | issued | void
    moment("made_at"),
    text("made_by"),
    moment("signed_at", null=True),
    text("signed_by"),
    moment("issued_at", null=True),
    text("docx"),  # SHA-256 in blobs
    text("pdf"),
    text("digest"),
    Column("incident_id", Id),  # 初报, 续报 …; no foreign key: a column cannot get one afterwards on SQLite
    Index("ix_documents_incident_id", "incident_id"),
    Index("ix_documents_case_id", "case_id"),
    Index("ix_documents_docx", "docx"),
    Index("ix_documents_pdf", "pdf"),
)
once("uq_documents_serial", [documents.c.serial], "serial != ''")
once("uq_documents_number", [documents.c.kind, documents.c.year, documents.c.number], "number > 0")

prints = Table(
    "prints",
    metadata,
    key(),
    ref("case_id", "cases.id"),
    ref("document_id", "documents.id", null=True),
    text("form"),  # full | redacted
    text("actor"),
    moment("at"),
    text("reason"),
    Column("mark", Words, nullable=False, unique=True),  # the code on every page
    Index("ix_prints_case_id", "case_id"),
)

incidents = Table(
    "incidents",
    metadata,
    key(),
    Column("number", Words, nullable=False, unique=True),
    text("title"),
    text("level"),
    text("why"),
    moment("began_at", null=True),
    moment("known_at"),
    text("actor"),  # who proposed it
    text("confirmed_by"),
    moment("confirmed_at", null=True),
    text("line"),  # 口径
    text("line_by"),
    moment("line_at", null=True),
    moment("closed_at", null=True),
)

incident_reports = Table(
    "incident_reports",
    metadata,
    key(),
    ref("incident_id", "incidents.id"),
    text("kind"),  # 初报 | 续报 | 处理结果报告
    number("number", 1),
    text("to_whom"),
    moment("due"),
    moment("sent_at", null=True),
    text("actor"),
    text("text"),  # as it was sent
    ref("document_id", "documents.id", null=True),
    UniqueConstraint("incident_id", "kind", "number"),
)
