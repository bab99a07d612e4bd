"""Batches of 督察信访件 and what they say of each letter; how a letter is handled stands in its case."""

from __future__ import annotations

from sqlalchemy import Column
from sqlalchemy import Date
from sqlalchemy import Index
from sqlalchemy import Table
from sqlalchemy import UniqueConstraint

from huanyu.store.columns import Tuple
from huanyu.store.columns import Words
from huanyu.store.tables.shape import flag
from huanyu.store.tables.shape import key
from huanyu.store.tables.shape import metadata
from huanyu.store.tables.shape import moment
from huanyu.store.tables.shape import number
from huanyu.store.tables.shape import ref
from huanyu.store.tables.shape import text

inspection_batches = Table(
    "inspection_batches",
    metadata,
    key(),
    text("campaign"),  # supervision.toml
    text("level"),
    number("number"),
    text("team"),
    Column("received_on", Date, nullable=False),
    Column("due", Date, nullable=False),
    number("told_items"),
    number("told_focus"),
    text("made_by"),
    moment("made_at"),
    UniqueConstraint("campaign", "level", "number"),
)

inspection_items = Table(
    "inspection_items",
    metadata,
    key(),
    ref("batch_id", "inspection_batches.id"),
    number("place"),
    Column("number", Words, nullable=False, unique=True),
    flag("focus"),
    text("problem"),
    Column("areas", Tuple, nullable=False),
    Column("matters", Tuple, nullable=False),
    Column("units", Tuple, nullable=False),
    ref("case_id", "cases.id"),
    text("accountable"),
    number("version", 1),
    Index("ix_inspection_items_batch_id", "batch_id"),
    Index("ix_inspection_items_case_id", "case_id"),
)
