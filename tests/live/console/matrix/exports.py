"""Who may ask for what of console.pages.exports."""

from __future__ import annotations

from matrix.entry import Entry
from matrix.entry import roles

MATRIX = {
    ("GET", "/exports/cases.csv"): Entry(
        "/exports/cases.csv?view=all", roles("press", "handler", "reviewer", "leader")
    ),
    ("GET", "/exports/ticked.csv"): Entry(
        "/exports/ticked.csv?item={mine}", roles("press", "handler", "reviewer", "leader")
    ),
}
