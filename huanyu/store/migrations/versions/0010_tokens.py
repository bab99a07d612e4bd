"""Tokens of units for the API, and what came in by it: monitoring stations and their alarms."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
moment = sa.DateTime(timezone=True)


def words(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False)


def once(name: str, table: str, columns: list[str], where: str) -> None:
    fits = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=fits, postgresql_where=fits)


def upgrade() -> None:
    op.create_table(
        "tokens",
        sa.Column("id", key, nullable=False),
        words("name"),
        words("unit"),
        sa.Column("scopes", json, nullable=False),
        sa.Column("channels", json, nullable=False),
        words("token_hash"),
        words("hint"),
        sa.Column("made_at", moment, nullable=False),
        words("made_by"),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("used_at", moment, nullable=True),
        sa.Column("revoked_at", moment, nullable=True),
        words("revoked_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_tokens_token_hash")),
    )
    once("uq_tokens_name", "tokens", ["name"], "revoked_at IS NULL")
    op.create_table(
        "stations",
        sa.Column("id", key, nullable=False),
        words("code"),
        words("name"),
        words("place"),
        words("area"),
        words("kind"),
        words("unit"),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        words("made_by"),
        sa.Column("heard_at", moment, nullable=True),
        sa.Column("revoked_at", moment, nullable=True),
        words("revoked_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stations")),
    )
    once("uq_stations_code", "stations", ["code"], "revoked_at IS NULL")
    _readings()


def _readings() -> None:
    op.create_table(
        "readings",
        sa.Column("id", key, nullable=False),
        sa.Column("station_id", key, nullable=False),
        words("number"),
        words("point"),
        words("substance"),
        words("value"),
        words("limit"),
        words("unit"),
        sa.Column("at", moment, nullable=False),
        sa.Column("heard_at", moment, nullable=False),
        sa.Column("case_id", key, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_readings_case_id")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_readings_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readings")),
        sa.UniqueConstraint("station_id", "number", name=op.f("uq_readings_station_id_number")),
    )
    op.create_index("ix_readings_point", "readings", ["station_id", "point", "substance", "at"], unique=False)
