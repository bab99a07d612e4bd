"""Who may ask for what of console.pages.hand_overs."""

from __future__ import annotations

from matrix.entry import SIGNERS
from matrix.entry import Entry

MATRIX = {
    ("GET", "/hand-overs"): Entry("/hand-overs", SIGNERS),
    ("POST", "/cases/{case_id}/hand-overs/{assignment_id}/link"): Entry(
        "/cases/{mine}/hand-overs/99999/link", SIGNERS, {}
    ),
    ("POST", "/cases/{case_id}/hand-overs/{assignment_id}/revoke"): Entry(
        "/cases/{mine}/hand-overs/99999/revoke", SIGNERS, {}
    ),
}
