"""Who may ask for what of console.pages.rejects."""

from __future__ import annotations

from matrix.entry import READERS
from matrix.entry import SEERS
from matrix.entry import TENDERS
from matrix.entry import Entry
from matrix.entry import roles

MATRIX = {
    ("GET", "/rejects/{reject_id}"): Entry("/rejects/{reject}", READERS),
    ("GET", "/rejects/{reject_id}/payload.txt"): Entry("/rejects/{reject}/payload.txt", SEERS),
    ("POST", "/rejects/{reject_id}/correct"): Entry("/rejects/99999/correct", TENDERS, {}),
    ("POST", "/rejects/{reject_id}/replay"): Entry("/rejects/99999/replay", TENDERS, {}),
    ("POST", "/rejects/{reject_id}/resolve"): Entry("/rejects/99999/resolve", roles("press", "admin"), {}),
}
