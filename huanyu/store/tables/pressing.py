"""The press office: coverage and activities, contacts, conferences with what may be said, batches of typical cases."""

from __future__ import annotations

from sqlalchemy import Column
from sqlalchemy import Date
from sqlalchemy import Index
from sqlalchemy import LargeBinary
from sqlalchemy import Table
from sqlalchemy import UniqueConstraint

from huanyu.store.columns import Json
from huanyu.store.columns import Tuple
from huanyu.store.columns import Words
from huanyu.store.tables.shape import flag
from huanyu.store.tables.shape import key
from huanyu.store.tables.shape import metadata
from huanyu.store.tables.shape import moment
from huanyu.store.tables.shape import number
from huanyu.store.tables.shape import ref
from huanyu.store.tables.shape import text

press_conferences = Table(
    "press_conferences",
    metadata,
    key(),
    Column("number", Words, nullable=False, unique=True),
    text("state"),  # publisher.conferences
    text("theme"),
    moment("at"),
    text("place"),
    text("host"),
    Column("speakers", Tuple, nullable=False),
    Column("invited", Tuple, nullable=False),
    text("background"),
    text("agenda"),
    text("duties"),
    ref("incident_id", "incidents.id", null=True),
    text("why"),
    text("approver"),
    moment("approved_at", null=True),
    moment("held_at", null=True),
    text("made_by"),
    moment("made_at"),
    number("version", 1),
)

press_conference_cases = Table(
    "press_conference_cases",
    metadata,
    key(),
    ref("conference_id", "press_conferences.id"),
    ref("case_id", "cases.id"),
    UniqueConstraint("conference_id", "case_id"),
    Index("ix_press_conference_cases_case_id", "case_id"),
)

press_answers = Table(
    "press_answers",
    metadata,
    key(),
    text("kind"),
    text("question"),
    text("answer"),
    text("unit"),
    Column("valid_until", Date, nullable=False),
    text("state"),
    text("author"),
    moment("made_at"),
    text("approver"),
    moment("approved_at", null=True),
    number("version", 1),
    text("override", late=True),  # why a leader let it through against a finding
)

press_conference_answers = Table(
    "press_conference_answers",
    metadata,
    key(),
    ref("conference_id", "press_conferences.id"),
    ref("answer_id", "press_answers.id"),
    UniqueConstraint("conference_id", "answer_id"),
    Index("ix_press_conference_answers_answer_id", "answer_id"),
)

press_contacts = Table(
    "press_contacts",
    metadata,
    key(),
    text("name"),
    text("outlet"),
    text("kind"),  # press.toml
    text("duty"),
    Column("sealed", LargeBinary, nullable=False),  # telephone and mail
    flag("reachable"),
    Column("valid_from", Date, nullable=True),
    Column("valid_to", Date, nullable=True),
    text("made_by"),
    moment("made_at"),
    number("version", 1),
)

press_attendance = Table(
    "press_attendance",
    metadata,
    key(),
    ref("conference_id", "press_conferences.id"),
    ref("contact_id", "press_contacts.id", null=True),
    text("name"),
    text("outlet"),
    flag("came"),
    UniqueConstraint("conference_id", "outlet", "name"),
)

press_batches = Table(
    "press_batches",
    metadata,
    key(),
    number("year"),
    number("number"),
    text("title"),
    text("state"),  # publisher.case_batches
    text("approver"),
    moment("approved_at", null=True),
    text("made_by"),
    moment("made_at"),
    number("version", 1),
    text("override", late=True),  # why a leader let it through against a finding
    UniqueConstraint("year", "number"),
)

press_batch_cases = Table(
    "press_batch_cases",
    metadata,
    key(),
    ref("batch_id", "press_batches.id"),
    ref("case_id", "cases.id"),
    number("place"),
    text("heading"),
    text("text"),
    text("decision"),
    UniqueConstraint("batch_id", "case_id"),
    Index("ix_press_batch_cases_case_id", "case_id"),
)

press_records = Table(
    "press_records",
    metadata,
    key(),
    Column("token", Words, nullable=False, unique=True),
    text("kind"),  # press.toml
    Column("day", Date, nullable=False),
    text("title"),
    Column("amounts", Json, nullable=False),
    text("place"),
    Column("tags", Tuple, nullable=False),
    text("outlet"),
    text("slot"),
    text("author"),
    text("link"),
    text("evidence"),
    text("tone"),
    text("note"),
    ref("conference_id", "press_conferences.id", null=True),
    ref("batch_id", "press_batches.id", null=True),
    moment("struck_at", null=True),
    text("struck_why"),
    text("made_by"),
    moment("made_at"),
    number("version", 1),
    Index("ix_press_records_day", "day"),
    Index("ix_press_records_conference_id", "conference_id"),
)
