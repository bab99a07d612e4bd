"""Cases that a person joined into an earlier one, and where each of their posts came from, so that it can be undone."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("cases", sa.Column("joined_into", key, nullable=True))
    op.create_index("ix_cases_joined_into", "cases", ["joined_into"], unique=False)
    op.add_column("case_posts", sa.Column("came_from", key, nullable=True))
    op.create_table(
        "case_posts_before",
        sa.Column("id", key, nullable=False),
        sa.Column("post_id", key, nullable=False),
        sa.Column("case_id", key, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("first", sa.Boolean(), nullable=False),
        sa.Column("until", moment, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_posts_before_case_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_case_posts_before_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_posts_before")),
    )
    op.create_index("ix_case_posts_before_case_id", "case_posts_before", ["case_id"], unique=False)
    op.create_index("ix_case_posts_before_until", "case_posts_before", ["until"], unique=False)
