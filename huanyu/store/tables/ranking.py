"""Tables handed in for rankings, rankings as they were told, and who was talked to or held to account."""

from __future__ import annotations

from sqlalchemy import Boolean
from sqlalchemy import Column
from sqlalchemy import Date
from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import Table

from huanyu.store.columns import Id
from huanyu.store.columns import Json
from huanyu.store.tables.shape import key
from huanyu.store.tables.shape import metadata
from huanyu.store.tables.shape import moment
from huanyu.store.tables.shape import number
from huanyu.store.tables.shape import ref
from huanyu.store.tables.shape import text

ranking_sheets = Table(
    "ranking_sheets",
    metadata,
    key(),
    text("ranking"),  # rankings.toml
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    text("name"),
    Column("rows", Json, nullable=False),
    number("left"),
    text("taken_by"),
    moment("taken_at"),
    Index("ix_ranking_sheets_first", "ranking", "first"),
)

rankings = Table(
    "rankings",
    metadata,
    key(),
    text("ranking"),  # rankings.toml
    text("span"),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    text("state"),  # proposed | issued | void
    text("title"),
    Column("content", Json, nullable=False),
    Column("open_to_all", Boolean, nullable=False),
    Column("corrects_id", Id, ForeignKey("rankings.id"), nullable=True),
    text("why"),
    moment("as_of"),
    text("made_by"),
    moment("made_at"),
    text("signed_by"),
    moment("issued_at", null=True),
    ref("document_id", "documents.id", null=True),
    number("version", 1),
    Index("ix_rankings_first", "ranking", "first"),
)

interviews = Table(
    "interviews",
    metadata,
    key(),
    text("state"),  # proposed | issued | held | cancelled
    ref("ranking_id", "rankings.id", null=True),
    ref("line_id", "ledger_lines.id", null=True),
    text("area"),
    text("subject"),
    text("asked"),
    number("people"),
    text("reason"),
    moment("at"),
    text("venue"),
    text("host"),
    text("serial"),
    ref("document_id", "documents.id", null=True),
    text("signed_by"),
    moment("issued_at", null=True),
    Column("held_on", Date),
    number("came"),
    text("minutes"),
    text("why"),
    text("made_by"),
    moment("made_at"),
    number("version", 1),
)

sanctions = Table(
    "sanctions",
    metadata,
    key(),
    ref("ranking_id", "rankings.id", null=True),
    ref("line_id", "ledger_lines.id", null=True),
    Column("decided_on", Date, nullable=False),
    text("area"),
    text("subject"),
    text("measure"),
    number("people"),
    text("ground"),
    text("struck"),
    text("made_by"),
    moment("made_at"),
)
