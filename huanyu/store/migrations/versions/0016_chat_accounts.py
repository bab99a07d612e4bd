"""Chat accounts bound to people of the desk, and what a platform's callback brought."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _talks()
    _chats()


def _id() -> sa.types.TypeEngine:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _talks() -> None:
    op.create_table(
        "talks",
        sa.Column("id", _id(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("platform", "account", "sender")),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("case_id", _id(), nullable=True),
        sa.Column("post_id", _id(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_talks_case_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_talks_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talks")),
    )
    _where("ix_talks_waiting", "talks", ["look_at"], "look_at IS NOT NULL", unique=False)
    _where("uq_talks_open", "talks", ["account", "sender"], "look_at IS NOT NULL")
    op.create_table(
        "talk_messages",
        sa.Column("id", _id(), nullable=False),
        sa.Column("talk_id", _id(), nullable=True),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("account", "sender", "mark", "once", "kind")
        ),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["talk_id"], ["talks.id"], name=op.f("fk_talk_messages_talk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk_messages")),
        sa.UniqueConstraint("account", "mark", name=op.f("uq_talk_messages_account_mark")),
    )
    op.create_index("ix_talk_messages_sender", "talk_messages", ["account", "sender", "at"])
    op.create_index("ix_talk_messages_talk_id", "talk_messages", ["talk_id"])
    _where("uq_talk_messages_once", "talk_messages", ["account", "once"], "once <> ''")


def _chats() -> None:
    op.create_table(
        "chats",
        sa.Column("id", _id(), nullable=False),
        sa.Column("user_id", _id(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("account", "chat_id", "wants", "asked")),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_chats_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chats")),
    )
    _where("uq_chats_user_id", "chats", ["user_id"], "ended_at IS NULL")
    _where("uq_chats_chat_id", "chats", ["account", "chat_id"], "ended_at IS NULL")
    op.create_table(
        "chat_codes",
        sa.Column("id", _id(), nullable=False),
        sa.Column("user_id", _id(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_chat_codes_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_codes")),
        sa.UniqueConstraint("digest", name=op.f("uq_chat_codes_digest")),
    )
    op.create_table(
        "chat_updates",
        sa.Column("id", _id(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_updates")),
        sa.UniqueConstraint("account", "update_id", name=op.f("uq_chat_updates_account_update_id")),
    )


def _where(name: str, table: str, columns: list[str], where: str, unique: bool = True) -> None:
    fits = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=fits, postgresql_where=fits)
