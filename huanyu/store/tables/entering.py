"""What is on its way in by hand and by mail: forms that were begun, letters that were looked at."""

from __future__ import annotations

from sqlalchemy import Column
from sqlalchemy import Index
from sqlalchemy import LargeBinary
from sqlalchemy import Table
from sqlalchemy import UniqueConstraint

from huanyu.store.tables.shape import key
from huanyu.store.tables.shape import metadata
from huanyu.store.tables.shape import moment
from huanyu.store.tables.shape import ref
from huanyu.store.tables.shape import text

entry_drafts = Table(
    "entry_drafts",
    metadata,
    key(),
    text("token"),  # of the form: what is filed of it takes the draft away
    text("owner"),
    text("form"),
    Column("sealed", LargeBinary, nullable=False),  # who calls may stand in it
    moment("begun_at"),
    moment("saved_at"),
    UniqueConstraint("token"),
    Index("ix_entry_drafts_owner", "owner", "saved_at"),
)

letters = Table(
    "letters",
    metadata,
    key(),
    text("source"),
    text("mark"),  # keyed digest of the Message-ID: the same mail twice is one
    text("sender"),  # keyed digest: who it was stands sealed beside the post alone
    text("became"),
    text("why"),
    ref("case_id", "cases.id", null=True),
    ref("post_id", "posts.id", null=True),
    moment("at"),
    UniqueConstraint("mark"),
    Index("ix_letters_sender", "sender", "at"),
)
