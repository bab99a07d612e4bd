"""Signing in: second factors with recovery codes, where and when a session was last used, what a person is told of it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("users", sa.Column("last_login", moment, nullable=True))
    op.add_column("sessions", sa.Column("seen_at", moment, nullable=True))
    for name in ("device", "address"):
        op.add_column("sessions", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("sessions", sa.Column("half", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE sessions SET seen_at = started_at")
    op.execute(
        "UPDATE users SET last_login = (SELECT MAX(started_at) FROM sessions WHERE sessions.user_id = users.id)"
    )
    op.create_table(
        "second_factors",
        sa.Column("user_id", key, autoincrement=False, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("confirmed_at", moment, nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_second_factors_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_second_factors")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", key, nullable=False),
        sa.Column("user_id", key, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("used_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_recovery_codes_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint("user_id", "digest", name=op.f("uq_recovery_codes_user_id_digest")),
    )
    op.create_table(
        "account_news",
        sa.Column("id", key, nullable=False),
        sa.Column("user_id", key, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("seen_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_account_news_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_news")),
    )
    unseen = sa.text("seen_at IS NULL")
    op.create_index(
        "ix_account_news_unseen", "account_news", ["user_id"], sqlite_where=unseen, postgresql_where=unseen
    )
