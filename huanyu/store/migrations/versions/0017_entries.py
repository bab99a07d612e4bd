"""Forms that somebody has begun to fill in at the telephone, and letters that came by mail."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "entry_drafts",
        sa.Column("id", _id(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("token", "owner", "form")),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_drafts")),
        sa.UniqueConstraint("token", name=op.f("uq_entry_drafts_token")),
    )
    op.create_index("ix_entry_drafts_owner", "entry_drafts", ["owner", "saved_at"])
    op.create_table(
        "letters",
        sa.Column("id", _id(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("source", "mark", "sender", "became", "why")
        ),
        sa.Column("case_id", _id(), nullable=True),
        sa.Column("post_id", _id(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_letters_case_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_letters_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint("mark", name=op.f("uq_letters_mark")),
    )
    op.create_index("ix_letters_sender", "letters", ["sender", "at"])


def _id() -> sa.types.TypeEngine:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
