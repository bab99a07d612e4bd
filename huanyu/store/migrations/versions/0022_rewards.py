"""Rewards: their life, who claims them (sealed), what was paid."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _rewards()
    _steps()
    _claims()
    _payments()


def _id() -> sa.types.TypeEngine:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _moment(name: str, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False)


def _rewards() -> None:
    op.create_table(
        "rewards",
        sa.Column("id", _id(), nullable=False),
        _text("number"),
        sa.Column("case_id", _id(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        *(_text(name) for name in ("state", "scheme", "tier")),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("post_id", _id(), nullable=True),
        *(_text(name) for name in ("channel", "report_number", "denial", "made_by")),
        _moment("made_at"),
        _text("proposed_by"),
        _text("approved_by"),
        _moment("approved_at", null=True),
        _moment("notified_at", null=True),
        sa.Column("claim_until", sa.Date(), nullable=True),
        _moment("claimed_at", null=True),
        _moment("ended_at", null=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_rewards_case_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_rewards_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rewards")),
        sa.UniqueConstraint("number", name=op.f("uq_rewards_number")),
        sa.UniqueConstraint("case_id", "round", name=op.f("uq_rewards_case_id_round")),
    )
    op.create_index("ix_rewards_state", "rewards", ["state", "id"])
    op.create_index("ix_rewards_post_id", "rewards", ["post_id"])


def _steps() -> None:
    op.create_table(
        "reward_steps",
        sa.Column("id", _id(), nullable=False),
        sa.Column("reward_id", _id(), nullable=False),
        _moment("at"),
        *(_text(name) for name in ("actor", "action", "state", "note")),
        sa.ForeignKeyConstraint(["reward_id"], ["rewards.id"], name=op.f("fk_reward_steps_reward_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward_steps")),
    )
    op.create_index("ix_reward_steps_reward_id", "reward_steps", ["reward_id"])


def _claims() -> None:
    op.create_table(
        "reward_claims",
        sa.Column("id", _id(), nullable=False),
        sa.Column("reward_id", _id(), nullable=False),
        _moment("at"),
        _text("way"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["reward_id"], ["rewards.id"], name=op.f("fk_reward_claims_reward_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward_claims")),
        sa.UniqueConstraint("reward_id", name=op.f("uq_reward_claims_reward_id")),
    )


def _payments() -> None:
    op.create_table(
        "reward_payments",
        sa.Column("id", _id(), nullable=False),
        sa.Column("reward_id", _id(), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        _text("voucher"),
        _text("actor"),
        _moment("at"),
        sa.ForeignKeyConstraint(["reward_id"], ["rewards.id"], name=op.f("fk_reward_payments_reward_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward_payments")),
        sa.UniqueConstraint("reward_id", name=op.f("uq_reward_payments_reward_id")),
    )
