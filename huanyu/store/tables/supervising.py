"""The ledger (整改台账): its lines, their history, signatures, lots, papers, and how leaders watch them.

A line is never deleted; a row that ends keeps its place.
"""

from __future__ import annotations

from sqlalchemy import Column
from sqlalchemy import Date
from sqlalchemy import Index
from sqlalchemy import Table
from sqlalchemy import UniqueConstraint

from huanyu.store.columns import Json
from huanyu.store.columns import Tuple
from huanyu.store.columns import Words
from huanyu.store.tables.shape import key
from huanyu.store.tables.shape import metadata
from huanyu.store.tables.shape import moment
from huanyu.store.tables.shape import number
from huanyu.store.tables.shape import once
from huanyu.store.tables.shape import ref
from huanyu.store.tables.shape import text

ledger_lines = Table(
    "ledger_lines",
    metadata,
    key(),
    Column("number", Words, nullable=False, unique=True),
    number("version", 1),
    text("state"),  # cases.ledger
    number("round", 1),
    text("title"),
    text("origin"),  # supervision.toml
    text("ground"),
    ref("case_id", "cases.id", null=True),
    text("enterprise"),
    text("area"),
    text("unit"),
    text("person"),
    text("goal"),
    text("measures"),
    Column("due", Date, nullable=False),
    moment("opened_at"),
    text("opened_by"),
    moment("moved_at"),
    moment("told_at"),
    text("progress"),
    Column("checked_on", Date),
    text("checked_by"),
    text("reviewed_by"),
    text("notice"),
    text("notice_by"),
    Column("notice_from", Date),
    Column("notice_to", Date),
    text("serial"),
    moment("cancelled_at", null=True),
    Index("ix_ledger_lines_case_id", "case_id"),
    Index("ix_ledger_lines_state_due", "state", "due"),
    Index("ix_ledger_lines_unit", "unit", "state"),
    Index("ix_ledger_lines_enterprise", "enterprise"),
)

ledger_steps = Table(
    "ledger_steps",
    metadata,
    key(),
    ref("line_id", "ledger_lines.id"),
    moment("at"),
    text("actor"),
    text("action"),
    text("state"),  # after it
    number("round", 1),
    text("note"),
    Column("facts", Json, nullable=False),
    Index("ix_ledger_steps_line_id", "line_id"),
    Index("ix_ledger_steps_at", "at"),
)

ledger_signatures = Table(
    "ledger_signatures",
    metadata,
    key(),
    ref("line_id", "ledger_lines.id"),
    number("round", 1),
    text("office"),  # 党委主要负责人
    text("name"),
    Column("signed_on", Date, nullable=False),
    text("recorded_by"),
    moment("recorded_at"),
    moment("dropped_at", null=True),  # the line was sent back to work
)
once(
    "uq_ledger_signatures_office",
    [ledger_signatures.c.line_id, ledger_signatures.c.office],
    "dropped_at IS NULL",
)
once(
    "uq_ledger_signatures_name",
    [ledger_signatures.c.line_id, ledger_signatures.c.name],
    "dropped_at IS NULL",
)

ledger_draws = Table(
    "ledger_draws",
    metadata,
    key(),
    moment("at"),
    text("actor"),
    text("seed"),
    number("percent"),
    number("least"),
    Column("pool", Tuple, nullable=False),
    Column("lots", Tuple, nullable=False),
)

ledger_papers = Table(
    "ledger_papers",
    metadata,
    key(),
    ref("line_id", "ledger_lines.id"),
    ref("document_id", "documents.id"),
    UniqueConstraint("document_id"),
    Index("ix_ledger_papers_line_id", "line_id"),
)

ledger_listings = Table(
    "ledger_listings",
    metadata,
    key(),
    ref("line_id", "ledger_lines.id"),
    text("grade"),  # supervision.toml
    text("serial"),
    text("reason"),
    Column("from_on", Date, nullable=False),
    Column("due", Date, nullable=False),
    text("actor"),
    ref("document_id", "documents.id", null=True),
    moment("ended_at", null=True),
    text("ended_why"),
)
once("uq_ledger_listings_open", [ledger_listings.c.line_id], "ended_at IS NULL")

ledger_charges = Table(
    "ledger_charges",
    metadata,
    key(),
    ref("line_id", "ledger_lines.id"),
    text("leader"),
    text("post"),
    Column("from_on", Date, nullable=False),
    Column("until_on", Date),
    text("actor"),
)
once("uq_ledger_charges_open", [ledger_charges.c.line_id], "until_on IS NULL")

ledger_visits = Table(
    "ledger_visits",
    metadata,
    key(),
    ref("charge_id", "ledger_charges.id"),
    Column("day", Date, nullable=False),
    text("note"),
    text("actor"),
    moment("at"),
    Index("ix_ledger_visits_charge_id", "charge_id"),
)
