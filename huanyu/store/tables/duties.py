"""Who owes what on a case: hand-overs, pauses, extensions, cards; and who may: shifts, deputies, recusals, grants.

A row that ends keeps its line: nothing here is deleted to make room for what follows.
"""

from __future__ import annotations

from sqlalchemy import Column
from sqlalchemy import Index
from sqlalchemy import Table
from sqlalchemy import UniqueConstraint
from sqlalchemy import and_

from huanyu.store.columns import Words
from huanyu.store.tables.shape import key
from huanyu.store.tables.shape import metadata
from huanyu.store.tables.shape import moment
from huanyu.store.tables.shape import number
from huanyu.store.tables.shape import once
from huanyu.store.tables.shape import ref
from huanyu.store.tables.shape import text
from huanyu.store.tables.shape import waiting

assignments = Table(
    "assignments",
    metadata,
    key(),
    ref("case_id", "cases.id"),
    number("round", 1),
    text("unit"),
    text("part"),  # lead | assist
    moment("given_at"),
    text("given_by"),
    text("why"),
    moment("signed_at", null=True),
    text("signed_by"),
    moment("arrived_at", null=True),
    moment("returned_at", null=True),
    text("return_kind"),  # reasons.toml
    text("reason"),
    text("opinion"),  # of an assisting unit
    moment("answered_at", null=True),  # reported, or gave its opinion
    moment("ended_at", null=True),
    moment("look_at", null=True),  # when it is asked again whether the slip arrived
    Index("ix_assignments_case_id", "case_id"),
    Index("ix_assignments_given_at", "given_at"),
    Index("ix_assignments_unit_ended_at", "unit", "ended_at"),
    Index("ix_assignments_helping", "unit", "part", "ended_at", "case_id"),
)
once("uq_assignments_open", [assignments.c.case_id, assignments.c.unit], "ended_at IS NULL")
once("uq_assignments_lead", [assignments.c.case_id], "part = 'lead' AND ended_at IS NULL")
waiting(
    "ix_assignments_unsigned",
    assignments.c.given_at,
    and_(assignments.c.signed_at.is_(None), assignments.c.ended_at.is_(None)),
)
waiting(
    "ix_assignments_look_at",
    assignments.c.look_at,
    and_(assignments.c.signed_at.is_(None), assignments.c.ended_at.is_(None)),
)

links = Table(
    "links",
    metadata,
    key(),
    ref("assignment_id", "assignments.id"),
    Column("token_hash", Words, nullable=False, unique=True),  # the token itself is kept nowhere
    moment("made_at"),
    text("made_by"),
    moment("expires_at"),
    moment("used_at", null=True),
    moment("revoked_at", null=True),
    number("failed"),
    Index("ix_links_assignment_id", "assignment_id"),
)

stops = Table(
    "stops",
    metadata,
    key(),
    ref("case_id", "cases.id"),
    number("round", 1),
    text("kind"),  # reasons.toml
    text("reason"),
    moment("from_at"),
    moment("until_at", null=True),
    text("actor"),
    text("agreed_by"),
    Index("ix_stops_case_id", "case_id"),
)
once("uq_stops_open", [stops.c.case_id], "until_at IS NULL")

extensions = Table(
    "extensions",
    metadata,
    key(),
    ref("case_id", "cases.id"),
    number("round", 1),
    text("clock"),
    text("asked_by"),
    moment("asked_at"),
    text("reason"),
    number("amount"),
    text("unit"),  # of `amount`
    moment("old_due"),
    moment("new_due"),
    text("decided_by"),
    moment("decided_at", null=True),
    text("decision"),  # agreed | refused
    moment("told_at", null=True),  # the reporter
    text("told_how"),
    Index("ix_extensions_case_id", "case_id"),
)
waiting("ix_extensions_undecided", extensions.c.id, extensions.c.decided_at.is_(None))

cards = Table(
    "cards",
    metadata,
    key(),
    ref("clock_id", "clocks.id"),
    text("stage"),  # yellow red up1 up2 up3
    moment("at"),  # the first moment it may be given
    text("whom"),
    moment("given_at", null=True),
    moment("dropped_at", null=True),  # its limit was met, stopped or replaced before
    text("why"),
    UniqueConstraint("clock_id", "stage"),
)
waiting("ix_cards_waiting", cards.c.at, and_(cards.c.given_at.is_(None), cards.c.dropped_at.is_(None)))

shifts = Table(
    "shifts",
    metadata,
    key(),
    text("unit"),
    ref("user_id", "users.id"),
    moment("from_at"),
    moment("to_at"),
    text("kind"),
    text("actor"),
    Index("ix_shifts_to_at", "to_at"),
)

absences = Table(
    "absences",
    metadata,
    key(),
    ref("user_id", "users.id"),
    moment("from_at"),
    moment("to_at"),
    ref("deputy_id", "users.id"),
    text("actor"),
    Index("ix_absences_to_at", "to_at"),
)

recusals = Table(
    "recusals",
    metadata,
    key(),
    ref("case_id", "cases.id"),
    ref("user_id", "users.id"),
    text("reason"),
    text("declared_by"),
    moment("at"),
    moment("lifted_at", null=True),
    Index("ix_recusals_user_id", "user_id", "lifted_at", "case_id"),
)
once("uq_recusals_open", [recusals.c.case_id, recusals.c.user_id], "lifted_at IS NULL")

#: The office lets a unit, or one person of it, read who reported a case.
grants = Table(
    "grants",
    metadata,
    key(),
    ref("case_id", "cases.id"),
    text("unit"),
    ref("user_id", "users.id", null=True),
    text("reason"),
    text("actor"),
    moment("at"),
    moment("until"),
    moment("revoked_at", null=True),
    Index("ix_grants_case_id", "case_id"),
)
