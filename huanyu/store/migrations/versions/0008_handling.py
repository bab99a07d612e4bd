"""Case work: hand-overs, limits with pauses and cards, findings, official papers, incidents; and triggers that refuse
to delete or rewrite what was noted.

Columns are added with a default, never by rebuilding a table: SQLite would empty `cases` under its foreign keys.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
moment = sa.DateTime(timezone=True)

CLOSED = "a case is never deleted, only closed"
SAME = "number and day of opening of a case never change"
WRITTEN = "what was noted is never rewritten"
HELD = "a hand-over is never deleted, only ended"
ASKED = "an extension that was asked for stays on record"
ISSUED = "an issued document never changes"
REPORTED = (
    "case_id, finding, visited_at, found, measure, basis, next_step, internal_report, polluter, polluter_public,"
    " recorded_by, recorded_at, reported_by_unit, people, measures, bases, outcome, fine_cents, damages_cents,"
    " rectify_by, public_answer, stage"
)
SIGNED = "kind, serial, year, number, case_id, fields, issued_at, docx, pdf, digest"
FROZEN = ("case_events", "identity_reads", "prints", "follow_ups", "contacts")


def words(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False)


def late_words(table: str, *names: str, start: str = "") -> None:
    for name in names:
        op.add_column(table, sa.Column(name, sa.Text(), nullable=False, server_default=start))


def late(table: str, kind: sa.types.TypeEngine, *names: str) -> None:
    for name in names:
        op.add_column(table, sa.Column(name, kind, nullable=True))


def late_json(table: str, *names: str, start: str) -> None:
    for name in names:
        op.add_column(table, sa.Column(name, json, nullable=False, server_default=start))


def partial(name: str, table: str, columns: list[str], where: str, unique: bool = False) -> None:
    fits = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=fits, postgresql_where=fits)


def upgrade() -> None:
    _posts()
    _cases()
    _events_and_results()
    _clocks()
    _handing_over()
    _limits()
    _people()
    _found()
    _official()
    _rerouting()
    _carry_over()
    _refuse()


def _posts() -> None:
    late("posts", moment, "learned_at")
    late_words("posts", "entered_by")


def _cases() -> None:
    late_words("cases", "type", start="complaint")
    late_words("cases", "channel", "external_number", "lane", "campaign", "owner", "level_by", "satisfied")
    late_json("cases", "fields", start="{}")
    late("cases", key, "parent_id", "incident_id")
    late("cases", sa.Boolean(), "built_up")
    late("cases", moment, "happened_at", "accepted_at", "arrived_at", "reported_at", "level_at", "changed_at")
    op.add_column("cases", sa.Column("restricted", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_cases_parent_id", "cases", ["parent_id"], unique=False)
    op.create_index("ix_cases_state_id", "cases", ["state", "id"], unique=False)
    op.drop_index("ix_cases_handled", table_name="cases")  # the one above finds them as well
    op.create_index("ix_cases_unit_id", "cases", ["unit", "id"], unique=False)
    op.add_column("cases", sa.Column("watched_posts", sa.Integer(), nullable=False, server_default="0"))
    partial("ix_cases_unwatched", "cases", ["id"], "watched_posts != posts")
    partial("ix_cases_incident_id", "cases", ["incident_id"], "incident_id IS NOT NULL")
    partial("ix_cases_changed", "cases", ["id"], "changed_at IS NOT NULL")
    late_words("cases", "changed_why")
    late_json("cases", "edited", "level_known", start="[]")
    unconfirmed = "level_by = '' AND level != '一般' AND closed_at IS NULL"
    partial("ix_cases_unconfirmed", "cases", ["id"], unconfirmed)
    numbered = "external_number != '' AND parent_id IS NULL"
    partial("uq_cases_external", "cases", ["channel", "external_number"], numbered, unique=True)


def _events_and_results() -> None:
    late_json("case_events", "changes", start="{}")
    op.add_column("case_events", sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
    late_words("results", "reported_by_unit", "outcome", "public_answer", "reviewed_by", "verdict")
    late_words("results", "stage", start="final")
    late_json("results", "people", "measures", "bases", start="[]")
    late("results", sa.BigInteger(), "fine_cents", "damages_cents")
    late("results", sa.Date(), "rectify_by")
    late("results", moment, "reviewed_at")


def _clocks() -> None:
    late_words("clocks", "rule", "unit", "met_how", "calendar")
    late("clocks", moment, "from_at", "base_due", "met_at", "planned_at")
    op.add_column("clocks", sa.Column("amount", sa.Integer(), nullable=False, server_default="0"))
    partial("ix_clocks_unplanned", "clocks", ["id"], "planned_at IS NULL AND ended_at IS NULL")
    op.create_index(
        "ix_clocks_provisional",
        "clocks",
        ["id"],
        sqlite_where=sa.text("provisional = 1 AND ended_at IS NULL"),
        postgresql_where=sa.text("provisional AND ended_at IS NULL"),
    )


def _handing_over() -> None:
    op.create_table(
        "assignments",
        sa.Column("id", key, nullable=False),
        sa.Column("case_id", key, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        words("unit"),
        words("part"),
        sa.Column("given_at", moment, nullable=False),
        words("given_by"),
        words("why"),
        sa.Column("signed_at", moment, nullable=True),
        words("signed_by"),
        sa.Column("arrived_at", moment, nullable=True),
        sa.Column("returned_at", moment, nullable=True),
        words("return_kind"),
        words("reason"),
        words("opinion"),
        sa.Column("answered_at", moment, nullable=True),
        sa.Column("ended_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_assignments_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
    )
    op.create_index("ix_assignments_case_id", "assignments", ["case_id"], unique=False)
    op.create_index("ix_assignments_unit_ended_at", "assignments", ["unit", "ended_at"], unique=False)
    partial("ix_assignments_unsigned", "assignments", ["given_at"], "signed_at IS NULL AND ended_at IS NULL")
    partial("uq_assignments_lead", "assignments", ["case_id"], "part = 'lead' AND ended_at IS NULL", unique=True)
    partial("uq_assignments_open", "assignments", ["case_id", "unit"], "ended_at IS NULL", unique=True)
    op.create_table(
        "links",
        sa.Column("id", key, nullable=False),
        sa.Column("assignment_id", key, nullable=False),
        words("token_hash"),
        sa.Column("made_at", moment, nullable=False),
        words("made_by"),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("used_at", moment, nullable=True),
        sa.Column("revoked_at", moment, nullable=True),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignments.id"], name=op.f("fk_links_assignment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_links_token_hash")),
    )
    op.create_index("ix_links_assignment_id", "links", ["assignment_id"], unique=False)


def _limits() -> None:
    op.create_table(
        "stops",
        sa.Column("id", key, nullable=False),
        sa.Column("case_id", key, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        words("kind"),
        words("reason"),
        sa.Column("from_at", moment, nullable=False),
        sa.Column("until_at", moment, nullable=True),
        words("actor"),
        words("agreed_by"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_stops_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stops")),
    )
    op.create_index("ix_stops_case_id", "stops", ["case_id"], unique=False)
    partial("uq_stops_open", "stops", ["case_id"], "until_at IS NULL", unique=True)
    op.create_table(
        "extensions",
        sa.Column("id", key, nullable=False),
        sa.Column("case_id", key, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        words("clock"),
        words("asked_by"),
        sa.Column("asked_at", moment, nullable=False),
        words("reason"),
        sa.Column("amount", sa.Integer(), nullable=False),
        words("unit"),
        sa.Column("old_due", moment, nullable=False),
        sa.Column("new_due", moment, nullable=False),
        words("decided_by"),
        sa.Column("decided_at", moment, nullable=True),
        words("decision"),
        sa.Column("told_at", moment, nullable=True),
        words("told_how"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_extensions_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extensions")),
    )
    op.create_index("ix_extensions_case_id", "extensions", ["case_id"], unique=False)
    partial("ix_extensions_undecided", "extensions", ["id"], "decided_at IS NULL")
    op.create_table(
        "cards",
        sa.Column("id", key, nullable=False),
        sa.Column("clock_id", key, nullable=False),
        words("stage"),
        sa.Column("at", moment, nullable=False),
        words("whom"),
        sa.Column("given_at", moment, nullable=True),
        sa.Column("dropped_at", moment, nullable=True),
        words("why"),
        sa.ForeignKeyConstraint(["clock_id"], ["clocks.id"], name=op.f("fk_cards_clock_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cards")),
        sa.UniqueConstraint("clock_id", "stage", name=op.f("uq_cards_clock_id_stage")),
    )
    partial("ix_cards_waiting", "cards", ["at"], "given_at IS NULL AND dropped_at IS NULL")


def _people() -> None:
    op.create_table(
        "shifts",
        sa.Column("id", key, nullable=False),
        words("unit"),
        sa.Column("user_id", key, nullable=False),
        sa.Column("from_at", moment, nullable=False),
        sa.Column("to_at", moment, nullable=False),
        words("kind"),
        words("actor"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_shifts_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shifts")),
    )
    op.create_index("ix_shifts_to_at", "shifts", ["to_at"], unique=False)
    op.create_table(
        "absences",
        sa.Column("id", key, nullable=False),
        sa.Column("user_id", key, nullable=False),
        sa.Column("from_at", moment, nullable=False),
        sa.Column("to_at", moment, nullable=False),
        sa.Column("deputy_id", key, nullable=False),
        words("actor"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_absences_user_id")),
        sa.ForeignKeyConstraint(["deputy_id"], ["users.id"], name=op.f("fk_absences_deputy_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index("ix_absences_to_at", "absences", ["to_at"], unique=False)
    op.create_table(
        "recusals",
        sa.Column("id", key, nullable=False),
        sa.Column("case_id", key, nullable=False),
        sa.Column("user_id", key, nullable=False),
        words("reason"),
        words("declared_by"),
        sa.Column("at", moment, nullable=False),
        sa.Column("lifted_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_recusals_case_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_recusals_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recusals")),
    )
    partial("uq_recusals_open", "recusals", ["case_id", "user_id"], "lifted_at IS NULL", unique=True)
    op.create_table(
        "grants",
        sa.Column("id", key, nullable=False),
        sa.Column("case_id", key, nullable=False),
        words("unit"),
        sa.Column("user_id", key, nullable=True),
        words("reason"),
        words("actor"),
        sa.Column("at", moment, nullable=False),
        sa.Column("until", moment, nullable=False),
        sa.Column("revoked_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_grants_case_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_grants_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
    )
    op.create_index("ix_grants_case_id", "grants", ["case_id"], unique=False)


def _found() -> None:
    op.create_table(
        "measurements",
        sa.Column("id", key, nullable=False),
        sa.Column("result_id", key, nullable=False),
        words("item"),
        words("value"),
        words("unit"),
        words("limit_value"),
        words("limit_source"),
        sa.Column("at", moment, nullable=True),
        words("point"),
        words("report_no"),
        sa.Column("exceeded", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["result_id"], ["results.id"], name=op.f("fk_measurements_result_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measurements")),
    )
    op.create_index("ix_measurements_result_id", "measurements", ["result_id"], unique=False)
    op.create_table(
        "case_files",
        sa.Column("id", key, nullable=False),
        sa.Column("case_id", key, nullable=False),
        sa.Column("result_id", key, nullable=True),
        words("sha256"),
        words("clean_sha256"),
        words("name"),
        words("media"),
        words("kind"),
        words("caption"),
        words("credit"),
        sa.Column("taken_at", moment, nullable=True),
        sa.Column("exif", json, nullable=False),
        words("actor"),
        sa.Column("at", moment, nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_files_case_id")),
        sa.ForeignKeyConstraint(["result_id"], ["results.id"], name=op.f("fk_case_files_result_id")),
        sa.ForeignKeyConstraint(["sha256"], ["blobs.sha256"], name=op.f("fk_case_files_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_files")),
    )
    op.create_index("ix_case_files_case_id", "case_files", ["case_id"], unique=False)
    op.create_index("ix_case_files_clean_sha256", "case_files", ["clean_sha256"], unique=False)
    op.create_index("ix_case_files_sha256", "case_files", ["sha256"], unique=False)
    op.create_table(
        "contacts",
        sa.Column("id", key, nullable=False),
        sa.Column("case_id", key, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("at", moment, nullable=False),
        words("actor"),
        words("way"),
        words("stage"),
        words("told"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_contacts_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
    )
    op.create_index("ix_contacts_case_id", "contacts", ["case_id"], unique=False)
    op.create_table(
        "follow_ups",
        sa.Column("id", key, nullable=False),
        sa.Column("case_id", key, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("at", moment, nullable=False),
        words("actor"),
        words("way"),
        words("satisfied"),
        words("note"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_follow_ups_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_ups")),
    )
    op.create_index("ix_follow_ups_case_id", "follow_ups", ["case_id"], unique=False)


def _official() -> None:
    op.create_table(
        "documents",
        sa.Column("id", key, nullable=False),
        words("kind"),
        words("serial"),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("case_id", key, nullable=True),
        sa.Column("about_id", key, nullable=True),
        words("unit"),
        words("title"),
        sa.Column("fields", json, nullable=False),
        words("state"),
        sa.Column("made_at", moment, nullable=False),
        words("made_by"),
        sa.Column("signed_at", moment, nullable=True),
        words("signed_by"),
        sa.Column("issued_at", moment, nullable=True),
        words("docx"),
        words("pdf"),
        words("digest"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_documents_case_id")),
        sa.ForeignKeyConstraint(["about_id"], ["documents.id"], name=op.f("fk_documents_about_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
    )
    op.create_index("ix_documents_case_id", "documents", ["case_id"], unique=False)
    op.create_index("ix_documents_docx", "documents", ["docx"], unique=False)
    op.create_index("ix_documents_pdf", "documents", ["pdf"], unique=False)
    partial("uq_documents_number", "documents", ["kind", "year", "number"], "number > 0", unique=True)
    partial("uq_documents_serial", "documents", ["serial"], "serial != ''", unique=True)
    op.create_table(
        "prints",
        sa.Column("id", key, nullable=False),
        sa.Column("case_id", key, nullable=False),
        sa.Column("document_id", key, nullable=True),
        words("form"),
        words("actor"),
        sa.Column("at", moment, nullable=False),
        words("reason"),
        words("mark"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_prints_case_id")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_prints_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prints")),
        sa.UniqueConstraint("mark", name=op.f("uq_prints_mark")),
    )
    op.create_index("ix_prints_case_id", "prints", ["case_id"], unique=False)
    op.create_table(
        "incidents",
        sa.Column("id", key, nullable=False),
        words("number"),
        words("title"),
        words("level"),
        words("why"),
        sa.Column("began_at", moment, nullable=True),
        sa.Column("known_at", moment, nullable=False),
        words("actor"),
        words("confirmed_by"),
        sa.Column("confirmed_at", moment, nullable=True),
        words("line"),
        words("line_by"),
        sa.Column("line_at", moment, nullable=True),
        sa.Column("closed_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
        sa.UniqueConstraint("number", name=op.f("uq_incidents_number")),
    )
    op.create_table(
        "incident_reports",
        sa.Column("id", key, nullable=False),
        sa.Column("incident_id", key, nullable=False),
        words("kind"),
        sa.Column("number", sa.Integer(), nullable=False),
        words("to_whom"),
        sa.Column("due", moment, nullable=False),
        sa.Column("sent_at", moment, nullable=True),
        words("actor"),
        words("text"),
        sa.Column("document_id", key, nullable=True),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_incident_reports_incident_id")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_incident_reports_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_reports")),
        sa.UniqueConstraint("incident_id", "kind", "number", name=op.f("uq_incident_reports_incident_id_kind_number")),
    )


def _rerouting() -> None:
    op.create_table(
        "reroutes",
        sa.Column("id", key, nullable=False),
        sa.Column("case_id", key, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("at", moment, nullable=False),
        words("because"),
        words("unit"),
        words("department"),
        sa.Column("assist", json, nullable=False),
        words("rule"),
        words("why"),
        sa.Column("decided_at", moment, nullable=True),
        words("decided_by"),
        words("decision"),
        words("note"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_reroutes_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reroutes")),
    )
    op.create_index("ix_reroutes_case_id", "reroutes", ["case_id"], unique=False)
    partial("uq_reroutes_open", "reroutes", ["case_id"], "decided_at IS NULL", unique=True)


def _carry_over() -> None:
    """What the desk knows already, in the new columns and tables; earlier rounds stay in the history only."""
    op.execute("UPDATE cases SET watched_posts = posts")
    op.execute("UPDATE cases SET channel = (SELECT kind FROM posts WHERE posts.id = cases.first_post_id)")
    op.execute(
        "UPDATE clocks SET base_due = due, from_at = ("
        " SELECT CASE WHEN clocks.name = 'sign' THEN COALESCE(c.routed_at, c.learned_at) ELSE c.learned_at END"
        " FROM cases c WHERE c.id = clocks.case_id AND c.round = clocks.round)"
    )
    op.execute(LEADS)
    op.execute(
        "INSERT INTO stops (case_id, round, kind, reason, from_at, actor, agreed_by)"
        " SELECT c.id, c.round, '', e.note, e.at, e.actor, '' FROM cases c JOIN case_events e ON e.id = ("
        " SELECT MAX(id) FROM case_events WHERE case_id = c.id AND state = 'paused' AND moved)"
        " WHERE c.state = 'paused' ORDER BY c.id"
    )
    op.execute(
        "INSERT INTO cards (clock_id, stage, at, whom, given_at, why)"
        " SELECT k.id, r.stage, r.at, '', r.at, '' FROM reminders r JOIN clocks k ON k.id = ("
        " SELECT MAX(id) FROM clocks WHERE case_id = r.case_id AND round = r.round AND name = r.clock)"
        " WHERE k.ended_at IS NULL AND r.at >= k.started_at ORDER BY r.id"
    )


# A case without `routed_at` waits for the route of its new round; its unit is that of the round before.
LEADS = """
INSERT INTO assignments (case_id, round, unit, part, given_at, given_by, why, signed_at, signed_by,
    returned_at, return_kind, reason, opinion, answered_at, ended_at)
