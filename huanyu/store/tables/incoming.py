"""What came in: posts, their texts and payloads, what was made of them, what could not be read."""

from __future__ import annotations

from sqlalchemy import BigInteger
from sqlalchemy import Boolean
from sqlalchemy import Column
from sqlalchemy import Date
from sqlalchemy import Float
from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import LargeBinary
from sqlalchemy import Table
from sqlalchemy import UniqueConstraint
from sqlalchemy import and_
from sqlalchemy import true

from huanyu.store.columns import Id
from huanyu.store.columns import Json
from huanyu.store.columns import Name
from huanyu.store.columns import Tuple
from huanyu.store.columns import Words
from huanyu.store.tables.shape import flag
from huanyu.store.tables.shape import key
from huanyu.store.tables.shape import metadata
from huanyu.store.tables.shape import moment
from huanyu.store.tables.shape import number
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
    text("identity", late=True),  # RawPost.identity, or source/native_id
    text("link", late=True),
    Column("same_as", Id),  # the earliest post this one repeats: same link, or a repost of it
    text("same_why", late=True),  # link | repost
    moment("event_at", null=True),
    text("event_words", late=True),
    moment("compared_at", null=True),  # when reposts were looked for; only news waits for that
    moment("learned_at", null=True),  # when the bureau was told, where that was before we fetched it
    text("entered_by", late=True),  # the person who typed it in, "" for what a machine found
    text("ordered_to", late=True),  # the unit that a work order names, as it names it
    UniqueConstraint("source", "native_id"),
    Index("uq_posts_identity", "identity", unique=True),
    Index("ix_posts_link", "link"),
    Index("ix_posts_same_as", "same_as"),
    Index("ix_posts_source_stored_at", "source", "stored_at"),
)
waiting("ix_posts_without_verdict", posts.c.id, posts.c.judged_at.is_(None))
Index("ix_posts_said_at", posts.c.said_at)
waiting(
    "ix_posts_uncompared",
    posts.c.said_at,
    and_(posts.c.kind == SourceKind.NEWS, posts.c.compared_at.is_(None)),
)

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
    Column("body", LargeBinary, nullable=False),  # zlib, its beginning where it is too long to keep
    moment("expires_at", null=True),
    text("sha256", late=True),  # of all of it
    Index("ix_payloads_post_id", "post_id"),
)
waiting("ix_payloads_expiring", payloads.c.expires_at, payloads.c.expires_at.is_not(None))

sightings = Table(
    "sightings",
    metadata,
    key(),
    ref("post_id", "posts.id"),
    text("source"),
    moment("at"),
    UniqueConstraint("post_id", "source"),
    Index("ix_sightings_source_at", "source", "at"),
)

blobs = Table(
    "blobs",
    metadata,
    Column("sha256", Words, primary_key=True),
    text("media"),
    Column("size", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    moment("at"),
)

evidence = Table(
    "evidence",
    metadata,
    key(),
    ref("post_id", "posts.id"),
    text("url"),
    text("state"),  # wanted | kept | refused
    Column("sha256", Words, ForeignKey("blobs.sha256"), nullable=True),
    number("attempts"),
    moment("next_at", null=True),
    moment("at"),
    text("note"),
    UniqueConstraint("post_id", "url"),
    Index("ix_evidence_sha256", "sha256"),
)
waiting("ix_evidence_wanted", evidence.c.next_at, evidence.c.state == "wanted")

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
    text("callback", late=True),  # what reads the payload again, "" where only a new visit or import can
    Column("meta", Json, nullable=False, server_default="{}"),
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
    Column("named", Json, nullable=False, server_default="{}"),  # what the text names besides places
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
waiting("ix_verdicts_unsure", verdicts.c.post_id, verdicts.c.unsure == true())

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
    text("sentiment_before", late=True),  # "" in corrections from before these were asked
    text("sentiment", late=True),
    Column("urgent_before", Boolean, nullable=True),
    Column("urgent", Boolean, nullable=True),
    text("origin", late=True),  # "" a person found it by himself | doubt | sample
    flag("withdrawn", late=True),  # its author took it back at once: it teaches nothing
    Index("ix_corrections_post_id", "post_id"),
)

# Drawn at random from what the classifier called no complaint: what people say of them measures what it misses.
samples = Table(
    "samples",
    metadata,
    key(),
    Column("day", Date, nullable=False),
    Column("post_id", Id, ForeignKey("posts.id"), nullable=False, unique=True),
    text("stratum"),  # the band of probabilities it was drawn from
    number("population"),  # posts in that band that day
    number("drawn"),  # how many of them were drawn
    Column("complaint", Float, nullable=False),
    text("model"),
    moment("drawn_at"),
    moment("judged_at", null=True),
    text("actor"),
    text("type"),  # what a person called it, "" while nobody has
    Index("ix_samples_day", "day"),
)

# A person said that this post is not about that case: no machine joins them again.
separations = Table(
    "separations",
    metadata,
    key(),
    ref("post_id", "posts.id"),
    ref("case_id", "cases.id"),
    moment("at"),
    text("actor"),
    text("reason"),
    UniqueConstraint("post_id", "case_id"),
)
