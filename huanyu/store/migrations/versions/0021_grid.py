"""The grid: its tree, people on duty and places."""

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled in by what uses it."""