SELECT c.id, CASE WHEN c.routed_at IS NULL THEN c.round - 1 ELSE c.round END, c.unit, 'lead',
    COALESCE(given.at, c.routed_at, c.opened_at), COALESCE(given.actor, ''), c.why,
    COALESCE(c.signed_at, result.recorded_at), COALESCE(signed.actor, ''),
    CASE WHEN c.state = 'returned' THEN back.at END, '',
    CASE WHEN c.state = 'returned' THEN COALESCE(back.note, '') ELSE '' END, '',
    CASE WHEN c.state NOT IN ('assigned', 'signed', 'paused', 'returned') THEN result.recorded_at END,
    CASE WHEN c.routed_at IS NULL THEN c.learned_at
         WHEN c.state = 'returned' THEN COALESCE(back.at, c.routed_at)
         ELSE COALESCE(c.answered_at, c.closed_at) END
FROM cases c
LEFT JOIN results result ON result.id = c.result_id
LEFT JOIN case_events given ON given.id = (
    SELECT MAX(id) FROM case_events WHERE case_id = c.id AND action = 'routed')
LEFT JOIN case_events signed ON c.signed_at IS NOT NULL AND signed.id = (
    SELECT MAX(id) FROM case_events WHERE case_id = c.id AND action = 'signed')
