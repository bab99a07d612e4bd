"""Room for several series: what an issue is about, what a person typed for it, saved searches, levels as they were.

`bulletins` had one issue per series and day. Loosening that rebuilds the table on SQLite, which is safe here and
only here: at this point no other table refers to it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("bulletins") as batch:
        batch.drop_constraint("uq_bulletins_series_day", type_="unique")
        batch.add_column(sa.Column("scope", sa.Text(), nullable=False, server_default=""))
    for name, columns, where in (
        ("uq_bulletins_period", ["series", "day"], "scope = ''"),
        ("uq_bulletins_scope", ["series", "scope"], "scope != ''"),
    ):
        condition = sa.text(where)
        op.create_index(
            name, "bulletins", columns, unique=True, sqlite_where=condition, postgresql_where=condition
        )
    op.add_column("case_events", sa.Column("level", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "remarks",
        sa.Column("id", key, nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remarks")),
    )
    op.create_index("ix_remarks_series_day_scope", "remarks", ["series", "day", "scope"], unique=False)
    op.create_table(
        "searches",
        sa.Column("id", key, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kinds", json, nullable=False),
        sa.Column("areas", json, nullable=False),
        sa.Column("words", json, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_searches")),
        sa.UniqueConstraint("name", name=op.f("uq_searches_name")),
    )
