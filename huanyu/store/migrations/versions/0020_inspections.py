"""Inspection campaigns: batches of letters, items, districts and disclosures."""

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled in by what uses it."""
