"""Who may ask for what of console.pages.charts."""

from __future__ import annotations

from matrix.entry import READERS
from matrix.entry import Entry

MATRIX = {
    ("GET", "/statistics/charts"): Entry("/statistics/charts", READERS),
    ("GET", "/statistics/charts.csv"): Entry("/statistics/charts.csv", READERS),
}
