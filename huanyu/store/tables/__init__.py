"""Every table, in one MetaData. Only huanyu.store reads this; nothing of it leaves the package."""

from __future__ import annotations

from huanyu.store.tables.asking import info_applicants
from huanyu.store.tables.asking import info_consultations
from huanyu.store.tables.asking import info_disputes
from huanyu.store.tables.asking import info_requests
from huanyu.store.tables.asking import info_steps
from huanyu.store.tables.chatting import chat_codes
from huanyu.store.tables.chatting import chat_updates
from huanyu.store.tables.chatting import chats
from huanyu.store.tables.chatting import talk_messages
from huanyu.store.tables.chatting import talks
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
from huanyu.store.tables.desk_work import presence
from huanyu.store.tables.desk_work import saved_filters
from huanyu.store.tables.duties import absences
from huanyu.store.tables.duties import assignments
from huanyu.store.tables.duties import cards
from huanyu.store.tables.duties import extensions
from huanyu.store.tables.duties import grants
from huanyu.store.tables.duties import links
from huanyu.store.tables.duties import recusals
from huanyu.store.tables.duties import shifts
from huanyu.store.tables.duties import stops
from huanyu.store.tables.entering import entry_drafts
from huanyu.store.tables.entering import letters
from huanyu.store.tables.found import case_files
from huanyu.store.tables.found import contacts
from huanyu.store.tables.found import follow_ups
from huanyu.store.tables.found import measurements
from huanyu.store.tables.gridding import grid_members
from huanyu.store.tables.gridding import grids
from huanyu.store.tables.handling import HANDLED
from huanyu.store.tables.handling import PAUSE_ASKED
from huanyu.store.tables.handling import UNCONFIRMED
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
from huanyu.store.tables.inspecting import inspection_batches
from huanyu.store.tables.inspecting import inspection_items
from huanyu.store.tables.kept import CLOSED
from huanyu.store.tables.leaving import APPROVED
from huanyu.store.tables.leaving import SENDING
from huanyu.store.tables.leaving import SETTLED
from huanyu.store.tables.leaving import UNDONE
from huanyu.store.tables.leaving import UNKNOWN
from huanyu.store.tables.leaving import bulletins
from huanyu.store.tables.leaving import outbox
from huanyu.store.tables.leaving import outbox_texts
from huanyu.store.tables.leaving import remarks
from huanyu.store.tables.leaving import searches
from huanyu.store.tables.official import documents
from huanyu.store.tables.official import incident_reports
from huanyu.store.tables.official import incidents
from huanyu.store.tables.official import prints
from huanyu.store.tables.operations import backups
from huanyu.store.tables.operations import beats
from huanyu.store.tables.operations import restores
from huanyu.store.tables.outside import readings
from huanyu.store.tables.outside import stations
from huanyu.store.tables.outside import tokens
from huanyu.store.tables.papers import bulletin_corrections
from huanyu.store.tables.papers import bulletin_marks
from huanyu.store.tables.papers import bulletin_opens
from huanyu.store.tables.papers import bulletin_seals
from huanyu.store.tables.papers import deliveries
from huanyu.store.tables.pressing import press_answers
from huanyu.store.tables.pressing import press_attendance
from huanyu.store.tables.pressing import press_batch_cases
from huanyu.store.tables.pressing import press_batches
from huanyu.store.tables.pressing import press_conference_answers
from huanyu.store.tables.pressing import press_conference_cases
from huanyu.store.tables.pressing import press_conferences
from huanyu.store.tables.pressing import press_contacts
from huanyu.store.tables.pressing import press_records
from huanyu.store.tables.public import public_reports
from huanyu.store.tables.public import report_files
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
from huanyu.store.tables.ranking import interviews
from huanyu.store.tables.ranking import ranking_sheets
from huanyu.store.tables.ranking import rankings
from huanyu.store.tables.ranking import sanctions
from huanyu.store.tables.rerouting import reroutes
from huanyu.store.tables.rewarding import reward_claims
from huanyu.store.tables.rewarding import reward_payments
from huanyu.store.tables.rewarding import reward_steps
from huanyu.store.tables.rewarding import rewards
from huanyu.store.tables.searching import is_ours
from huanyu.store.tables.shape import metadata
from huanyu.store.tables.signing_in import account_news
from huanyu.store.tables.signing_in import recovery_codes
from huanyu.store.tables.signing_in import second_factors
from huanyu.store.tables.supervising import ledger_charges
from huanyu.store.tables.supervising import ledger_draws
from huanyu.store.tables.supervising import ledger_lines
from huanyu.store.tables.supervising import ledger_listings
from huanyu.store.tables.supervising import ledger_papers
from huanyu.store.tables.supervising import ledger_signatures
from huanyu.store.tables.supervising import ledger_steps
from huanyu.store.tables.supervising import ledger_visits

__all__ = [
    "APPROVED",
    "CLOSED",
    "HANDLED",
    "PAUSE_ASKED",
    "SENDING",
    "SETTLED",
    "UNCONFIRMED",
    "UNDONE",
    "UNKNOWN",
    "UNPLANNED",
    "absences",
    "account_days",
    "account_news",
    "account_states",
    "approvals",
    "assignments",
    "audit",
    "audit_batches",
    "audit_head",
    "backups",
    "beats",
    "blobs",
    "bulletin_corrections",
    "bulletin_marks",
    "bulletin_opens",
    "bulletin_seals",
    "bulletins",
    "cards",
    "case_events",
    "case_files",
    "case_posts",
    "case_posts_before",
    "cases",
    "chat_codes",
    "chat_updates",
    "chats",
    "clocks",
    "contacts",
    "corrections",
    "counters",
    "deliveries",
    "documents",
    "entry_drafts",
    "evidence",
    "extensions",
    "follow_ups",
    "grants",
    "grid_members",
    "grids",
    "identities",
    "identity_reads",
    "incident_reports",
    "incidents",
    "info_applicants",
    "info_consultations",
    "info_disputes",
    "info_requests",
    "info_steps",
    "inspection_batches",
    "inspection_items",
    "interviews",
    "is_ours",
    "key_check",
    "ledger_charges",
    "ledger_draws",
    "ledger_lines",
    "ledger_listings",
    "ledger_papers",
    "ledger_signatures",
    "ledger_steps",
    "ledger_visits",
    "letters",
    "links",
    "measurements",
    "message_pictures",
    "metadata",
    "outbox",
    "outbox_texts",
    "payloads",
    "post_versions",
    "posts",
    "presence",
    "press_answers",
    "press_attendance",
    "press_batch_cases",
    "press_batches",
    "press_conference_answers",
    "press_conference_cases",
    "press_conferences",
    "press_contacts",
    "press_records",
    "prints",
    "probe_checks",
    "probes",
    "public_corrections",
    "public_reports",
    "published",
    "ranking_sheets",
    "rankings",
    "readings",
    "recovery_codes",
    "recusals",
    "rejects",
    "remarks",
    "reminders",
    "report_files",
    "reroutes",
    "responses",
    "restores",
    "results",
    "reward_claims",
    "reward_payments",
    "reward_steps",
    "rewards",
    "samples",
    "sanctions",
    "saved_filters",
    "searches",
    "second_factors",
    "separations",
    "sessions",
    "settings",
    "shifts",
    "sightings",
    "source_states",
    "standing_rules",
    "stations",
    "stops",
    "strays",
    "suggestions",
    "takeovers",
    "talk_messages",
    "talks",
    "tokens",
    "users",
    "verdicts",
    "visits",
]
