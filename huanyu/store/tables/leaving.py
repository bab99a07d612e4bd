"""What goes out: messages and bulletins."""

from __future__ import annotations

from sqlalchemy import Column
from sqlalchemy import Date
from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import LargeBinary
from sqlalchemy import Table
from sqlalchemy import UniqueConstraint
from sqlalchemy import literal_column

from huanyu.store.columns import Id
from huanyu.store.columns import Name
from huanyu.store.columns import Words
from huanyu.store.tables.shape import key
from huanyu.store.tables.shape import metadata
from huanyu.store.tables.shape import moment
from huanyu.store.tables.shape import number
from huanyu.store.tables.shape import ref
from huanyu.store.tables.shape import text
from huanyu.store.tables.shape import waiting
from huanyu.types import MessageState

outbox = Table(
    "outbox",
    metadata,
    key(),
    Column("key", Words, nullable=False, unique=True),
    Column("state", Name(MessageState), nullable=False),
    text("channel"),
    text("account"),
    text("purpose"),
    text("title"),
    text("text"),
    ref("case_id", "cases.id", null=True),
    number("round"),  # round of drafts, so that `after` means the same round
    text("reply_to"),
    text("recipient"),
    text("link"),
    text("after"),
    text("author"),
    moment("created_at"),
    moment("due_at"),
    number("attempts"),
    number("version", 1),
    text("reviewer"),
    Column("approved_version", Integer),
    text("override"),
    text("note"),
    moment("claimed_at", null=True),
    text("platform_id"),
    text("platform_url"),
    moment("sent_at", null=True),
    Index("ix_outbox_case_id", "case_id"),
)
APPROVED = outbox.c.state == literal_column("'approved'")
SENDING = outbox.c.state == literal_column("'sending'")
waiting("ix_outbox_approved", outbox.c.due_at, APPROVED)
waiting("ix_outbox_sending", outbox.c.claimed_at, SENDING)

outbox_texts = Table(
    "outbox_texts",
    metadata,
    Column("message_id", Id, ForeignKey("outbox.id"), primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    text("text"),
    text("author"),
    moment("at"),
)

bulletins = Table(
    "bulletins",
    metadata,
    key(),
    text("series"),
    Column("day", Date, nullable=False),
    Column("year", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    moment("reserved_at"),
    moment("issued_at", null=True),
    text("title"),
    text("audit_head"),
    text("content"),  # the Bulletin as JSON text, byte for byte as issued
    Column("html", LargeBinary),
    Column("docx", LargeBinary),
    Column("pdf", LargeBinary),
    UniqueConstraint("series", "day"),
    UniqueConstraint("series", "year", "number"),
    UniqueConstraint("series", "total"),
)
