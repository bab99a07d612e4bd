"""Who may ask for what of console.pages.presence; whose page it is decides the rest."""

from __future__ import annotations

from matrix.entry import EVERYBODY
from matrix.entry import Entry

NOWHERE = {"page": "case-99999", "opened": "2026-03-10T09:30:00+08:00"}
MATRIX = {
    ("POST", "/presence"): Entry("/presence", EVERYBODY, NOWHERE),
    ("POST", "/presence/leave"): Entry("/presence/leave", EVERYBODY, NOWHERE),
}