LEFT JOIN case_events back ON back.id = (
    SELECT MAX(id) FROM case_events WHERE case_id = c.id AND state = 'returned' AND moved)
WHERE c.unit != ''
ORDER BY c.id
"""


def _refuse() -> None:
    """The database refuses to delete a case, and to rewrite what was noted of one."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute(
            "CREATE OR REPLACE FUNCTION huanyu_keep() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_ARGV[0],"
            " ERRCODE = 'integrity_constraint_violation'; END $$"
        )
    _trigger("cases", "kept", "DELETE", CLOSED)
    _trigger("cases", "stay", "UPDATE OF number, public_id, opened_at", SAME)
    _trigger("results", "kept", "DELETE", WRITTEN)
    _trigger("results", "stay", f"UPDATE OF {REPORTED}", WRITTEN)
    _trigger("assignments", "kept", "DELETE", HELD)
    _trigger("extensions", "kept", "DELETE", ASKED)
    _trigger("documents", "kept", "DELETE", ISSUED, "OLD.issued_at IS NOT NULL")
    _trigger("documents", "stay", f"UPDATE OF {SIGNED}", ISSUED, "OLD.issued_at IS NOT NULL")
    for table in FROZEN:
        _trigger(table, "kept", "DELETE", WRITTEN)
        _trigger(table, "stay", "UPDATE", WRITTEN)


def _trigger(table: str, name: str, verb: str, said: str, when: str = "") -> None:
    head = f"CREATE TRIGGER {table}_{name} BEFORE {verb} ON {table}"
    if op.get_bind().dialect.name == "sqlite":
        only = f" WHEN {when}" if when else ""
        op.execute(f"{head}{only} BEGIN SELECT RAISE(ABORT, '{said}'); END")
    else:
        each = f" FOR EACH ROW WHEN ({when})" if when else " FOR EACH ROW"
        op.execute(f"{head}{each} EXECUTE FUNCTION huanyu_keep('{said}')")
