"""What goes out: messages and bulletins."""

from __future__ import annotations

from sqlalchemy import Boolean
from sqlalchemy import Column
from sqlalchemy import Date
from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import LargeBinary
from sqlalchemy import Table
from sqlalchemy import UniqueConstraint
from sqlalchemy import false
from sqlalchemy import literal_column

from huanyu.store.columns import Id
from huanyu.store.columns import Name
from huanyu.store.columns import Tuple
from huanyu.store.columns import Words
from huanyu.store.tables.shape import key
from huanyu.store.tables.shape import metadata
from huanyu.store.tables.shape import moment
from huanyu.store.tables.shape import number
from huanyu.store.tables.shape import ref
from huanyu.store.tables.shape import text
from huanyu.store.tables.shape import waiting
from huanyu.types import MessageState

outbox = Table(
    "outbox",
    metadata,
    key(),
    Column("key", Words, nullable=False, unique=True),
    Column("state", Name(MessageState), nullable=False),
    text("channel"),
    text("account"),
    text("purpose"),
    text("title"),
    text("text"),
    ref("case_id", "cases.id", null=True),
    number("round"),  # round of drafts, so that `after` means the same round
    text("reply_to"),
    text("recipient"),
    text("link"),
    text("after"),
    text("author"),
    moment("created_at"),
    moment("due_at"),
    number("attempts"),
    number("version", 1),
    text("reviewer"),
    Column("approved_version", Integer),
    text("override"),
    text("note"),
    moment("claimed_at", null=True),
    text("platform_id"),
    text("platform_url"),
    moment("sent_at", null=True),
    text("content_class", late=True),  # petition | press | incident; "" for what goes to colleagues
    text("stage", late=True),  # accepted | forwarded | progress | result | not_ours | correction | withdrawal
    text("serial", late=True),  # 更正〔2026〕3号
    text("claimed_by", late=True),  # the worker whose call is in flight
    number("looks", late=True),  # how often an unknown one was looked for
    moment("look_at", null=True),  # the next look for it; null when a person has to look
    moment("doubted_at", null=True),  # held because a backup was restored: it may have left before
    Column("about", Id),  # the message that this one corrects or withdraws
    Column("rule_id", Id),  # the standing rule that let it out
    Column("generated", Boolean, nullable=False, default=False, server_default=false()),
    Index("ix_outbox_case_id", "case_id"),
    Index("ix_outbox_account_sent_at", "account", "sent_at"),
    Index("ix_outbox_account_claimed_at", "account", "claimed_at"),
)
APPROVED = outbox.c.state == literal_column("'approved'")
SENDING = outbox.c.state == literal_column("'sending'")
waiting("ix_outbox_approved", outbox.c.due_at, APPROVED)
waiting("ix_outbox_sending", outbox.c.claimed_at, SENDING)
waiting("ix_outbox_sent_at", outbox.c.sent_at, outbox.c.sent_at.is_not(None))
UNKNOWN = outbox.c.state == literal_column("'unknown'")
waiting("ix_outbox_unknown", outbox.c.look_at, UNKNOWN)
#: Of nearly all messages the work is over; a list of those that somebody has to see to must not read them.
SETTLED = frozenset({"cancelled", "rehearsed", "sent"})
UNDONE = outbox.c.state.not_in([literal_column(f"'{state}'") for state in sorted(SETTLED)])
waiting("ix_outbox_undone", outbox.c.state, UNDONE, outbox.c.id)

outbox_texts = Table(
    "outbox_texts",
    metadata,
    Column("message_id", Id, ForeignKey("outbox.id"), primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    text("text"),
    text("author"),
    moment("at"),
)

bulletins = Table(
    "bulletins",
    metadata,
    key(),
    text("series"),
    Column("day", Date, nullable=False),
    Column("year", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    moment("reserved_at"),
    moment("issued_at", null=True),
    text("title"),
    text("audit_head"),
    text("content"),  # the Bulletin as JSON text, byte for byte as issued
    Column("html", LargeBinary),
    Column("docx", LargeBinary),
    Column("pdf", LargeBinary),
    text("scope", late=True),  # what it is about where that is no period: case:12 …
    UniqueConstraint("series", "year", "number"),
    UniqueConstraint("series", "total"),
)
# One issue for each finished period, or for each thing it is about, whatever day that was.
PERIODIC = bulletins.c.scope == literal_column("''")
ABOUT = bulletins.c.scope != literal_column("''")
Index(
    "uq_bulletins_period",
    bulletins.c.series,
    bulletins.c.day,
    unique=True,
    sqlite_where=PERIODIC,
    postgresql_where=PERIODIC,
)
Index(
    "uq_bulletins_scope",
    bulletins.c.series,
    bulletins.c.scope,
    unique=True,
    sqlite_where=ABOUT,
    postgresql_where=ABOUT,
)

# Judgement and advice a person typed for an issue; a later line of the same kind takes the place of an earlier one.
remarks = Table(
    "remarks",
    metadata,
    key(),
    text("series"),
    Column("day", Date, nullable=False),
    text("scope"),
    text("kind"),  # judgement | advice
    text("text"),
    text("actor"),
    text("author"),  # the name printed under it
    moment("at"),
    Index("ix_remarks_series_day_scope", "series", "day", "scope"),
)

# What a 专报 is about: kinds, places, words.
searches = Table(
    "searches",
    metadata,
    key(),
    Column("name", Words, nullable=False, unique=True),
    Column("kinds", Tuple, nullable=False),
    Column("areas", Tuple, nullable=False),
    Column("words", Tuple, nullable=False),
    text("actor"),
    moment("at"),
)
