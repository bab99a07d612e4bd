"""What citizens send in by the public pages, and what they may look up."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
moment = sa.DateTime(timezone=True)


def words(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "public_reports",
        sa.Column("id", key, nullable=False),
        words("number"),
        words("code_hash"),
        sa.Column("post_id", key, nullable=False),
        sa.Column("at", moment, nullable=False),
        words("kind"),
        words("place"),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("accuracy", sa.Float(), nullable=True),
        sa.Column("contact", sa.Boolean(), nullable=False),
        words("digest"),
        sa.Column("rated_at", moment, nullable=True),
        sa.Column("rated_round", sa.Integer(), nullable=False),
        words("satisfied"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_public_reports_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_reports")),
        sa.UniqueConstraint("number", name=op.f("uq_public_reports_number")),
        sa.UniqueConstraint("post_id", name=op.f("uq_public_reports_post_id")),
    )
    op.create_index("ix_public_reports_digest", "public_reports", ["digest", "at"], unique=False)
    op.create_table(
        "report_files",
        sa.Column("id", key, nullable=False),
        sa.Column("report_id", key, nullable=False),
        words("sha256"),
        words("clean_sha256"),
        words("name"),
        words("media"),
        words("kind"),
        sa.Column("taken_at", moment, nullable=True),
        sa.Column("exif", json, nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["public_reports.id"], name=op.f("fk_report_files_report_id")),
        sa.ForeignKeyConstraint(["sha256"], ["blobs.sha256"], name=op.f("fk_report_files_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_files")),
    )
    op.create_index("ix_report_files_clean_sha256", "report_files", ["clean_sha256"], unique=False)
    op.create_index("ix_report_files_report_id", "report_files", ["report_id"], unique=False)
    op.create_index("ix_report_files_sha256", "report_files", ["sha256"], unique=False)
