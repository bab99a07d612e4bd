"""Who may ask for what of console.pages.statistics."""

from __future__ import annotations

from matrix.entry import READERS
from matrix.entry import Entry

MATRIX = {
    ("GET", "/bulletins/statistics"): Entry("/bulletins/statistics", READERS),
    ("GET", "/bulletins/compare"): Entry("/bulletins/compare?left=1&right=2", READERS),
    ("GET", "/bulletins/open-data/{month}.{form}"): Entry("/bulletins/open-data/2026-02.csv", READERS),
}
