"""Who may ask for what of console.pages.matters."""

from __future__ import annotations

from matrix.entry import Entry
from matrix.entry import roles

MATRIX = {
    ("POST", "/cases/{case_id}/posts/{post_id}/apart"): Entry(
        "/cases/{mine}/posts/{pictured}/apart", roles("press", "leader"), {"reason": "说的是另一家"}
    ),
    ("POST", "/cases/{case_id}/join"): Entry(
        "/cases/{mine}/join", roles("press", "leader"), {"number": "HY2026-000001", "reason": "同一家"}
    ),
    ("POST", "/cases/{case_id}/unjoin"): Entry(
        "/cases/{mine}/unjoin", roles("press", "leader"), {"reason": "不是同一家"}
    ),
    ("GET", "/suggestions"): Entry("/suggestions", roles("press", "leader")),
    ("POST", "/suggestions/{suggestion_id}"): Entry(
        "/suggestions/99", roles("press", "leader"), {"join": "1"}
    ),
}
