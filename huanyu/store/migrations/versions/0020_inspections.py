"""Inspection campaigns: batches of letters, and what they say of each."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _batches()
    _items()


def _id() -> sa.types.TypeEngine:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _json() -> sa.types.TypeEngine:
    return sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")


def _batches() -> None:
    op.create_table(
        "inspection_batches",
        sa.Column("id", _id(), nullable=False),
        sa.Column("campaign", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("told_items", sa.Integer(), nullable=False),
        sa.Column("told_focus", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_batches")),
        sa.UniqueConstraint(
            "campaign", "level", "number", name=op.f("uq_inspection_batches_campaign_level_number")
        ),
    )


def _items() -> None:
    op.create_table(
        "inspection_items",
        sa.Column("id", _id(), nullable=False),
        sa.Column("batch_id", _id(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("focus", sa.Boolean(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("areas", _json(), nullable=False),
        sa.Column("matters", _json(), nullable=False),
        sa.Column("units", _json(), nullable=False),
        sa.Column("case_id", _id(), nullable=False),
        sa.Column("accountable", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["inspection_batches.id"], name=op.f("fk_inspection_items_batch_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_inspection_items_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_items")),
        sa.UniqueConstraint("number", name=op.f("uq_inspection_items_number")),
    )
    op.create_index("ix_inspection_items_batch_id", "inspection_items", ["batch_id"])
    op.create_index("ix_inspection_items_case_id", "inspection_items", ["case_id"])
