"""Who may ask for what of console.pages.outbox."""

from __future__ import annotations

from matrix.entry import EVERYBODY
from matrix.entry import SEERS
from matrix.entry import Entry
from matrix.entry import roles

MATRIX = {
    ("GET", "/outbox"): Entry("/outbox", SEERS),
    ("GET", "/outbox/{message_id}"): Entry("/outbox/{draft}", EVERYBODY - {"assessor"}),
    ("GET", "/outbox/{message_id}/pictures/{number}"): Entry(
        "/outbox/{draft}/pictures/1", EVERYBODY - {"assessor"}, found=404
    ),
    ("POST", "/outbox/{message_id}/discard"): Entry(
        "/outbox/{draft}/discard", roles("press", "handler"), {"reason": "不用了"}
    ),
    ("POST", "/outbox/{message_id}/edit"): Entry(
        "/outbox/{draft}/edit", roles("press", "handler"), {"text": "改"}
    ),
    ("POST", "/outbox/{message_id}/approve"): Entry(
        "/outbox/{draft}/approve",
        roles("press", "reviewer"),
        {},  # the first step; a leader takes the last
    ),
    ("POST", "/outbox/{message_id}/schedule"): Entry(
        "/outbox/{draft}/schedule", roles("press", "reviewer", "leader"), {"at": "2026-03-06T09:30"}
    ),
    ("POST", "/outbox/{message_id}/posted"): Entry(
        "/outbox/{unknown}/posted", roles("press", "leader"), {"url": "https://forum.example.org/1"}
    ),
    ("POST", "/outbox/{message_id}/send-back"): Entry(
        "/outbox/{draft}/send-back", roles("press", "reviewer", "leader"), {"reason": "措施不清"}
    ),
    ("POST", "/outbox/{message_id}/release"): Entry(
        "/outbox/{rehearsed}/release", roles("reviewer", "leader"), {}
    ),
    ("POST", "/outbox/{message_id}/settle"): Entry(
        "/outbox/{unknown}/settle", roles("press", "leader"), {"is_out": "0"}
    ),
}
