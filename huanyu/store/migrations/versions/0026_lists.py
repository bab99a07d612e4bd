"""What the lists and 今日 ask for again and again has its index: late limits, pauses asked for, messages by their state."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_clocks_running", table_name="clocks")
    _partial("ix_clocks_running", "clocks", ["due", "case_id"], "ended_at IS NULL")
    _partial("ix_case_events_pauses", "case_events", ["case_id"], "action = 'pause_asked'")
    undone = "(state NOT IN ('cancelled', 'rehearsed', 'sent'))"
    _partial("ix_outbox_undone", "outbox", ["state", "id"], undone)


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    fits = sa.text(where)
    op.create_index(name, table, columns, unique=False, sqlite_where=fits, postgresql_where=fits)
