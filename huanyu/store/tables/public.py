"""Reports by the public pages: their numbers, where their post is, their files, what was said of the answer."""

from __future__ import annotations

from sqlalchemy import Column
from sqlalchemy import Float
from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import Table

from huanyu.store.columns import Id
from huanyu.store.columns import Json
from huanyu.store.columns import Words
from huanyu.store.tables.shape import flag
from huanyu.store.tables.shape import key
from huanyu.store.tables.shape import metadata
from huanyu.store.tables.shape import moment
from huanyu.store.tables.shape import number
from huanyu.store.tables.shape import ref
from huanyu.store.tables.shape import text

public_reports = Table(
    "public_reports",
    metadata,
    key(),
    Column("number", Words, nullable=False, unique=True),
    text("code_hash"),
    Column("post_id", Id, ForeignKey("posts.id"), nullable=False, unique=True),
    moment("at"),
    text("kind"),
    text("place"),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("accuracy", Float),
    flag("contact"),
    text("digest"),  # keyed, of the words: told twice they are one report
    moment("rated_at", null=True),
    number("rated_round"),
    text("satisfied"),
    Index("ix_public_reports_digest", "digest", "at"),
)

report_files = Table(
    "report_files",
    metadata,
    key(),
    ref("report_id", "public_reports.id"),
    Column("sha256", Words, ForeignKey("blobs.sha256"), nullable=False),
    text("clean_sha256"),
    text("name"),
    text("media"),
    text("kind"),
    moment("taken_at", null=True),
    Column("exif", Json, nullable=False, default=dict),
    Index("ix_report_files_report_id", "report_id"),
    Index("ix_report_files_sha256", "sha256"),
    Index("ix_report_files_clean_sha256", "clean_sha256"),
)
