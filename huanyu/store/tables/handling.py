"""Cases and all that belongs to one: its posts, history, results, limits."""

from __future__ import annotations

from sqlalchemy import Column
from sqlalchemy import Float
from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import Table
from sqlalchemy import UniqueConstraint
from sqlalchemy import literal_column

from huanyu.store.columns import Id
from huanyu.store.columns import Tuple
from huanyu.store.columns import Words
from huanyu.store.tables.shape import flag
from huanyu.store.tables.shape import key
from huanyu.store.tables.shape import metadata
from huanyu.store.tables.shape import moment
from huanyu.store.tables.shape import number
from huanyu.store.tables.shape import ref
from huanyu.store.tables.shape import text
from huanyu.store.tables.shape import waiting

counters = Table(
    "counters",
    metadata,
    Column("name", Words, primary_key=True),
    Column("last", Integer, nullable=False),
)

cases = Table(
    "cases",
    metadata,
    key(),
    Column("number", Words, nullable=False, unique=True),
    Column("public_id", Words, nullable=False, unique=True),
    text("state"),
    text("title"),
    Column("kinds", Tuple, nullable=False),
    text("area"),
    text("place"),
    flag("urgent"),
    text("level"),
    moment("learned_at"),
    moment("opened_at"),
    number("version", 1),
    text("unit"),
    text("department"),
    Column("assist", Tuple, nullable=False),
    text("rule"),
    text("why"),
    number("posts", 1),
    ref("first_post_id", "posts.id"),
    moment("last_post_at"),
    number("round", 1),  # 1, and one more each time the case is reopened
    number("replies"),  # rounds of drafts so far; part of their keys
    number("notices"),  # notices so far; part of their keys
    Column("result_id", Id),  # of the present round; no foreign key, results point here already
    moment("routed_at", null=True),
    moment("signed_at", null=True),
    moment("answered_at", null=True),
    moment("closed_at", null=True),
    Column(
        "joined_into", Id
    ),  # 并案: the case that goes on with this one's posts; no foreign key, it is this table
)
Index("ix_cases_joined_into", cases.c.joined_into)
waiting("ix_cases_unrouted", cases.c.id, cases.c.routed_at.is_(None))
# Literals, not parameters: SQLite uses a partial index only where the query says its condition word for word.
HANDLED = cases.c.state == literal_column("'handled'")
waiting("ix_cases_handled", cases.c.id, HANDLED)
Index("ix_cases_unit_state", cases.c.unit, cases.c.state)
Index("ix_cases_last_post_at", cases.c.last_post_at)

case_posts = Table(
    "case_posts",
    metadata,
    Column("post_id", Id, ForeignKey("posts.id"), primary_key=True, autoincrement=False),
    ref("case_id", "cases.id"),
    moment("at"),
    flag("first"),
    Column("score", Float, nullable=False),
    text("reason"),
    Column("came_from", Id),  # the case it was taken over from by 并案
    Index("ix_case_posts_case_id", "case_id"),
    Index("ix_case_posts_at", "at"),
)

#: How a post belonged to a case until a person moved it; what was issued before is recomputed from it.
case_posts_before = Table(
    "case_posts_before",
    metadata,
    key(),
    ref("post_id", "posts.id"),
    ref("case_id", "cases.id"),
    moment("at"),
    flag("first"),
    moment("until"),
    Index("ix_case_posts_before_case_id", "case_id"),
    Index("ix_case_posts_before_until", "until"),
)

case_events = Table(
    "case_events",
    metadata,
    key(),
    ref("case_id", "cases.id"),
    moment("at"),
    text("actor"),
    text("action"),
    text("note"),
    text("state"),
    flag("moved"),  # whether this line changed the state
    text("level", late=True),  # the level this line set, "" where it set none
    Index("ix_case_events_case_id", "case_id"),
    Index("ix_case_events_state_at", "state", "at"),
)

results = Table(
    "results",
    metadata,
    key(),
    ref("case_id", "cases.id"),
    text("finding"),
    moment("visited_at"),
    text("found"),
    text("measure"),
    text("basis"),
    text("next_step"),
    text("internal_report"),
    text("polluter"),
    flag("polluter_public"),
    text("recorded_by"),
    moment("recorded_at", null=True),
    Index("ix_results_case_id", "case_id"),
)

clocks = Table(
    "clocks",
    metadata,
    key(),
    ref("case_id", "cases.id"),
    number("round", 1),
    text("name"),
    moment("due"),
    flag("provisional"),
    text("why"),
    moment("started_at"),
    moment("ended_at", null=True),
    Index("ix_clocks_case_id", "case_id"),
)
waiting("ix_clocks_running", clocks.c.due, clocks.c.ended_at.is_(None))

reminders = Table(
    "reminders",
    metadata,
    key(),
    ref("case_id", "cases.id"),
    number("round", 1),
    text("clock"),
    text("stage"),
    moment("at"),
    UniqueConstraint("case_id", "round", "clock", "stage"),
)

suggestions = Table(
    "suggestions",
    metadata,
    key(),
    Column("post_id", Id, ForeignKey("posts.id"), nullable=False, unique=True),
    ref("case_id", "cases.id"),
    Column("score", Float, nullable=False),
    text("reason"),
    moment("at"),
    moment("decided_at", null=True),
    text("decided_by"),
    text("decision"),
)
waiting("ix_suggestions_open", suggestions.c.id, suggestions.c.decided_at.is_(None))
