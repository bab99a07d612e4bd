"""Who may ask for what of console.pages.cases."""

from __future__ import annotations

from matrix.entry import EVERYBODY
from matrix.entry import Entry

MATRIX = {
    ("GET", "/cases"): Entry("/cases", EVERYBODY),
    ("GET", "/cases/{case_id}"): Entry("/cases/{mine}", EVERYBODY),
}
