"""Who may ask for what of console.pages.publishing."""

from __future__ import annotations

from matrix.entry import SEERS
from matrix.entry import Entry
from matrix.entry import roles

MATRIX = {
    ("GET", "/publishing"): Entry("/publishing", SEERS),
    ("POST", "/publishing/live"): Entry("/publishing/live", roles("leader", "admin"), {}),
    ("POST", "/publishing/live/end"): Entry("/publishing/live/end", SEERS, {}),
    ("POST", "/publishing/freeze"): Entry(
        "/publishing/freeze", roles("press", "reviewer", "leader"), {"reason": " "}
    ),
    ("POST", "/publishing/thaw"): Entry("/publishing/thaw", roles("press", "leader"), {"reason": " "}),
    ("POST", "/publishing/rules"): Entry(
        "/publishing/rules",
        roles("press", "reviewer", "leader"),
        {"name": "告知", "stage": "x", "text": "编号{number}", "per_day": "1", "until": "2026-04-01"},
    ),
    ("POST", "/publishing/rules/{rule_id}/sign"): Entry(
        "/publishing/rules/99/sign", roles("reviewer", "leader"), {}
    ),
    ("POST", "/publishing/rules/{rule_id}/revoke"): Entry(
        "/publishing/rules/99/revoke", SEERS, {"reason": "不用了"}
    ),
}
