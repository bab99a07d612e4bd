"""What is added to an issued bulletin, and the triggers that refuse any change of what was issued.

The database itself says no: also a program with a mistake, or a person at its prompt, cannot rewrite an issue.
"""

from __future__ import annotations

from sqlalchemy import DDL
from sqlalchemy import Column
from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import Table
from sqlalchemy import UniqueConstraint
from sqlalchemy import event

from huanyu.store.columns import Id
from huanyu.store.tables.leaving import bulletins
from huanyu.store.tables.shape import key
from huanyu.store.tables.shape import metadata
from huanyu.store.tables.shape import moment
from huanyu.store.tables.shape import number
from huanyu.store.tables.shape import ref
from huanyu.store.tables.shape import text

bulletin_seals = Table(
    "bulletin_seals",
    metadata,
    Column("bulletin_id", Id, ForeignKey("bulletins.id"), primary_key=True, autoincrement=False),
    text("digest"),  # SHA-256 over content, HTML, DOCX and PDF as issued
    text("words"),  # all that is printed, folded for the search
)

bulletin_marks = Table(
    "bulletin_marks",
    metadata,
    key(),
    ref("bulletin_id", "bulletins.id"),
    text("kind"),  # signed | withdrawn
    moment("at"),
    text("actor"),
    text("note"),
    UniqueConstraint("bulletin_id", "kind"),
)

bulletin_corrections = Table(
    "bulletin_corrections",
    metadata,
    key(),
    ref("bulletin_id", "bulletins.id"),
    number("number"),
    moment("at"),
    text("actor"),
    text("figure"),
    text("label"),
    text("unit"),
    Column("printed", Integer, nullable=False),
    Column("correct", Integer, nullable=False),
    text("why"),
    UniqueConstraint("bulletin_id", "number"),
)

deliveries = Table(
    "deliveries",
    metadata,
    key(),
    ref("bulletin_id", "bulletins.id"),
    number("correction"),  # 0 = the bulletin itself
    text("recipient"),
    text("name"),
    text("channel"),
    text("address"),
    text("form"),
    moment("at"),
    Column("message_id", Id, ForeignKey("outbox.id"), nullable=True, unique=True),
    UniqueConstraint("bulletin_id", "correction", "recipient"),  # at most once
)

bulletin_opens = Table(
    "bulletin_opens",
    metadata,
    key(),
    ref("bulletin_id", "bulletins.id"),
    text("reader"),
    moment("at"),
    UniqueConstraint("bulletin_id", "reader"),
    Index("ix_bulletin_opens_reader", "reader"),
)

ISSUED = (
    *("series", "scope", "day", "year", "number", "total", "issued_at"),
    *("title", "audit_head", "content", "html", "docx", "pdf"),
)
SAID = "an issued bulletin never changes"

_SQLITE = (
    f"CREATE TRIGGER bulletins_stay BEFORE UPDATE OF {', '.join(ISSUED)} ON bulletins"
    f" WHEN OLD.issued_at IS NOT NULL BEGIN SELECT RAISE(ABORT, '{SAID}'); END",
    "CREATE TRIGGER bulletins_kept BEFORE DELETE ON bulletins"
    f" WHEN OLD.issued_at IS NOT NULL BEGIN SELECT RAISE(ABORT, '{SAID}'); END",
)
_POSTGRES = (
    "CREATE OR REPLACE FUNCTION huanyu_refuse() RETURNS trigger LANGUAGE plpgsql AS"
    f" $$ BEGIN RAISE EXCEPTION '{SAID}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    f"CREATE TRIGGER bulletins_stay BEFORE UPDATE OF {', '.join(ISSUED)} ON bulletins"
    " FOR EACH ROW WHEN (OLD.issued_at IS NOT NULL) EXECUTE FUNCTION huanyu_refuse()",
    "CREATE TRIGGER bulletins_kept BEFORE DELETE ON bulletins"
    " FOR EACH ROW WHEN (OLD.issued_at IS NOT NULL) EXECUTE FUNCTION huanyu_refuse()",
)


def _on_creation(table: Table, statement: str, dialect: str) -> None:
    made = DDL(statement)  # type: ignore[no-untyped-call]
    event.listen(table, "after_create", made.execute_if(dialect=dialect))


def _frozen(table: Table) -> None:
    """Rows of `table` are written once."""
    for verb in ("UPDATE", "DELETE"):
        head = f"CREATE TRIGGER {table.name}_{verb.lower()} BEFORE {verb} ON {table.name}"
        _on_creation(table, f"{head} BEGIN SELECT RAISE(ABORT, '{SAID}'); END", "sqlite")
        _on_creation(table, f"{head} FOR EACH ROW EXECUTE FUNCTION huanyu_refuse()", "postgresql")


for statement in _SQLITE:
    _on_creation(bulletins, statement, "sqlite")
for statement in _POSTGRES:
    _on_creation(bulletins, statement, "postgresql")
for table in (bulletin_seals, bulletin_marks, bulletin_corrections):
    _frozen(table)
