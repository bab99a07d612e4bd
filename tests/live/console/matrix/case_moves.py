"""Who may ask for what of console.pages.case_moves."""

from __future__ import annotations

from matrix.entry import Entry
from matrix.entry import roles

MATRIX = {
    ("POST", "/cases/{case_id}/sign"): Entry("/cases/{unsigned}/sign", roles("handler", "press"), {}),
    ("POST", "/cases/{case_id}/return"): Entry(
        "/cases/{mine}/return", roles("handler"), {"reason": "不属本单位"}
    ),
    ("POST", "/cases/{case_id}/refuse"): Entry(
        "/cases/{undispatched}/refuse", roles("press", "leader"), {"reason": "不属环境问题"}
    ),
    ("POST", "/cases/{case_id}/dispatch"): Entry(
        "/cases/{undispatched}/dispatch", roles("press", "leader"), {"unit": "zhifa"}
    ),
    ("POST", "/cases/{case_id}/close"): Entry("/cases/{mine}/close", roles("press", "leader"), {}),
    ("POST", "/cases/{case_id}/send-to-unit"): Entry(
        "/cases/{replying}/send-to-unit", roles("press", "reviewer", "leader"), {"reason": "缺措施"}
    ),
}
