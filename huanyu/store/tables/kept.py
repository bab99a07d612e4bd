"""Triggers of the case work: what no program may delete or rewrite, whatever its mistake.

The database itself says no, as it does for issued bulletins (see papers).
"""

from __future__ import annotations

from sqlalchemy import DDL
from sqlalchemy import Table
from sqlalchemy import event

from huanyu.store.tables.desk import identity_reads
from huanyu.store.tables.duties import assignments
from huanyu.store.tables.duties import extensions
from huanyu.store.tables.found import contacts
from huanyu.store.tables.found import follow_ups
from huanyu.store.tables.handling import case_events
from huanyu.store.tables.handling import cases
from huanyu.store.tables.handling import results
from huanyu.store.tables.official import documents
from huanyu.store.tables.official import prints
from huanyu.store.tables.shape import metadata

CLOSED = "a case is never deleted, only closed"
SAME = "number and day of opening of a case never change"
WRITTEN = "what was noted is never rewritten"
HELD = "a hand-over is never deleted, only ended"
ASKED = "an extension that was asked for stays on record"
ISSUED = "an issued document never changes"
IS_ISSUED = "OLD.issued_at IS NOT NULL"

REVIEW = frozenset({"id", "reviewed_by", "reviewed_at", "verdict"})
REPORTED = [column.name for column in results.c if column.name not in REVIEW]
SIGNED = ("kind", "serial", "year", "number", "case_id", "fields", "issued_at", "docx", "pdf", "digest")

_FUNCTION = (
    "CREATE OR REPLACE FUNCTION huanyu_keep() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_ARGV[0],"
    " ERRCODE = 'integrity_constraint_violation'; END $$"
)


def _refuse(table: Table, name: str, verb: str, said: str, when: str = "") -> None:
    """Let the database refuse `verb` on rows of `table`, on all of them or `when` they fit."""
    head = f"CREATE TRIGGER {table.name}_{name} BEFORE {verb} ON {table.name}"
    only = f" WHEN {when}" if when else ""
    each = f" FOR EACH ROW WHEN ({when})" if when else " FOR EACH ROW"
    statements = {
        "sqlite": f"{head}{only} BEGIN SELECT RAISE(ABORT, '{said}'); END",
        "postgresql": f"{head}{each} EXECUTE FUNCTION huanyu_keep('{said}')",
    }
    for dialect, statement in statements.items():
        made = DDL(statement)  # type: ignore[no-untyped-call]
        event.listen(table, "after_create", made.execute_if(dialect=dialect))


event.listen(
    metadata,
    "before_create",
    DDL(_FUNCTION).execute_if(dialect="postgresql"),  # type: ignore[no-untyped-call]
)
_refuse(cases, "kept", "DELETE", CLOSED)
_refuse(cases, "stay", "UPDATE OF number, public_id, opened_at", SAME)
_refuse(results, "kept", "DELETE", WRITTEN)
_refuse(results, "stay", f"UPDATE OF {', '.join(REPORTED)}", WRITTEN)
_refuse(assignments, "kept", "DELETE", HELD)
_refuse(extensions, "kept", "DELETE", ASKED)
_refuse(documents, "kept", "DELETE", ISSUED, IS_ISSUED)
_refuse(documents, "stay", f"UPDATE OF {', '.join(SIGNED)}", ISSUED, IS_ISSUED)
for written in (case_events, identity_reads, prints, follow_ups, contacts):
    _refuse(written, "kept", "DELETE", WRITTEN)
    _refuse(written, "stay", "UPDATE", WRITTEN)
