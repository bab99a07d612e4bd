"""Cases and all that belongs to one: its posts, history, results, limits."""

from __future__ import annotations

from sqlalchemy import BigInteger
from sqlalchemy import Boolean
from sqlalchemy import Column
from sqlalchemy import Date
from sqlalchemy import Float
from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import Table
from sqlalchemy import UniqueConstraint
from sqlalchemy import and_
from sqlalchemy import literal_column

from huanyu.store.columns import Id
from huanyu.store.columns import Json
from huanyu.store.columns import Tuple
from huanyu.store.columns import Words
from huanyu.store.tables.shape import flag
from huanyu.store.tables.shape import key
from huanyu.store.tables.shape import metadata
from huanyu.store.tables.shape import moment
from huanyu.store.tables.shape import number
from huanyu.store.tables.shape import on_sqlite
from huanyu.store.tables.shape import once
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
    Column("type", Words, nullable=False, default="complaint", server_default="complaint"),  # item_types.toml
    text("channel", late=True),  # channels.toml; the kind of source where nobody said more
    text("external_number", late=True),  # of the desk that handed it to us; children share their parent's
    Column(
        "fields", Json, nullable=False, default=dict, server_default="{}"
    ),  # what this type of item asks for
    Column("parent_id", Id),  # 拆分: the case this one is a part of; no foreign key, it is this table
    text("lane", late=True),  # fast = 环境投诉“110”, "" = ordinary
    Column("built_up", Boolean),  # inside 城市建成区; NULL = not known
    moment("happened_at", null=True),
    text("campaign", late=True),
    flag("restricted", late=True),  # about an official's conduct: only named people see it
    text("owner", late=True),  # 包案: the leader who answers for it
    moment("accepted_at", null=True),
    moment("arrived_at", null=True),
    moment("reported_at", null=True),
    text("level_by", late=True),  # the person who confirmed the level, "" while only the machine has said so
    moment("level_at", null=True),
    moment(
        "changed_at", null=True
    ),  # something routing looks at has changed: it looks again, and empties this
    Column("incident_id", Id),  # no foreign key: a column cannot get one afterwards on SQLite
    text("satisfied", late=True),  # what the reporter said when asked, "" while nobody has
    number("watched_posts", late=True),  # so many of its posts were looked at for signs of an incident
    text("changed_why", late=True),  # what has changed, for the reason of a re-routing
    Column("edited", Tuple, nullable=False, default=(), server_default="[]"),  # facts that a person set
    Column("level_known", Tuple, nullable=False, default=(), server_default="[]"),  # rules a person had seen
)
Index("ix_cases_joined_into", cases.c.joined_into)
waiting(
    "ix_cases_parent_id", cases.c.parent_id, cases.c.parent_id.is_not(None)
)  # "no parent" is nearly every case
Index("ix_cases_opened_at", cases.c.opened_at)
waiting("ix_cases_unwatched", cases.c.id, cases.c.watched_posts != cases.c.posts)
waiting("ix_cases_incident_id", cases.c.incident_id, cases.c.incident_id.is_not(None))
waiting("ix_cases_changed", cases.c.id, cases.c.changed_at.is_not(None))
UNCONFIRMED = and_(cases.c.level_by == "", cases.c.level != "一般", cases.c.closed_at.is_(None))
waiting("ix_cases_unconfirmed", cases.c.id, UNCONFIRMED)
Index(  # with what says whose eyes a case is for: lists and counts look no further
    "ix_cases_state_id",
    cases.c.state,
    cases.c.id,
    cases.c.unit,
    cases.c.restricted,
    cases.c.owner,
    cases.c.parent_id,
)
Index("ix_cases_unit_id", cases.c.unit, cases.c.id)
on_sqlite(  # what a list is searched by, with the same; PostgreSQL keeps no entry as long as a title may be
    "ix_cases_words",
    cases.c.number,
    cases.c.external_number,
    cases.c.title,
    cases.c.place,
    cases.c.state,
    cases.c.unit,
    cases.c.restricted,
    cases.c.owner,
    cases.c.parent_id,
)
# The same work order handed to us twice is one item.
once(
    "uq_cases_external",
    [cases.c.channel, cases.c.external_number],
    "external_number != '' AND parent_id IS NULL",
)
waiting("ix_cases_unrouted", cases.c.id, cases.c.routed_at.is_(None))
HANDLED = cases.c.state == "handled"
Index("ix_cases_unit_state", cases.c.unit, cases.c.state)
Index("ix_cases_last_post_at", cases.c.last_post_at)
Index("ix_cases_first_post_id", cases.c.first_post_id)

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
    Column("changes", Json, nullable=False, default=dict, server_default="{}"),  # field: [before, after]
    number("version", late=True),  # of the case once this had happened; 0 = older than this column
    Index("ix_case_events_case_id", "case_id"),
    Index("ix_case_events_state_at", "state", "at"),
)
PAUSE_ASKED = case_events.c.action == literal_column("'pause_asked'")
waiting("ix_case_events_pauses", case_events.c.case_id, PAUSE_ASKED)

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
    text("reported_by_unit", late=True),
    Column("people", Tuple, nullable=False, default=(), server_default="[]"),  # who was on the spot
    Column("measures", Tuple, nullable=False, default=(), server_default="[]"),  # measures.toml
    Column("bases", Tuple, nullable=False, default=(), server_default="[]"),  # bases.toml
    text("outcome", late=True),  # 立行立改, 从轻 …
    Column("fine_cents", BigInteger),
    Column("damages_cents", BigInteger),
    Column("rectify_by", Date),
    text("public_answer", late=True),  # for the reply; `found` and `measure` stay inside where this is given
    Column("stage", Words, nullable=False, default="final", server_default="final"),  # final | interim
    text("reviewed_by", late=True),
    moment("reviewed_at", null=True),
    text("verdict", late=True),  # of the review: accepted | sent_back
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
    text("rule", late=True),  # id in clocks.toml
    moment("from_at", null=True),  # where the law lets it begin; started_at is when this row did
    text("unit", late=True),  # of `amount`
    number("amount", late=True),
    moment("base_due", null=True),  # before any pause or extension
    moment("met_at", null=True),
    text("met_how", late=True),
    moment("planned_at", null=True),  # when its cards were made
    text("calendar", late=True),  # digest of the holiday notices it was reckoned with
    text("owed_by", late=True),  # key of the assisting unit whose limit it is; "" = the case's own
    Index("ix_clocks_case_id", "case_id"),
)
RUNNING = clocks.c.ended_at.is_(None)
waiting("ix_clocks_running", clocks.c.due, RUNNING, clocks.c.case_id)
waiting("ix_clocks_ended_at", clocks.c.ended_at, clocks.c.ended_at.is_not(None))
waiting("ix_clocks_unplanned", clocks.c.id, and_(clocks.c.planned_at.is_(None), RUNNING))
waiting("ix_clocks_provisional", clocks.c.id, and_(clocks.c.provisional, RUNNING))

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
