"""Who may ask for what of console.pages.sources."""

from __future__ import annotations

from matrix.entry import READERS
from matrix.entry import TENDERS
from matrix.entry import Entry

MATRIX = {
    ("GET", "/sources"): Entry("/sources", READERS),
    ("GET", "/sources/{key}"): Entry("/sources/forum", READERS),
    ("POST", "/sources/{key}/pause"): Entry("/sources/forum/pause", TENDERS, {"reason": " "}),
    ("POST", "/sources/{key}/resume"): Entry("/sources/forum/resume", TENDERS, {}),
    ("POST", "/sources/{key}/visit"): Entry("/sources/hotline-12345/visit", TENDERS, {}),
    ("POST", "/sources/{key}/probes"): Entry(
        "/sources/forum/probes", TENDERS, {"url": "nonsense", "words": "一句原文"}
    ),
    ("POST", "/sources/{key}/probes/{probe_id}/retire"): Entry(
        "/sources/forum/probes/99999/retire", TENDERS, {}
    ),
}
