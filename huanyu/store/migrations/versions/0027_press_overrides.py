"""口径 and 典型案例: why a leader let them through against a finding of the checks, "" where nobody had to."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("press_answers", "press_batches"):
        op.add_column(table, sa.Column("override", sa.Text(), nullable=False, server_default=""))
