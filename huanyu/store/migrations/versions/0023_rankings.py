"""Rankings: tables handed in, boards as they were told, 约谈 and 问责."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _sheets()
    _rankings()
    _interviews()
    _sanctions()


def _id() -> sa.types.TypeEngine:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _json() -> sa.types.TypeEngine:
    return sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")


def _texts(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _moment(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _refs(table: str, **targets: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"fk_{table}_{name}"))
        for name, target in targets.items()
    ]


def _sheets() -> None:
    op.create_table(
        "ranking_sheets",
        sa.Column("id", _id(), nullable=False),
        *_texts("ranking"),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        *_texts("name"),
        sa.Column("rows", _json(), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        *_texts("taken_by"),
        _moment("taken_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ranking_sheets")),
    )
    op.create_index("ix_ranking_sheets_first", "ranking_sheets", ["ranking", "first"])


def _rankings() -> None:
    op.create_table(
        "rankings",
        sa.Column("id", _id(), nullable=False),
        *_texts("ranking", "span"),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        *_texts("state", "title"),
        sa.Column("content", _json(), nullable=False),
        sa.Column("open_to_all", sa.Boolean(), nullable=False),
        sa.Column("corrects_id", _id(), nullable=True),
        *_texts("why"),
        _moment("as_of"),
        *_texts("made_by"),
        _moment("made_at"),
        *_texts("signed_by"),
        _moment("issued_at", nullable=True),
        sa.Column("document_id", _id(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_refs("rankings", corrects_id="rankings", document_id="documents"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rankings")),
    )
    op.create_index("ix_rankings_first", "rankings", ["ranking", "first"])


def _interviews() -> None:
    op.create_table(
        "interviews",
        sa.Column("id", _id(), nullable=False),
        *_texts("state"),
        sa.Column("ranking_id", _id(), nullable=True),
        sa.Column("line_id", _id(), nullable=True),
        *_texts("area", "subject", "asked"),
        sa.Column("people", sa.Integer(), nullable=False),
        *_texts("reason"),
        _moment("at"),
        *_texts("venue", "host", "serial"),
        sa.Column("document_id", _id(), nullable=True),
        *_texts("signed_by"),
        _moment("issued_at", nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("came", sa.Integer(), nullable=False),
        *_texts("minutes", "why", "made_by"),
        _moment("made_at"),
        sa.Column("version", sa.Integer(), nullable=False),
        *_refs("interviews", ranking_id="rankings", line_id="ledger_lines", document_id="documents"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interviews")),
    )


def _sanctions() -> None:
    op.create_table(
        "sanctions",
        sa.Column("id", _id(), nullable=False),
        sa.Column("ranking_id", _id(), nullable=True),
        sa.Column("line_id", _id(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=False),
        *_texts("area", "subject", "measure"),
        sa.Column("people", sa.Integer(), nullable=False),
        *_texts("ground", "struck", "made_by"),
        _moment("made_at"),
        *_refs("sanctions", ranking_id="rankings", line_id="ledger_lines"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sanctions")),
    )
