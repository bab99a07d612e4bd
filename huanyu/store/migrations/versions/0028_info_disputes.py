"""行政复议 and 行政诉讼 about answers to requests for information: what the yearly report counts."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "info_disputes",
        sa.Column("id", _id(), nullable=False),
        sa.Column("request_id", _id(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ruling", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["info_requests.id"], name=op.f("fk_info_disputes_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_info_disputes")),
    )
    op.create_index("ix_info_disputes_request_id", "info_disputes", ["request_id"])


def _id() -> sa.types.TypeEngine:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
