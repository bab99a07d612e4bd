"""Rewards, their history, who claims them (sealed), and what was paid."""

from __future__ import annotations

from sqlalchemy import Column
from sqlalchemy import Date
from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import LargeBinary
from sqlalchemy import Table
from sqlalchemy import UniqueConstraint

from huanyu.store.columns import Id
from huanyu.store.columns import Words
from huanyu.store.tables.shape import key
from huanyu.store.tables.shape import metadata
from huanyu.store.tables.shape import moment
from huanyu.store.tables.shape import number
from huanyu.store.tables.shape import ref
from huanyu.store.tables.shape import text

rewards = Table(
    "rewards",
    metadata,
    key(),
    Column("number", Words, nullable=False, unique=True),
    ref("case_id", "cases.id"),
    number("round"),
    text("state"),
    text("scheme"),
    text("tier"),
    number("amount_cents"),
    ref("post_id", "posts.id", null=True),
    text("channel"),
    text("report_number"),
    text("denial"),
    text("made_by"),
    moment("made_at"),
    text("proposed_by"),
    text("approved_by"),
    moment("approved_at", null=True),
    moment("notified_at", null=True),
    Column("claim_until", Date, nullable=True),
    moment("claimed_at", null=True),
    moment("ended_at", null=True),
    number("version", 1),
    UniqueConstraint("case_id", "round"),  # not twice for the same facts
    Index("ix_rewards_state", "state", "id"),
    Index("ix_rewards_post_id", "post_id"),
)

reward_steps = Table(
    "reward_steps",
    metadata,
    key(),
    ref("reward_id", "rewards.id"),
    moment("at"),
    text("actor"),
    text("action"),
    text("state"),
    text("note"),
    Index("ix_reward_steps_reward_id", "reward_id"),
)

reward_claims = Table(
    "reward_claims",
    metadata,
    key(),
    Column("reward_id", Id, ForeignKey("rewards.id"), nullable=False, unique=True),
    moment("at"),
    text("way"),
    Column("sealed", LargeBinary, nullable=False),  # Fernet; nothing readable stands in this table
)

reward_payments = Table(
    "reward_payments",
    metadata,
    key(),
    Column("reward_id", Id, ForeignKey("rewards.id"), nullable=False, unique=True),  # nothing is paid twice
    number("amount_cents"),
    Column("paid_on", Date, nullable=False),
    text("voucher"),
    text("actor"),
    moment("at"),
)
