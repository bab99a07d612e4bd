"""Who may ask for what of console.pages.publishing_statistics."""

from __future__ import annotations

from matrix.entry import READERS
from matrix.entry import Entry

MATRIX = {
    ("GET", "/statistics/publishing"): Entry("/statistics/publishing", READERS),
    ("GET", "/statistics/publishing/{year}.csv"): Entry("/statistics/publishing/2026.csv", READERS),
}
