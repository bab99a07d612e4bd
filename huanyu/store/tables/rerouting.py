"""改派建议: another unit that the rules name for a case somebody has in hand already; a person decides."""

from __future__ import annotations

from sqlalchemy import Column
from sqlalchemy import Index
from sqlalchemy import Table

from huanyu.store.columns import Tuple
from huanyu.store.tables.shape import key
from huanyu.store.tables.shape import metadata
from huanyu.store.tables.shape import moment
from huanyu.store.tables.shape import number
from huanyu.store.tables.shape import once
from huanyu.store.tables.shape import ref
from huanyu.store.tables.shape import text

reroutes = Table(
    "reroutes",
    metadata,
    key(),
    ref("case_id", "cases.id"),
    number("round", 1),
    moment("at"),
    text("because"),  # what has changed
    text("unit"),  # "" where no rule fits any longer
    text("department"),
    Column("assist", Tuple, nullable=False),
    text("rule"),
    text("why"),
    moment("decided_at", null=True),
    text("decided_by"),
    text("decision"),  # accepted | refused | dropped
    text("note"),
    Index("ix_reroutes_case_id", "case_id"),
)
once("uq_reroutes_open", [reroutes.c.case_id], "decided_at IS NULL")
