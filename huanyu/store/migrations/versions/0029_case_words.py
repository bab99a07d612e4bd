"""The words of a case that its list is searched by, narrow: on SQLite a search read the whole rows of all cases.

PostgreSQL keeps no entry of 2,700 bytes in such an index, and a title may be as long.
"""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

COLUMNS = (
    "number",
    "external_number",
    "title",
    "place",
    "state",
    "unit",
    "restricted",
    "owner",
    "parent_id",
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.create_index("ix_cases_words", "cases", list(COLUMNS))
