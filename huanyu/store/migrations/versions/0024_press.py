"""The press office: coverage and activities, media contacts, conferences, what may be said, batches of typical cases."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _conferences()
    _answers()
    _contacts()
    _batches()
    _records()


def _id() -> sa.types.TypeEngine:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _json() -> sa.types.TypeEngine:
    return sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")


def _key(table: str) -> tuple[sa.Column, sa.PrimaryKeyConstraint]:
    return sa.Column("id", _id(), nullable=False), sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _texts(*names: str) -> tuple[sa.Column, ...]:
    return tuple(sa.Column(name, sa.Text(), nullable=False) for name in names)


def _lists(*names: str) -> tuple[sa.Column, ...]:
    return tuple(sa.Column(name, _json(), nullable=False) for name in names)


def _moment(name: str, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _numbers(*names: str) -> tuple[sa.Column, ...]:
    return tuple(sa.Column(name, sa.Integer(), nullable=False) for name in names)


def _ref(table: str, name: str, target: str, null: bool = False) -> tuple[sa.Column, sa.ForeignKeyConstraint]:
    return (
        sa.Column(name, _id(), nullable=null),
        sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"fk_{table}_{name}")),
    )


def _conferences() -> None:
    op.create_table(
        "press_conferences",
        *_key("press_conferences"),
        *_texts("number", "state", "theme", "place", "host", "background", "agenda", "duties", "why"),
        *_texts("approver", "made_by"),
        *_lists("speakers", "invited"),
        _moment("at"),
        *_ref("press_conferences", "incident_id", "incidents", null=True),
        _moment("approved_at", null=True),
        _moment("held_at", null=True),
        _moment("made_at"),
        *_numbers("version"),
        sa.UniqueConstraint("number", name=op.f("uq_press_conferences_number")),
    )
    op.create_table(
        "press_conference_cases",
        *_key("press_conference_cases"),
        *_ref("press_conference_cases", "conference_id", "press_conferences"),
        *_ref("press_conference_cases", "case_id", "cases"),
        sa.UniqueConstraint(
            "conference_id", "case_id", name=op.f("uq_press_conference_cases_conference_id_case_id")
        ),
    )
    op.create_index("ix_press_conference_cases_case_id", "press_conference_cases", ["case_id"])


def _answers() -> None:
    op.create_table(
        "press_answers",
        *_key("press_answers"),
        *_texts("kind", "question", "answer", "unit", "state", "author", "approver"),
        sa.Column("valid_until", sa.Date(), nullable=False),
        _moment("made_at"),
        _moment("approved_at", null=True),
        *_numbers("version"),
    )
    op.create_table(
        "press_conference_answers",
        *_key("press_conference_answers"),
        *_ref("press_conference_answers", "conference_id", "press_conferences"),
        *_ref("press_conference_answers", "answer_id", "press_answers"),
        sa.UniqueConstraint(
            "conference_id", "answer_id", name=op.f("uq_press_conference_answers_conference_id_answer_id")
        ),
    )
    op.create_index("ix_press_conference_answers_answer_id", "press_conference_answers", ["answer_id"])


def _contacts() -> None:
    op.create_table(
        "press_contacts",
        *_key("press_contacts"),
        *_texts("name", "outlet", "kind", "duty", "made_by"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("reachable", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        _moment("made_at"),
        *_numbers("version"),
    )
    op.create_table(
        "press_attendance",
        *_key("press_attendance"),
        *_ref("press_attendance", "conference_id", "press_conferences"),
        *_ref("press_attendance", "contact_id", "press_contacts", null=True),
        *_texts("name", "outlet"),
        sa.Column("came", sa.Boolean(), nullable=False),
        sa.UniqueConstraint(
            "conference_id", "outlet", "name", name=op.f("uq_press_attendance_conference_id_outlet_name")
        ),
    )


def _batches() -> None:
    op.create_table(
        "press_batches",
        *_key("press_batches"),
        *_numbers("year", "number", "version"),
        *_texts("title", "state", "approver", "made_by"),
        _moment("approved_at", null=True),
        _moment("made_at"),
        sa.UniqueConstraint("year", "number", name=op.f("uq_press_batches_year_number")),
    )
    op.create_table(
        "press_batch_cases",
        *_key("press_batch_cases"),
        *_ref("press_batch_cases", "batch_id", "press_batches"),
        *_ref("press_batch_cases", "case_id", "cases"),
        *_numbers("place"),
        *_texts("heading", "text", "decision"),
        sa.UniqueConstraint("batch_id", "case_id", name=op.f("uq_press_batch_cases_batch_id_case_id")),
    )
    op.create_index("ix_press_batch_cases_case_id", "press_batch_cases", ["case_id"])


def _records() -> None:
    op.create_table(
        "press_records",
        *_key("press_records"),
        *_texts("token", "kind", "title", "place", "outlet", "slot", "author", "link", "evidence", "tone"),
        *_texts("note", "struck_why", "made_by"),
        sa.Column("day", sa.Date(), nullable=False),
        *_lists("amounts", "tags"),
        *_ref("press_records", "conference_id", "press_conferences", null=True),
        *_ref("press_records", "batch_id", "press_batches", null=True),
        _moment("struck_at", null=True),
        _moment("made_at"),
        *_numbers("version"),
        sa.UniqueConstraint("token", name=op.f("uq_press_records_token")),
    )
    op.create_index("ix_press_records_day", "press_records", ["day"])
    op.create_index("ix_press_records_conference_id", "press_records", ["conference_id"])
