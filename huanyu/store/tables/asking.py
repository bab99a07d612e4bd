"""政府信息公开申请: the register, what others were asked, 复议 and 诉讼, the history, who asks (sealed)."""

from __future__ import annotations

from sqlalchemy import Column
from sqlalchemy import Date
from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import LargeBinary
from sqlalchemy import Table

from huanyu.store.columns import Id
from huanyu.store.columns import Words
from huanyu.store.tables.shape import key
from huanyu.store.tables.shape import metadata
from huanyu.store.tables.shape import moment
from huanyu.store.tables.shape import number
from huanyu.store.tables.shape import ref
from huanyu.store.tables.shape import text

info_requests = Table(
    "info_requests",
    metadata,
    key(),
    Column("number", Words, nullable=False, unique=True),
    text("state"),
    Column("received_on", Date, nullable=False),
    text("way"),
    text("applicant_kind"),
    text("asked"),
    text("form"),
    Column("amend_on", Date, nullable=True),
    Column("amend_until", Date, nullable=True),
    Column("amended_on", Date, nullable=True),
    number("extend_days"),
    text("extend_asked_by"),
    text("extension"),
    Column("extension_told_on", Date, nullable=True),
    text("outcome"),
    Column("answered_on", Date, nullable=True),
    text("serial"),
    text("made_by"),
    moment("made_at"),
    moment("ended_at", null=True),
    number("version", 1),
    Index("ix_info_requests_state", "state", "id"),
)

info_consultations = Table(
    "info_consultations",
    metadata,
    key(),
    ref("request_id", "info_requests.id"),
    text("whom"),
    Column("asked_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("ended_on", Date, nullable=True),
    text("view"),
    Index("ix_info_consultations_request_id", "request_id"),
)

info_disputes = Table(
    "info_disputes",
    metadata,
    key(),
    ref("request_id", "info_requests.id"),
    text("kind"),
    Column("began_on", Date, nullable=False),
    Column("ended_on", Date, nullable=True),
    text("ruling"),
    Index("ix_info_disputes_request_id", "request_id"),
)

info_steps = Table(
    "info_steps",
    metadata,
    key(),
    ref("request_id", "info_requests.id"),
    moment("at"),
    text("actor"),
    text("action"),
    text("note"),
    Index("ix_info_steps_request_id", "request_id"),
)

info_applicants = Table(
    "info_applicants",
    metadata,
    key(),
    Column("request_id", Id, ForeignKey("info_requests.id"), nullable=False, unique=True),
    Column("sealed", LargeBinary, nullable=False),  # Fernet; nothing readable stands in this table
)
