"""Who may ask for what of console.pages.identity: without a reason nobody is shown anything."""

from __future__ import annotations

from matrix.entry import SIGNERS
from matrix.entry import Entry

MATRIX = {
    ("GET", "/cases/{case_id}/reporter"): Entry("/cases/{mine}/reporter", SIGNERS),
    ("POST", "/cases/{case_id}/reporter"): Entry("/cases/{mine}/reporter", SIGNERS, {"reason": ""}),
    ("POST", "/cases/{case_id}/grants"): Entry(
        "/cases/{mine}/grants", SIGNERS, {"unit": "nobody", "days": "3", "reason": "核实地点"}
    ),
    ("POST", "/cases/{case_id}/grants/{grant_id}/revoke"): Entry(
        "/cases/{mine}/grants/99999/revoke", SIGNERS, {}
    ),
}
