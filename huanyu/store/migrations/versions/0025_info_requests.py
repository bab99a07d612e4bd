"""政府信息公开申请: the register, what others were asked, the history, who asks (sealed)."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "info_requests",
        sa.Column("id", _id(), nullable=False),
        *_texts("number", "state"),
        sa.Column("received_on", sa.Date(), nullable=False),
        *_texts("way", "applicant_kind", "asked", "form"),
        *_days("amend_on", "amend_until", "amended_on"),
        sa.Column("extend_days", sa.Integer(), nullable=False),
        *_texts("extend_asked_by", "extension"),
        *_days("extension_told_on"),
        *_texts("outcome"),
        *_days("answered_on"),
        *_texts("serial", "made_by"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_info_requests")),
        sa.UniqueConstraint("number", name=op.f("uq_info_requests_number")),
    )
    op.create_index("ix_info_requests_state", "info_requests", ["state", "id"])
    _of_request(
        "info_consultations",
        *_texts("whom"),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        *_days("ended_on"),
        *_texts("view"),
    )
    op.create_index("ix_info_consultations_request_id", "info_consultations", ["request_id"])
    _of_request(
        "info_steps",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *_texts("actor", "action", "note"),
    )
    op.create_index("ix_info_steps_request_id", "info_steps", ["request_id"])
    _of_request(
        "info_applicants",
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.UniqueConstraint("request_id", name=op.f("uq_info_applicants_request_id")),
    )


def _of_request(table: str, *parts: sa.Column | sa.UniqueConstraint) -> None:
    op.create_table(
        table,
        sa.Column("id", _id(), nullable=False),
        sa.Column("request_id", _id(), nullable=False),
        *parts,
        sa.ForeignKeyConstraint(
            ["request_id"], ["info_requests.id"], name=op.f(f"fk_{table}_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _id() -> sa.types.TypeEngine:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _texts(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _days(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Date(), nullable=True) for name in names]
