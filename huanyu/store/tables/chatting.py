"""Chat platforms: what people say to our accounts until it is an item, and the chats of colleagues with our bot."""

from __future__ import annotations

from sqlalchemy import BigInteger
from sqlalchemy import Column
from sqlalchemy import Index
from sqlalchemy import LargeBinary
from sqlalchemy import Table
from sqlalchemy import UniqueConstraint

from huanyu.store.tables.shape import key
from huanyu.store.tables.shape import metadata
from huanyu.store.tables.shape import moment
from huanyu.store.tables.shape import number
from huanyu.store.tables.shape import once
from huanyu.store.tables.shape import ref
from huanyu.store.tables.shape import text
from huanyu.store.tables.shape import waiting

talks = Table(
    "talks",
    metadata,
    key(),
    text("platform"),
    text("account"),
    text("sender"),  # keyed digest: who it was stands sealed beside the post alone
    moment("begun_at"),
    moment("last_at"),
    moment("look_at", null=True),
    number("tries"),
    ref("case_id", "cases.id", null=True),
    ref("post_id", "posts.id", null=True),
)
waiting("ix_talks_waiting", talks.c.look_at, talks.c.look_at.is_not(None))
once("uq_talks_open", [talks.c.account, talks.c.sender], "look_at IS NOT NULL")

talk_messages = Table(
    "talk_messages",
    metadata,
    key(),
    ref("talk_id", "talks.id", null=True),
    text("account"),
    text("sender"),
    text("mark"),
    text("once"),
    text("kind"),
    Column("sealed", LargeBinary, nullable=True),  # gone once the item is there
    moment("at"),
    UniqueConstraint("account", "mark"),
    Index("ix_talk_messages_sender", "account", "sender", "at"),
    Index("ix_talk_messages_talk_id", "talk_id"),
)
once("uq_talk_messages_once", [talk_messages.c.account, talk_messages.c.once], "once <> ''")

chats = Table(
    "chats",
    metadata,
    key(),
    ref("user_id", "users.id"),
    text("account"),
    text("chat_id"),
    text("wants"),
    text("asked"),
    moment("bound_at"),
    moment("ended_at", null=True),
)
once("uq_chats_user_id", [chats.c.user_id], "ended_at IS NULL")
once("uq_chats_chat_id", [chats.c.account, chats.c.chat_id], "ended_at IS NULL")

chat_codes = Table(
    "chat_codes",
    metadata,
    key(),
    ref("user_id", "users.id"),
    text("digest"),  # keyed; the code itself is kept nowhere
    moment("expires_at"),
    moment("used_at", null=True),
    UniqueConstraint("digest"),
)

chat_updates = Table(
    "chat_updates",
    metadata,
    key(),
    text("account"),
    Column("update_id", BigInteger, nullable=False),
    moment("at"),
    UniqueConstraint("account", "update_id"),
)
