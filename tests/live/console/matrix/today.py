"""Who may ask for what of console.pages.today."""

from __future__ import annotations

from matrix.entry import EVERYBODY
from matrix.entry import SEERS
from matrix.entry import Entry

MATRIX = {
    ("GET", "/"): Entry("/", EVERYBODY),
    ("POST", "/kill-switch"): Entry("/kill-switch", SEERS, {"on": "0"}),
}
