"""Around the outbox: who agreed at which step, standing rules, accounts, copies of what is out, what came back."""

from __future__ import annotations

from sqlalchemy import Column
from sqlalchemy import Date
from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import Table
from sqlalchemy import UniqueConstraint

from huanyu.store.columns import Id
from huanyu.store.columns import Tuple
from huanyu.store.columns import Words
from huanyu.store.tables.shape import key
from huanyu.store.tables.shape import metadata
from huanyu.store.tables.shape import moment
from huanyu.store.tables.shape import number
from huanyu.store.tables.shape import ref
from huanyu.store.tables.shape import text

# One person agrees once to one version, at one step; an edit makes a new version with no approval.
approvals = Table(
    "approvals",
    metadata,
    key(),
    ref("message_id", "outbox.id"),
    number("version"),
    text("step"),  # key of a step in review.toml
    text("actor"),
    text("role"),  # the person's when they agreed
    moment("at"),
    text("override"),
    text("account"),  # as shown to the person at the last step
    text("parent"),
    UniqueConstraint("message_id", "version", "step"),
    UniqueConstraint("message_id", "version", "actor"),
)

# Fixed texts that go out without a review of each: two people signed the text, its number a day is limited.
standing_rules = Table(
    "standing_rules",
    metadata,
    key(),
    text("name"),
    text("stage"),  # accepted | forwarded
    Column("accounts", Tuple, nullable=False),
    text("template"),
    number("per_day"),
    text("first"),
    moment("first_at"),
    text("second"),
    moment("second_at", null=True),
    moment("valid_until", null=True),
    text("revoked_by"),
    moment("revoked_at", null=True),
    text("reason"),
)

message_pictures = Table(
    "message_pictures",
    metadata,
    Column("message_id", Id, ForeignKey("outbox.id"), primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),  # 0, 1, … as shown
    text("digest"),  # of the blob
    text("name"),
    text("media"),
    text("caption"),
    text("credit"),
)

account_states = Table(
    "account_states",
    metadata,
    Column("account", Words, primary_key=True),
    text("state"),  # ok | expiring | revoked | quota | failing | idle
    text("note"),
    moment("token_expires_at", null=True),
    moment("last_ok", null=True),
    moment("last_failed", null=True),
    moment("last_published", null=True),
    moment("checked_at", null=True),
    moment("warned_at", null=True),
    moment("held_until", null=True),  # nothing leaves before: the platform asked for a pause
    text("held_for"),  # why, Chinese
    number("failures"),  # calls in a row that the platform did not take
    Column("followers", Integer),
    text("cursor"),  # how far the account's own timeline has been read
)

# What stands on an official account and is not in the outbox: somebody, or something, else wrote it.
strays = Table(
    "strays",
    metadata,
    key(),
    text("account"),
    text("platform_id"),
    text("text"),
    text("url"),
    moment("at", null=True),
    moment("seen_at"),
    text("settled_by"),
    moment("settled_at", null=True),
    text("note"),
    UniqueConstraint("account", "platform_id"),
)

published = Table(
    "published",
    metadata,
    Column("message_id", Id, ForeignKey("outbox.id"), primary_key=True, autoincrement=False),
    text("state"),  # waiting | live | changed | gone | unseen | corrected | withdrawn
    text("copy"),  # what the platform showed when it was first seen
    text("found"),  # what it showed last, where that differs
    moment("checked_at", null=True),
    moment("next_at", null=True),
    number("checks"),
    Column("comments", Integer),
    Column("reposts", Integer),
    Column("views", Integer),
    Index("ix_published_next_at", "next_at"),
)

responses = Table(
    "responses",
    metadata,
    key(),
    ref("message_id", "outbox.id"),
    ref("case_id", "cases.id", null=True),
    Column("post_id", Id),
    text("platform_id"),
    text("text"),
    text("mood"),  # positive | neutral | negative
    moment("at", null=True),
    moment("seen_at"),
    UniqueConstraint("message_id", "platform_id"),
    Index("ix_responses_case_id", "case_id"),
)

# A thread that a person has to take over: no text is composed for it by the program.
takeovers = Table(
    "takeovers",
    metadata,
    Column("case_id", Id, ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    text("reason"),
    moment("at"),
    text("taken_by"),
    moment("taken_at", null=True),
)

# 更正 and 撤回 under one running number a year; a number whose messages were all dropped stays in the register.
public_corrections = Table(
    "public_corrections",
    metadata,
    key(),
    Column("serial", Words, nullable=False, unique=True),  # 更正〔2026〕3号
    number("year"),
    number("number"),
    text("kind"),  # correction | withdrawal
    ref("about", "outbox.id"),  # the message it was asked for on
    ref("case_id", "cases.id", null=True),
    text("wrong"),
    text("right"),
    text("reason"),
    text("actor"),
    moment("at"),
    UniqueConstraint("year", "number"),
)

# How many followed an account on a day.
account_days = Table(
    "account_days",
    metadata,
    Column("account", Words, primary_key=True),
    Column("day", Date, primary_key=True),
    number("followers"),
)
