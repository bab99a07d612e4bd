"""The grid's tree and the people on duty in it, as the last list named them."""

from __future__ import annotations

from sqlalchemy import Column
from sqlalchemy import Date
from sqlalchemy import Index
from sqlalchemy import Table

from huanyu.store.columns import Tuple
from huanyu.store.columns import Words
from huanyu.store.tables.shape import key
from huanyu.store.tables.shape import metadata
from huanyu.store.tables.shape import moment
from huanyu.store.tables.shape import number
from huanyu.store.tables.shape import text

grids = Table(
    "grids",
    metadata,
    key(),
    Column("code", Words, nullable=False, unique=True),
    text("parent"),
    number("level"),
    text("name"),
    Column("places", Tuple, nullable=False),
    text("unit"),
    Column("valid_from", Date),
    Column("valid_to", Date),
    moment("taken_at"),
)

grid_members = Table(
    "grid_members",
    metadata,
    key(),
    text("grid"),
    text("name"),
    text("role"),
    text("phone"),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Index("ix_grid_members_grid", "grid"),
)
