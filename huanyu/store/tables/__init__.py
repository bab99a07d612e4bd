"""Every table, in one MetaData. Only huanyu.store reads this; nothing of it leaves the package."""

from __future__ import annotations

from huanyu.store.tables.desk import audit
from huanyu.store.tables.desk import audit_batches
from huanyu.store.tables.desk import audit_head
from huanyu.store.tables.desk import identities
from huanyu.store.tables.desk import identity_reads
from huanyu.store.tables.desk import key_check
from huanyu.store.tables.desk import probe_checks
from huanyu.store.tables.desk import probes
from huanyu.store.tables.desk import sessions
from huanyu.store.tables.desk import settings
from huanyu.store.tables.desk import source_states
from huanyu.store.tables.desk import users
from huanyu.store.tables.desk import visits
from huanyu.store.tables.handling import HANDLED
from huanyu.store.tables.handling import case_events
from huanyu.store.tables.handling import case_posts
from huanyu.store.tables.handling import case_posts_before
from huanyu.store.tables.handling import cases
from huanyu.store.tables.handling import clocks
from huanyu.store.tables.handling import counters
from huanyu.store.tables.handling import reminders
from huanyu.store.tables.handling import results
from huanyu.store.tables.handling import suggestions
from huanyu.store.tables.incoming import UNPLANNED
from huanyu.store.tables.incoming import blobs
from huanyu.store.tables.incoming import corrections
from huanyu.store.tables.incoming import evidence
from huanyu.store.tables.incoming import payloads
from huanyu.store.tables.incoming import post_versions
from huanyu.store.tables.incoming import posts
from huanyu.store.tables.incoming import rejects
from huanyu.store.tables.incoming import samples
from huanyu.store.tables.incoming import separations
from huanyu.store.tables.incoming import sightings
from huanyu.store.tables.incoming import verdicts
from huanyu.store.tables.leaving import APPROVED
from huanyu.store.tables.leaving import SENDING
from huanyu.store.tables.leaving import UNKNOWN
from huanyu.store.tables.leaving import bulletins
from huanyu.store.tables.leaving import outbox
from huanyu.store.tables.leaving import outbox_texts
from huanyu.store.tables.leaving import remarks
from huanyu.store.tables.leaving import searches
from huanyu.store.tables.papers import bulletin_corrections
from huanyu.store.tables.papers import bulletin_marks
from huanyu.store.tables.papers import bulletin_opens
from huanyu.store.tables.papers import bulletin_seals
from huanyu.store.tables.papers import deliveries
from huanyu.store.tables.publishing import account_days
from huanyu.store.tables.publishing import account_states
from huanyu.store.tables.publishing import approvals
from huanyu.store.tables.publishing import message_pictures
from huanyu.store.tables.publishing import public_corrections
from huanyu.store.tables.publishing import published
from huanyu.store.tables.publishing import responses
from huanyu.store.tables.publishing import standing_rules
from huanyu.store.tables.publishing import strays
from huanyu.store.tables.publishing import takeovers
from huanyu.store.tables.shape import metadata

__all__ = [
    "APPROVED",
    "HANDLED",
    "SENDING",
    "UNKNOWN",
    "UNPLANNED",
    "account_days",
    "account_states",
    "approvals",
    "audit",
    "audit_batches",
    "audit_head",
    "blobs",
    "bulletin_corrections",
    "bulletin_marks",
    "bulletin_opens",
    "bulletin_seals",
    "bulletins",
    "case_events",
    "case_posts",
    "case_posts_before",
    "cases",
    "clocks",
    "corrections",
    "counters",
    "deliveries",
    "evidence",
    "identities",
    "identity_reads",
    "key_check",
    "message_pictures",
    "metadata",
    "outbox",
    "outbox_texts",
    "payloads",
    "post_versions",
    "posts",
    "probe_checks",
    "probes",
    "public_corrections",
    "published",
    "rejects",
    "remarks",
    "reminders",
    "responses",
    "results",
    "samples",
    "searches",
    "separations",
    "sessions",
    "settings",
    "sightings",
    "source_states",
    "standing_rules",
    "strays",
    "suggestions",
    "takeovers",
    "users",
    "verdicts",
    "visits",
]
