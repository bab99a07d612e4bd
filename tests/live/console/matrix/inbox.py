"""Who may ask for what of console.pages.inbox."""

from __future__ import annotations

from matrix.entry import EVERYBODY
from matrix.entry import Entry
from matrix.entry import roles

MATRIX = {
    ("GET", "/inbox"): Entry("/inbox", EVERYBODY),
    ("GET", "/inbox/counts"): Entry("/inbox/counts", EVERYBODY),
    ("POST", "/inbox/{sort}/{item}"): Entry(
        "/inbox/unsure/99999", roles("press", "reviewer"), {"act": "yes"}
    ),
}
