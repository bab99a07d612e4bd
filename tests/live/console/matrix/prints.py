"""Who may ask for what of console.pages.prints; a print without a reason is none."""

from __future__ import annotations

from matrix.entry import SIGNERS
from matrix.entry import Entry
from matrix.entry import roles

MATRIX = {
    ("POST", "/cases/{case_id}/print"): Entry("/cases/{mine}/print", SIGNERS, {"form": "full", "reason": ""}),
    ("GET", "/prints"): Entry("/prints", roles("leader", "admin")),
}
