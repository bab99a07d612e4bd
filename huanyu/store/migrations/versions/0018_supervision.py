"""Supervision of cases: the ledger, its signatures, lots, papers, listings and charges."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _lines()
    _steps()
    _papers()
    _watched()


def _id() -> sa.types.TypeEngine:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _json() -> sa.types.TypeEngine:
    return sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")


def _texts(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _moment(name: str, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _key(table: str) -> list[sa.schema.SchemaItem]:
    return [sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))]


def _of_line(table: str) -> list[sa.schema.SchemaItem]:
    name = op.f(f"fk_{table}_line_id")
    return [*_key(table), sa.ForeignKeyConstraint(["line_id"], ["ledger_lines.id"], name=name)]


def _lines() -> None:
    op.create_table(
        "ledger_lines",
        sa.Column("id", _id(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        *_texts("title", "origin", "ground"),
        sa.Column("case_id", _id(), nullable=True),
        *_texts("enterprise", "area", "unit", "person", "goal", "measures"),
        sa.Column("due", sa.Date(), nullable=False),
        _moment("opened_at"),
        *_texts("opened_by"),
        _moment("moved_at"),
        _moment("told_at"),
        *_texts("progress"),
        sa.Column("checked_on", sa.Date(), nullable=True),
        *_texts("checked_by", "reviewed_by", "notice", "notice_by"),
        sa.Column("notice_from", sa.Date(), nullable=True),
        sa.Column("notice_to", sa.Date(), nullable=True),
        *_texts("serial"),
        _moment("cancelled_at", null=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_ledger_lines_case_id")),
        *_key("ledger_lines"),
        sa.UniqueConstraint("number", name=op.f("uq_ledger_lines_number")),
    )
    op.create_index("ix_ledger_lines_case_id", "ledger_lines", ["case_id"])
    op.create_index("ix_ledger_lines_state_due", "ledger_lines", ["state", "due"])
    op.create_index("ix_ledger_lines_unit", "ledger_lines", ["unit", "state"])
    op.create_index("ix_ledger_lines_enterprise", "ledger_lines", ["enterprise"])


def _steps() -> None:
    op.create_table(
        "ledger_steps",
        sa.Column("id", _id(), nullable=False),
        sa.Column("line_id", _id(), nullable=False),
        _moment("at"),
        *_texts("actor", "action", "state"),
        sa.Column("round", sa.Integer(), nullable=False),
        *_texts("note"),
        sa.Column("facts", _json(), nullable=False),
        *_of_line("ledger_steps"),
    )
    op.create_index("ix_ledger_steps_line_id", "ledger_steps", ["line_id"])
    op.create_index("ix_ledger_steps_at", "ledger_steps", ["at"])
    op.create_table(
        "ledger_signatures",
        sa.Column("id", _id(), nullable=False),
        sa.Column("line_id", _id(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        *_texts("office", "name"),
        sa.Column("signed_on", sa.Date(), nullable=False),
        *_texts("recorded_by"),
        _moment("recorded_at"),
        _moment("dropped_at", null=True),
        *_of_line("ledger_signatures"),
    )
    _once("uq_ledger_signatures_office", "ledger_signatures", ["line_id", "office"], "dropped_at IS NULL")
    _once("uq_ledger_signatures_name", "ledger_signatures", ["line_id", "name"], "dropped_at IS NULL")
    op.create_table(
        "ledger_draws",
        sa.Column("id", _id(), nullable=False),
        _moment("at"),
        *_texts("actor", "seed"),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("pool", _json(), nullable=False),
        sa.Column("lots", _json(), nullable=False),
        *_key("ledger_draws"),
    )


def _papers() -> None:
    op.create_table(
        "ledger_papers",
        sa.Column("id", _id(), nullable=False),
        sa.Column("line_id", _id(), nullable=False),
        sa.Column("document_id", _id(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_ledger_papers_document_id")
        ),
        *_of_line("ledger_papers"),
        sa.UniqueConstraint("document_id", name=op.f("uq_ledger_papers_document_id")),
    )
    op.create_index("ix_ledger_papers_line_id", "ledger_papers", ["line_id"])


def _watched() -> None:
    op.create_table(
        "ledger_listings",
        sa.Column("id", _id(), nullable=False),
        sa.Column("line_id", _id(), nullable=False),
        *_texts("grade", "serial", "reason"),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        *_texts("actor"),
        sa.Column("document_id", _id(), nullable=True),
        _moment("ended_at", null=True),
        *_texts("ended_why"),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_ledger_listings_document_id")
        ),
        *_of_line("ledger_listings"),
    )
    _once("uq_ledger_listings_open", "ledger_listings", ["line_id"], "ended_at IS NULL")
    op.create_table(
        "ledger_charges",
        sa.Column("id", _id(), nullable=False),
        sa.Column("line_id", _id(), nullable=False),
        *_texts("leader", "post"),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        *_texts("actor"),
        *_of_line("ledger_charges"),
    )
    _once("uq_ledger_charges_open", "ledger_charges", ["line_id"], "until_on IS NULL")
    op.create_table(
        "ledger_visits",
        sa.Column("id", _id(), nullable=False),
        sa.Column("charge_id", _id(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *_texts("note", "actor"),
        _moment("at"),
        sa.ForeignKeyConstraint(
            ["charge_id"], ["ledger_charges.id"], name=op.f("fk_ledger_visits_charge_id")
        ),
        *_key("ledger_visits"),
    )
    op.create_index("ix_ledger_visits_charge_id", "ledger_visits", ["charge_id"])


def _once(name: str, table: str, columns: list[str], where: str) -> None:
    fits = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=fits, postgresql_where=fits)
