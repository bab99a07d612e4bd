"""Who may ask for what of console.pages.replying."""

from __future__ import annotations

from matrix.entry import Entry
from matrix.entry import roles

MATRIX = {
    ("POST", "/cases/{case_id}/stage"): Entry(
        "/cases/{mine}/stage", roles("press", "handler"), {"stage": "nothing"}
    ),
    ("POST", "/cases/{case_id}/by-hand"): Entry(
        "/cases/{mine}/by-hand", roles("press", "handler"), {"text": "太短"}
    ),
}
