"""Who may ask for what of console.pages.live."""

from __future__ import annotations

from matrix.entry import EVERYBODY
from matrix.entry import Entry

MATRIX = {("GET", "/live"): Entry("/live?today=1", EVERYBODY)}
