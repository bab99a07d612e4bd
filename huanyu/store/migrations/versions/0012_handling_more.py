"""Case work, second part: limits of assisting units, papers of incidents.

Parts of a split case no longer owe the first word to the reporter: that is the whole's.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TO_THE_REPORTER = "('first_response', 'press', 'inform')"
#: what the figures of units are looked up by
COUNTED_BY = (("assignments", "given_at"), ("follow_ups", "at"))
OF_PARTS = f"""
    UPDATE clocks SET ended_at = started_at, met_at = started_at, met_how = 'void'
    WHERE ended_at IS NULL AND name IN {TO_THE_REPORTER}
    AND case_id IN (SELECT id FROM cases WHERE parent_id IS NOT NULL)
"""


def upgrade() -> None:
    """Columns with a default, and the limits that parts should never have had."""
    op.add_column("clocks", sa.Column("owed_by", sa.Text(), nullable=False, server_default=""))
    op.add_column("documents", sa.Column("incident_id", key, nullable=True))
    op.create_index("ix_documents_incident_id", "documents", ["incident_id"], unique=False)
    for table, column in COUNTED_BY:
        op.create_index(f"ix_{table}_{column}", table, [column], unique=False)
    over = sa.text("ended_at IS NOT NULL")
    op.create_index(
        "ix_clocks_ended_at", "clocks", ["ended_at"], unique=False, sqlite_where=over, postgresql_where=over
    )
    op.drop_index("ix_cases_parent_id", table_name="cases")
    _partial("ix_cases_parent_id", "cases", "parent_id")
    op.create_index("ix_cases_opened_at", "cases", ["opened_at"], unique=False)
    _partial("ix_outbox_sent_at", "outbox", "sent_at")
    op.execute(OF_PARTS)
    _looks()


def _partial(name: str, table: str, column: str) -> None:
    """Over the rows that have a value there, and only those."""
    known = sa.text(f"{column} IS NOT NULL")
    op.create_index(name, table, [column], unique=False, sqlite_where=known, postgresql_where=known)


def _looks() -> None:
    """When a hand-over nobody has signed for is looked at again; those of today at once."""
    op.add_column("assignments", sa.Column("look_at", sa.DateTime(timezone=True), nullable=True))
    fits = sa.text("signed_at IS NULL AND ended_at IS NULL")
    op.create_index(
        "ix_assignments_look_at", "assignments", ["look_at"], sqlite_where=fits, postgresql_where=fits
    )
    op.execute("UPDATE assignments SET look_at = given_at WHERE signed_at IS NULL AND ended_at IS NULL")
