"""Who may ask for what of console.pages.search."""

from __future__ import annotations

from matrix.entry import EVERYBODY
from matrix.entry import Entry

MATRIX = {("GET", "/search"): Entry("/search?q=气味", EVERYBODY)}
