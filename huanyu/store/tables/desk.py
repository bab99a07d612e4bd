"""The desk itself: its people, reporters' sealed identities, sources, switches, the audit trail."""

from __future__ import annotations

from sqlalchemy import Boolean
from sqlalchemy import CheckConstraint
from sqlalchemy import Column
from sqlalchemy import Date
from sqlalchemy import Float
from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import LargeBinary
from sqlalchemy import Table
from sqlalchemy import UniqueConstraint

from huanyu.store.columns import Json
from huanyu.store.columns import Words
from huanyu.store.tables.shape import flag
from huanyu.store.tables.shape import key
from huanyu.store.tables.shape import metadata
from huanyu.store.tables.shape import moment
from huanyu.store.tables.shape import number
from huanyu.store.tables.shape import ref
from huanyu.store.tables.shape import text

users = Table(
    "users",
    metadata,
    key(),
    Column("name", Words, nullable=False, unique=True),
    text("full_name"),
    text("role"),
    text("unit"),
    flag("active"),
    flag("must_change"),
    text("password_hash"),
    moment("created_at"),
    moment("last_login", null=True),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", Words, primary_key=True),
    ref("user_id", "users.id"),
    moment("started_at"),
    moment("expires_at"),
    moment("seen_at", null=True),
    text("device", late=True),
    text("address", late=True),
    flag("half", late=True),  # the password was right, the second factor is still asked for: opens nothing
    Index("ix_sessions_user_id", "user_id"),
)

identities = Table(
    "identities",
    metadata,
    key(),
    ref("case_id", "cases.id", null=True),
    ref("post_id", "posts.id", null=True),
    moment("at"),
    Column("sealed", LargeBinary, nullable=False),  # Fernet; nothing readable stands in this table
    CheckConstraint("(case_id IS NULL) <> (post_id IS NULL)", name="owner"),
    Index("ix_identities_case_id", "case_id"),
    Index("ix_identities_post_id", "post_id"),
)

identity_reads = Table(
    "identity_reads",
    metadata,
    key(),
    ref("case_id", "cases.id"),
    moment("at"),
    text("actor"),
    text("reason"),
    Index("ix_identity_reads_case_id", "case_id"),
)

source_states = Table(
    "source_states",
    metadata,
    Column("source", Words, primary_key=True),
    text("state"),
    moment("since"),
    text("sentence"),
    moment("last_ok", null=True),
    number("last_new"),
    Column("cursor", Json, nullable=False),
    moment("last_try", null=True),
    number("failures", late=True),
    number("interval", late=True),
    moment("next_at", null=True),
)

visits = Table(
    "visits",
    metadata,
    key(),
    text("source"),
    moment("at"),
    Column("seconds", Float, nullable=False),
    text("state"),
    text("sentence"),
    number("pages"),
    number("new"),
    number("seen"),
    number("changed"),
    number("rejects"),
    flag("finished"),
    Index("ix_visits_source_at", "source", "at"),
)

probes = Table(
    "probes",
    metadata,
    key(),
    text("source"),
    text("url"),
    text("link"),
    text("words"),
    moment("posted_at", null=True),
    moment("added_at"),
    text("added_by"),
    moment("retired_at", null=True),
)

probe_checks = Table(
    "probe_checks",
    metadata,
    key(),
    ref("probe_id", "probes.id"),
    Column("day", Date, nullable=False),
    ref("post_id", "posts.id", null=True),  # where the desk has it
    Column("readable", Boolean, nullable=True),  # whether its page could be read that day; NULL = not tried
    text("note"),
    UniqueConstraint("probe_id", "day"),
)

settings = Table(
    "settings",
    metadata,
    Column("name", Words, primary_key=True),
    text("value"),
    moment("at"),
)

audit_batches = Table(
    "audit_batches",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    moment("at"),
    Column("rows", Integer, nullable=False),
    text("previous"),
    text("head"),
)

audit = Table(
    "audit",
    metadata,
    key(),
    moment("at"),
    text("actor"),
    text("action"),
    text("noun"),
    Column("ids", Json, nullable=False),
    text("digest"),
    text("mac"),
    Column("batch", Integer, ForeignKey("audit_batches.number")),
    sqlite_autoincrement=True,  # the id of a removed last row is never given out again
)
Index("ix_audit_batch", audit.c.batch)  # lines of a batch, and those that wait for one

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("batches", Integer, nullable=False),
    text("head"),
    text("mac"),
)

key_check = Table(
    "key_check",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    text("digest"),
)
