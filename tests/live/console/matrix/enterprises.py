"""Who may ask for what of console.pages.enterprises; there is no enterprise of that name."""

from __future__ import annotations

from matrix.entry import SEERS
from matrix.entry import Entry

MATRIX = {
    ("GET", "/enterprises"): Entry("/enterprises", SEERS),
    ("GET", "/enterprises/{name}"): Entry("/enterprises/没有这家", SEERS, found=404),
    ("GET", "/cases/{case_id}/alike"): Entry("/cases/{mine}/alike", SEERS),
    ("GET", "/hotspots"): Entry("/hotspots", SEERS),
}
