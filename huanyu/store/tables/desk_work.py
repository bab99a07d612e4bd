"""How people arrange their work: filters of lists that they saved, and who has which page before them just now."""

from __future__ import annotations

from sqlalchemy import Column
from sqlalchemy import ForeignKey
from sqlalchemy import Table
from sqlalchemy import UniqueConstraint

from huanyu.store.columns import Id
from huanyu.store.columns import Words
from huanyu.store.tables.shape import flag
from huanyu.store.tables.shape import key
from huanyu.store.tables.shape import metadata
from huanyu.store.tables.shape import moment
from huanyu.store.tables.shape import text

saved_filters = Table(
    "saved_filters",
    metadata,
    key(),
    text("owner"),
    text("name"),
    text("page"),  # posts | cases
    text("query"),
    flag("shared"),
    moment("at"),
    UniqueConstraint("owner", "page", "name"),
)

#: No record: a row is gone with the page it speaks of, at the latest minutes after its last sign of life.
presence = Table(
    "presence",
    metadata,
    Column("page", Words, primary_key=True),  # case-12 | message-34 | bulletin-daily/2026-03-05
    Column("user_id", Id, ForeignKey("users.id"), primary_key=True, autoincrement=False),
    flag("editing"),
    moment("opened_at"),
    moment("beat_at"),
)
