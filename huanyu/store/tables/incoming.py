"""What came in: posts, their texts and payloads, what was made of them, what could not be read."""

from __future__ import annotations

from sqlalchemy import BigInteger
from sqlalchemy import Column
from sqlalchemy import Float
from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import LargeBinary
from sqlalchemy import Table
from sqlalchemy import UniqueConstraint
from sqlalchemy import and_

from huanyu.store.columns import Id
from huanyu.store.columns import Json
from huanyu.store.columns import Name
from huanyu.store.columns import Tuple
from huanyu.store.columns import Words
from huanyu.store.tables.shape import flag
from huanyu.store.tables.shape import key
from huanyu.store.tables.shape import metadata
from huanyu.store.tables.shape import moment
from huanyu.store.tables.shape import ref
from huanyu.store.tables.shape import text
from huanyu.store.tables.shape import waiting
from huanyu.types import PostType
from huanyu.types import Sentiment
from huanyu.types import SourceKind

posts = Table(
    "posts",
    metadata,
    key(),
    text("source"),
    Column("kind", Name(SourceKind), nullable=False),
    text("native_id"),
    text("url"),
    text("title"),
    text("text"),
    text("author"),
    text("author_id"),
    moment("posted_at", null=True),
    flag("year_inferred"),
    moment("said_at"),  # posted_at, or fetched_at where the platform gave none
    moment("fetched_at"),  # first seen
    moment("seen_at"),  # last seen
    moment("stored_at"),
    text("parent_id"),
    text("region"),
    Column("likes", BigInteger),
    Column("reposts", BigInteger),
    Column("comments", BigInteger),
    Column("views", BigInteger),
    Column("images", Tuple, nullable=False),
    flag("deleted"),
    moment("judged_at", null=True),
    UniqueConstraint("source", "native_id"),
)
waiting("ix_posts_without_verdict", posts.c.id, posts.c.judged_at.is_(None))
Index("ix_posts_said_at", posts.c.said_at)

post_versions = Table(
    "post_versions",
    metadata,
    key(),
    ref("post_id", "posts.id"),
    moment("at"),
    text("text"),
    Index("ix_post_versions_post_id", "post_id"),
)

payloads = Table(
    "payloads",
    metadata,
    key(),
    ref("post_id", "posts.id"),
    moment("at"),
    text("media"),
    Column("body", LargeBinary, nullable=False),  # zlib
    moment("expires_at", null=True),
    Index("ix_payloads_post_id", "post_id"),
)
waiting("ix_payloads_expiring", payloads.c.expires_at, payloads.c.expires_at.is_not(None))

rejects = Table(
    "rejects",
    metadata,
    key(),
    text("source"),
    Column("where", Words, nullable=False),
    text("reason"),
    Column("payload", LargeBinary, nullable=False),  # zlib, sealed
    moment("at"),
    text("digest"),  # the same bad item is kept once until somebody has looked at it
    moment("resolved_at", null=True),
    text("resolved_by"),
)
Index(
    "uq_rejects_open",
    rejects.c.digest,
    unique=True,
    sqlite_where=rejects.c.resolved_at.is_(None),
    postgresql_where=rejects.c.resolved_at.is_(None),
)

verdicts = Table(
    "verdicts",
    metadata,
    Column("post_id", Id, ForeignKey("posts.id"), primary_key=True, autoincrement=False),
    moment("judged_at"),
    Column("type", Name(PostType), nullable=False),
    Column("complaint", Float, nullable=False),
    Column("kinds", Tuple, nullable=False),
    Column("sentiment", Name(Sentiment), nullable=False),
    flag("urgent"),
    flag("unsure"),
    flag("is_complaint"),
    Column("places", Json, nullable=False),
    text("area"),  # unit of the best place, "" when unknown
    flag("out_of_town"),
    Column("signature", LargeBinary, nullable=False),
    Column("why", Tuple, nullable=False),
    text("tokens"),
    text("model"),
    moment("corrected_at", null=True),
    moment("planned_at", null=True),
    text("plan_action"),
    text("plan_reason"),
)
# What the classifier is not sure of waits for a person, whose correction clears `unsure`.
UNPLANNED = and_(verdicts.c.is_complaint, ~verdicts.c.unsure, verdicts.c.planned_at.is_(None))
waiting(
    "ix_verdicts_unplanned",
    verdicts.c.post_id,
    UNPLANNED,
)

corrections = Table(
    "corrections",
    metadata,
    key(),
    ref("post_id", "posts.id"),
    moment("at"),
    text("actor"),
    Column("type_before", Name(PostType), nullable=False),
    Column("kinds_before", Tuple, nullable=False),
    Column("type", Name(PostType), nullable=False),
    Column("kinds", Tuple, nullable=False),
    Index("ix_corrections_post_id", "post_id"),
)
