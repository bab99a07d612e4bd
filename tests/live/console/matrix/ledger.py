"""Who may ask for what of console.pages.ledger; `line` is one of the handler's unit, 999999 is none."""

from __future__ import annotations

from matrix.entry import EVERYBODY
from matrix.entry import READERS
from matrix.entry import SIGNERS
from matrix.entry import Entry

NONE = "/ledger/999999"
WRITTEN = {"title": "河道黑水", "due": "2026-05-31"}
MATRIX = {
    ("GET", "/ledger"): Entry("/ledger", EVERYBODY),
    ("GET", "/ledger/new"): Entry("/ledger/new", SIGNERS),
    ("POST", "/ledger"): Entry("/ledger", SIGNERS, WRITTEN),
    ("GET", "/ledger/draws"): Entry("/ledger/draws", READERS),
    ("POST", "/ledger/draws"): Entry("/ledger/draws", SIGNERS, {"seed": "0815"}),
    ("GET", "/ledger/{line_id}"): Entry("/ledger/{line}", EVERYBODY),
    ("POST", "/ledger/{line_id}/amend"): Entry(f"{NONE}/amend", SIGNERS, {**WRITTEN, "reason": "更正"}),
}
