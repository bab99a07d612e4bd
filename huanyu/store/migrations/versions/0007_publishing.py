"""Publishing: reviews step by step, standing rules, accounts' health, copies of what is out, what came back on it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
moment = sa.DateTime(timezone=True)
LATE = ("content_class", "stage", "serial", "claimed_by")


def words(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False)


def upgrade() -> None:
    for name in LATE:
        op.add_column("outbox", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("outbox", sa.Column("about", key, nullable=True))
    op.add_column("outbox", sa.Column("rule_id", key, nullable=True))
    op.add_column("outbox", sa.Column("generated", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("outbox", sa.Column("looks", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("outbox", sa.Column("look_at", moment, nullable=True))
    op.create_index("ix_outbox_account_claimed_at", "outbox", ["account", "claimed_at"], unique=False)
    unknown = sa.text("state = 'unknown'")
    op.create_index(
        "ix_outbox_unknown", "outbox", ["look_at"], sqlite_where=unknown, postgresql_where=unknown
    )
    op.execute("UPDATE outbox SET content_class = 'petition', stage = 'result' WHERE purpose = 'reply'")
    op.create_index("ix_outbox_account_sent_at", "outbox", ["account", "sent_at"], unique=False)
    _reviewing()
    _accounts()
    _afterwards()
    _corrections()


def _reviewing() -> None:
    op.create_table(
        "approvals",
        sa.Column("id", key, nullable=False),
        sa.Column("message_id", key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        words("step"),
        words("actor"),
        words("role"),
        sa.Column("at", moment, nullable=False),
        words("override"),
        words("account"),
        words("parent"),
        sa.ForeignKeyConstraint(["message_id"], ["outbox.id"], name=op.f("fk_approvals_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
        sa.UniqueConstraint(
            "message_id", "version", "step", name=op.f("uq_approvals_message_id_version_step")
        ),
        sa.UniqueConstraint(
            "message_id", "version", "actor", name=op.f("uq_approvals_message_id_version_actor")
        ),
    )
    op.create_table(
        "standing_rules",
        sa.Column("id", key, nullable=False),
        words("name"),
        words("stage"),
        sa.Column("accounts", json, nullable=False),
        words("template"),
        sa.Column("per_day", sa.Integer(), nullable=False),
        words("first"),
        sa.Column("first_at", moment, nullable=False),
        words("second"),
        sa.Column("second_at", moment, nullable=True),
        sa.Column("valid_until", moment, nullable=True),
        words("revoked_by"),
        sa.Column("revoked_at", moment, nullable=True),
        words("reason"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_rules")),
    )
    op.create_table(
        "message_pictures",
        sa.Column("message_id", key, autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        words("digest"),
        words("name"),
        words("media"),
        words("caption"),
        words("credit"),
        sa.ForeignKeyConstraint(["message_id"], ["outbox.id"], name=op.f("fk_message_pictures_message_id")),
        sa.PrimaryKeyConstraint("message_id", "place", name=op.f("pk_message_pictures")),
    )


def _accounts() -> None:
    op.create_table(
        "account_states",
        words("account"),
        words("state"),
        words("note"),
        sa.Column("token_expires_at", moment, nullable=True),
        sa.Column("last_ok", moment, nullable=True),
        sa.Column("last_failed", moment, nullable=True),
        sa.Column("last_published", moment, nullable=True),
        sa.Column("checked_at", moment, nullable=True),
        sa.Column("warned_at", moment, nullable=True),
        sa.Column("held_until", moment, nullable=True),
        words("held_for"),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("followers", sa.Integer(), nullable=True),
        words("cursor"),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_account_states")),
    )
    op.create_table(
        "strays",
        sa.Column("id", key, nullable=False),
        words("account"),
        words("platform_id"),
        words("text"),
        words("url"),
        sa.Column("at", moment, nullable=True),
        sa.Column("seen_at", moment, nullable=False),
        words("settled_by"),
        sa.Column("settled_at", moment, nullable=True),
        words("note"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strays")),
        sa.UniqueConstraint("account", "platform_id", name=op.f("uq_strays_account_platform_id")),
    )


def _afterwards() -> None:
    op.create_table(
        "published",
        sa.Column("message_id", key, autoincrement=False, nullable=False),
        words("state"),
        words("copy"),
        words("found"),
        sa.Column("checked_at", moment, nullable=True),
        sa.Column("next_at", moment, nullable=True),
        sa.Column("checks", sa.Integer(), nullable=False),
        sa.Column("comments", sa.Integer(), nullable=True),
        sa.Column("reposts", sa.Integer(), nullable=True),
        sa.Column("views", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["outbox.id"], name=op.f("fk_published_message_id")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_published")),
    )
    op.create_index("ix_published_next_at", "published", ["next_at"], unique=False)
    op.create_table(
        "responses",
        sa.Column("id", key, nullable=False),
        sa.Column("message_id", key, nullable=False),
        sa.Column("case_id", key, nullable=True),
        sa.Column("post_id", key, nullable=True),
        words("platform_id"),
        words("text"),
        words("mood"),
        sa.Column("at", moment, nullable=True),
        sa.Column("seen_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["outbox.id"], name=op.f("fk_responses_message_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_responses_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responses")),
        sa.UniqueConstraint("message_id", "platform_id", name=op.f("uq_responses_message_id_platform_id")),
    )
    op.create_index("ix_responses_case_id", "responses", ["case_id"], unique=False)
    op.create_table(
        "takeovers",
        sa.Column("case_id", key, autoincrement=False, nullable=False),
        words("reason"),
        sa.Column("at", moment, nullable=False),
        words("taken_by"),
        sa.Column("taken_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_takeovers_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_takeovers")),
    )


def _corrections() -> None:
    op.create_table(
        "public_corrections",
        sa.Column("id", key, nullable=False),
        words("serial"),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        words("kind"),
        sa.Column("about", key, nullable=False),
        sa.Column("case_id", key, nullable=True),
        words("wrong"),
        words("right"),
        words("reason"),
        words("actor"),
        sa.Column("at", moment, nullable=False),
        sa.ForeignKeyConstraint(["about"], ["outbox.id"], name=op.f("fk_public_corrections_about")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_public_corrections_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_corrections")),
        sa.UniqueConstraint("serial", name=op.f("uq_public_corrections_serial")),
        sa.UniqueConstraint("year", "number", name=op.f("uq_public_corrections_year_number")),
    )
    op.create_table(
        "account_days",
        words("account"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("followers", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("account", "day", name=op.f("pk_account_days")),
    )
