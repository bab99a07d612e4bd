"""Rewards of reporters and rankings."""

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled in by what uses it."""
