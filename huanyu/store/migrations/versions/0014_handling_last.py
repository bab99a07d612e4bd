"""What the handling of cases still lacked."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Columns with a default; indexes that answer lists and counts of cases by themselves."""
    op.add_column("posts", sa.Column("ordered_to", sa.Text(), nullable=False, server_default=""))
    op.drop_index("ix_cases_state_id", "cases")
    seen = ["state", "id", "unit", "restricted", "owner", "parent_id"]
    op.create_index("ix_cases_state_id", "cases", seen, unique=False)
    helping = ["unit", "part", "ended_at", "case_id"]
    op.create_index("ix_assignments_helping", "assignments", helping, unique=False)
    op.create_index("ix_recusals_user_id", "recusals", ["user_id", "lifted_at", "case_id"], unique=False)
    written_down()


def written_down() -> None:
    """What is said in a recording, by whom it was written down and when."""
    for name in ("transcript", "transcribed_by"):
        op.add_column("case_files", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("case_files", sa.Column("transcribed_at", sa.DateTime(timezone=True), nullable=True))
    said = sa.text("transcript != ''")
    op.create_index(
        "ix_case_files_transcribed", "case_files", ["case_id"], sqlite_where=said, postgresql_where=said
    )
