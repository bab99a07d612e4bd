"""Who may ask for what of console.pages.ledger_files; there is no paper 999999."""

from __future__ import annotations

from matrix.entry import EVERYBODY
from matrix.entry import Entry

MATRIX = {
    ("GET", "/ledger/files/lists.xlsx"): Entry("/ledger/files/lists.xlsx", EVERYBODY),
    ("GET", "/ledger/{line_id}/papers/{paper_id}.{form}"): Entry(
        "/ledger/{line}/papers/999999.pdf", EVERYBODY, found=404
    ),
}
