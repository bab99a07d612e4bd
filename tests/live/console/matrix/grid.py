"""Who may ask for what of console.pages.grid."""

from __future__ import annotations

from matrix.entry import SEERS
from matrix.entry import Entry

MATRIX = {("GET", "/grid"): Entry("/grid", SEERS)}
