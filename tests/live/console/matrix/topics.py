"""Who may ask for what of console.pages.topics."""

from __future__ import annotations

from matrix.entry import READERS
from matrix.entry import Entry

MATRIX = {
    ("GET", "/topics"): Entry("/topics", READERS),
}
