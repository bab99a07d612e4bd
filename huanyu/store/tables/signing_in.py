"""Signing in: second factors, their recovery codes, and what a person has to be told of their account."""

from __future__ import annotations

from sqlalchemy import BigInteger
from sqlalchemy import Column
from sqlalchemy import ForeignKey
from sqlalchemy import LargeBinary
from sqlalchemy import Table
from sqlalchemy import UniqueConstraint

from huanyu.store.columns import Id
from huanyu.store.tables.shape import key
from huanyu.store.tables.shape import metadata
from huanyu.store.tables.shape import moment
from huanyu.store.tables.shape import ref
from huanyu.store.tables.shape import text
from huanyu.store.tables.shape import waiting

second_factors = Table(
    "second_factors",
    metadata,
    Column("user_id", Id, ForeignKey("users.id"), primary_key=True, autoincrement=False),
    Column("sealed", LargeBinary, nullable=False),  # Fernet, under the key of the store
    moment("made_at"),
    moment("confirmed_at", null=True),
    Column(
        "last_step", BigInteger, nullable=False
    ),  # of RFC 6238; a code of it or of one before opens nothing
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    key(),
    ref("user_id", "users.id"),
    text("digest"),  # keyed; the code itself is kept nowhere
    moment("used_at", null=True),
    UniqueConstraint("user_id", "digest"),
)

account_news = Table(
    "account_news",
    metadata,
    key(),
    ref("user_id", "users.id"),
    moment("at"),
    text("kind"),
    text("actor"),
    moment("seen_at", null=True),
)
waiting("ix_account_news_unseen", account_news.c.user_id, account_news.c.seen_at.is_(None))
