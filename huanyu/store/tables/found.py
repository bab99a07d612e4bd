"""What the units found and brought back, and what the reporter was told and said."""

from __future__ import annotations

from sqlalchemy import Column
from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import Table

from huanyu.store.columns import Json
from huanyu.store.columns import Words
from huanyu.store.tables.shape import flag
from huanyu.store.tables.shape import key
from huanyu.store.tables.shape import metadata
from huanyu.store.tables.shape import moment
from huanyu.store.tables.shape import number
from huanyu.store.tables.shape import ref
from huanyu.store.tables.shape import text

measurements = Table(
    "measurements",
    metadata,
    key(),
    ref("result_id", "results.id"),
    text("item"),
    text("value"),  # as written in the report: "<0.05" is a value
    text("unit"),
    text("limit_value"),
    text("limit_source"),
    moment("at", null=True),
    text("point"),
    text("report_no"),
    flag("exceeded"),
    Index("ix_measurements_result_id", "result_id"),
)

case_files = Table(
    "case_files",
    metadata,
    key(),
    ref("case_id", "cases.id"),
    ref("result_id", "results.id", null=True),
    Column("sha256", Words, ForeignKey("blobs.sha256"), nullable=False),  # the original, which never leaves
    text("clean_sha256"),  # without metadata; only this one may be published
    text("name"),
    text("media"),
    text("kind"),
    text("caption"),
    text("credit"),
    moment("taken_at", null=True),
    Column("exif", Json, nullable=False, default=dict),  # stays inside
    text("actor"),
    moment("at"),
    flag("public"),
    text("transcript", late=True),  # of a recording: what is said in it, as a person wrote it down
    text("transcribed_by", late=True),
    moment("transcribed_at", null=True),
    Index("ix_case_files_case_id", "case_id"),
    Index("ix_case_files_sha256", "sha256"),
    Index("ix_case_files_clean_sha256", "clean_sha256"),
)
SAID = case_files.c.transcript != ""
Index("ix_case_files_transcribed", case_files.c.case_id, sqlite_where=SAID, postgresql_where=SAID)

contacts = Table(
    "contacts",
    metadata,
    key(),
    ref("case_id", "cases.id"),
    number("round", 1),
    moment("at"),
    text("actor"),
    text("way"),  # phone, group, letter …
    text("stage"),  # accepted, forwarded, result …
    text("told"),
    Index("ix_contacts_case_id", "case_id"),
)

follow_ups = Table(
    "follow_ups",
    metadata,
    key(),
    ref("case_id", "cases.id"),
    number("round", 1),
    moment("at"),
    text("actor"),
    text("way"),
    text("satisfied"),
    text("note"),
    Index("ix_follow_ups_case_id", "case_id"),
    Index("ix_follow_ups_at", "at"),
)
