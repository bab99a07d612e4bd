"""Operations: backups, restores, heartbeats of the processes at work."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def moment(name: str, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False)


def upgrade() -> None:
    op.add_column("outbox", moment("doubted_at", null=True))
    op.create_table(
        "backups",
        sa.Column("id", ID, nullable=False),
        text("key"),
        text("state"),
        moment("begun_at"),
        moment("ended_at", null=True),
        text("actor"),
        text("path"),
        sa.Column("size", sa.BigInteger(), nullable=False),
        text("sha256"),
        text("head"),
        sa.Column("rows", sa.Integer(), nullable=False),
        moment("verified_at", null=True),
        moment("dropped_at", null=True),
        text("note"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backups")),
        sa.UniqueConstraint("key", name=op.f("uq_backups_key")),
    )
    op.create_index("ix_backups_begun_at", "backups", [sa.text("begun_at DESC")])
    op.create_table(
        "restores",
        sa.Column("id", ID, nullable=False),
        moment("taken_at"),
        moment("restored_at"),
        text("head"),
        sa.Column("held", sa.Integer(), nullable=False),
        moment("ended_at", null=True),
        text("ended_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restores")),
    )
    op.create_table(
        "beats",
        sa.Column("worker", sa.Text(), nullable=False),
        moment("at"),
        sa.Column("steps", JSON, nullable=False),
        sa.PrimaryKeyConstraint("worker", name=op.f("pk_beats")),
    )
