"""How the desk itself is kept: its backups, restores, and the heartbeat of whoever works at it."""

from __future__ import annotations

from sqlalchemy import BigInteger
from sqlalchemy import Column
from sqlalchemy import Index
from sqlalchemy import Table
from sqlalchemy import desc

from huanyu.store.columns import Json
from huanyu.store.columns import Words
from huanyu.store.tables.shape import key
from huanyu.store.tables.shape import metadata
from huanyu.store.tables.shape import moment
from huanyu.store.tables.shape import number
from huanyu.store.tables.shape import text

backups = Table(
    "backups",
    metadata,
    key(),
    Column("key", Words, nullable=False, unique=True),  # daily/2026-11-22/1 | manual/…: one process takes it
    text("state"),  # running | done | failed
    moment("begun_at"),
    moment("ended_at", null=True),
    text("actor"),
    text("path"),
    Column("size", BigInteger, nullable=False, default=0),
    text("sha256"),  # of the file as it lies there
    text("head"),  # of the audit trail inside
    number("rows"),
    moment("verified_at", null=True),
    moment("dropped_at", null=True),  # the file was thinned out
    text("note"),
)
Index("ix_backups_begun_at", desc(backups.c.begun_at))

#: A desk that stands on a backup: what it may have sent between the two moments is in no row of it.
restores = Table(
    "restores",
    metadata,
    key(),
    moment("taken_at"),
    moment("restored_at"),
    text("head"),
    number("held"),  # messages that waited or were on their way
    moment("ended_at", null=True),  # a person has looked: from here on nothing is held for it any more
    text("ended_by"),
)

#: No record: the last sign of life of each process that works.
beats = Table(
    "beats",
    metadata,
    Column("worker", Words, primary_key=True),
    moment("at"),
    Column("steps", Json, nullable=False),  # step -> [runs, seconds, failures] since the process began
)
