"""Who may ask for what of console.pages.samples."""

from __future__ import annotations

from matrix.entry import SEERS
from matrix.entry import Entry
from matrix.entry import roles

MATRIX = {
    ("GET", "/samples"): Entry("/samples", SEERS),
    ("POST", "/samples/{sample_id}"): Entry("/samples/99999", roles("press", "reviewer"), {"type": "no"}),
}
