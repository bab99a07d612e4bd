"""What understanding has to remember: what a text names, what people said of drawn samples, and what is not one matter.

Columns are added with a default, never by rebuilding a table: SQLite would empty `posts` under its foreign keys.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("verdicts", sa.Column("named", json, nullable=False, server_default="{}"))
    for name in ("sentiment_before", "sentiment", "origin"):
        op.add_column("corrections", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    for name in ("urgent_before", "urgent"):
        op.add_column("corrections", sa.Column(name, sa.Boolean(), nullable=True))
    op.create_table(
        "samples",
        sa.Column("id", key, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("post_id", key, nullable=False),
        sa.Column("stratum", sa.Text(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=False),
        sa.Column("complaint", sa.Float(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("drawn_at", moment, nullable=False),
        sa.Column("judged_at", moment, nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_samples_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samples")),
        sa.UniqueConstraint("post_id", name=op.f("uq_samples_post_id")),
    )
    op.create_index("ix_samples_day", "samples", ["day"], unique=False)
    op.create_table(
        "separations",
        sa.Column("id", key, nullable=False),
        sa.Column("post_id", key, nullable=False),
        sa.Column("case_id", key, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_separations_case_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_separations_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_separations")),
        sa.UniqueConstraint("post_id", "case_id", name=op.f("uq_separations_post_id_case_id")),
    )

