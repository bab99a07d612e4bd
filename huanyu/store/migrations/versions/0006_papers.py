"""What is added to an issued bulletin (signature, withdrawal, corrections, deliveries, who opened it), and triggers
that refuse any change of what was issued.

Bulletins issued before get their digest and search words here; the rest of their row is left alone.
"""

import hashlib
import json

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
moment = sa.DateTime(timezone=True)

SAID = "an issued bulletin never changes"
ISSUED = "series, scope, day, year, number, total, issued_at, title, audit_head, content, html, docx, pdf"
FROZEN = ("bulletin_seals", "bulletin_marks", "bulletin_corrections")


def upgrade() -> None:
    op.create_table(
        "bulletin_seals",
        sa.Column("bulletin_id", key, autoincrement=False, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["bulletin_id"], ["bulletins.id"], name=op.f("fk_bulletin_seals_bulletin_id")),
        sa.PrimaryKeyConstraint("bulletin_id", name=op.f("pk_bulletin_seals")),
    )
    op.create_table(
        "bulletin_marks",
        sa.Column("id", key, nullable=False),
        sa.Column("bulletin_id", key, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["bulletin_id"], ["bulletins.id"], name=op.f("fk_bulletin_marks_bulletin_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin_marks")),
        sa.UniqueConstraint("bulletin_id", "kind", name=op.f("uq_bulletin_marks_bulletin_id_kind")),
    )
    op.create_table(
        "bulletin_corrections",
        sa.Column("id", key, nullable=False),
        sa.Column("bulletin_id", key, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("figure", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("printed", sa.Integer(), nullable=False),
        sa.Column("correct", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bulletin_id"], ["bulletins.id"], name=op.f("fk_bulletin_corrections_bulletin_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin_corrections")),
        sa.UniqueConstraint("bulletin_id", "number", name=op.f("uq_bulletin_corrections_bulletin_id_number")),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", key, nullable=False),
        sa.Column("bulletin_id", key, nullable=False),
        sa.Column("correction", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("message_id", key, nullable=True),
        sa.ForeignKeyConstraint(["bulletin_id"], ["bulletins.id"], name=op.f("fk_deliveries_bulletin_id")),
        sa.ForeignKeyConstraint(["message_id"], ["outbox.id"], name=op.f("fk_deliveries_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint(
            "bulletin_id",
            "correction",
            "recipient",
            name=op.f("uq_deliveries_bulletin_id_correction_recipient"),
        ),
        sa.UniqueConstraint("message_id", name=op.f("uq_deliveries_message_id")),
    )
    op.create_table(
        "bulletin_opens",
        sa.Column("id", key, nullable=False),
        sa.Column("bulletin_id", key, nullable=False),
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.ForeignKeyConstraint(["bulletin_id"], ["bulletins.id"], name=op.f("fk_bulletin_opens_bulletin_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin_opens")),
        sa.UniqueConstraint("bulletin_id", "reader", name=op.f("uq_bulletin_opens_bulletin_id_reader")),
    )
    op.create_index("ix_bulletin_opens_reader", "bulletin_opens", ["reader"], unique=False)
    seal_what_was_issued()
    freeze()


def seal_what_was_issued() -> None:
    """Digest and search words of every bulletin that is out already."""
    connection = op.get_bind()
    issued = connection.execute(
        sa.text("SELECT id, title, content, html, docx, pdf FROM bulletins WHERE issued_at IS NOT NULL")
    ).all()
    for row in issued:
        whole = hashlib.sha256()
        for part in (row.content.encode(), row.html or b"", row.docx or b"", row.pdf or b""):
            whole.update(hashlib.sha256(part).digest())
        connection.execute(
            sa.text("INSERT INTO bulletin_seals (bulletin_id, digest, words) VALUES (:id, :digest, :words)"),
            {"id": row.id, "digest": whole.hexdigest(), "words": words_of(json.loads(row.content))},
        )


def words_of(made: dict) -> str:
    """Title, sentences, entries and tables, one a line, in lower case and without blanks."""
    told = [made["title"]]
    for section in made["sections"]:
        told.append(section["heading"])
        told += [sentence["text"] for sentence in section["sentences"]]
        for line in section["items"]:
            told.append(f"{line['number']} {line['title']} {line['quote']} {line['unit']}")
        told += [" ".join(cells) for cells in section["table"]]
    return "\n".join("".join(one.split()).casefold() for one in told)


def freeze() -> None:
    """The database refuses to change or delete what was issued, signed or put right."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER bulletins_stay BEFORE UPDATE OF {ISSUED} ON bulletins"
            f" WHEN OLD.issued_at IS NOT NULL BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
        )
        op.execute(
            "CREATE TRIGGER bulletins_kept BEFORE DELETE ON bulletins"
            f" WHEN OLD.issued_at IS NOT NULL BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
        )
    else:
        op.execute(
            "CREATE OR REPLACE FUNCTION huanyu_refuse() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN RAISE EXCEPTION '{SAID}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        for name, verb in (("bulletins_stay", f"UPDATE OF {ISSUED}"), ("bulletins_kept", "DELETE")):
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {verb} ON bulletins"
                " FOR EACH ROW WHEN (OLD.issued_at IS NOT NULL) EXECUTE FUNCTION huanyu_refuse()"
            )
    sqlite = op.get_bind().dialect.name == "sqlite"
    does = f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END" if sqlite else "FOR EACH ROW EXECUTE FUNCTION huanyu_refuse()"
    for table in FROZEN:
        for verb in ("UPDATE", "DELETE"):
            op.execute(f"CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table} {does}")
