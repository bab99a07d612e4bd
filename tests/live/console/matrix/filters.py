"""Who may ask for what of console.pages.filters."""

from __future__ import annotations

from matrix.entry import EVERYBODY
from matrix.entry import Entry

MATRIX = {
    ("POST", "/filters"): Entry("/filters", EVERYBODY, {"page": "cases", "name": " "}),
    ("POST", "/filters/{filter_id}/remove"): Entry("/filters/99999/remove", EVERYBODY, {}),
}
