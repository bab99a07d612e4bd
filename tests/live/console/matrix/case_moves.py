"""Who may ask for what of console.pages.case_moves."""

from __future__ import annotations

from matrix.entry import Entry
from matrix.entry import roles

OFFICE = roles("press", "leader")
WHY = {"reason": "写明理由"}

MATRIX = {
    ("POST", "/cases/{case_id}/accept"): Entry("/cases/{undispatched}/accept", OFFICE, {}),
    ("POST", "/cases/{case_id}/sign"): Entry("/cases/{unsigned}/sign", roles("handler", "press"), {}),
    ("POST", "/cases/{case_id}/arrive"): Entry("/cases/{unsigned}/arrive", roles("handler"), {}),
    ("POST", "/cases/{case_id}/return"): Entry(
        "/cases/{mine}/return", roles("handler"), {"reason": "不属本单位"}
    ),
    ("POST", "/cases/{case_id}/refuse"): Entry(
        "/cases/{undispatched}/refuse", OFFICE, {"reason": "不属环境问题"}
    ),
    ("POST", "/cases/{case_id}/transfer"): Entry(
        "/cases/{undispatched}/transfer", OFFICE, WHY | {"office": "市住建局", "told": "电话"}
    ),
    ("POST", "/cases/{case_id}/reopen"): Entry("/cases/{mine}/reopen", OFFICE, WHY),
    ("POST", "/cases/{case_id}/dispatch"): Entry("/cases/{undispatched}/dispatch", OFFICE, {"unit": "zhifa"}),
    ("POST", "/cases/{case_id}/hand-down"): Entry("/cases/{mine}/hand-down", roles(), {"unit": "nobody"}),
    ("POST", "/cases/{case_id}/assist"): Entry("/cases/{mine}/assist", OFFICE, {"unit": "xuanjiao"}),
    ("POST", "/cases/{case_id}/end-assist"): Entry(
        "/cases/{mine}/end-assist", OFFICE, WHY | {"unit": "xuanjiao"}
    ),
    ("POST", "/cases/{case_id}/split"): Entry("/cases/{mine}/split", OFFICE, {}),
    ("POST", "/cases/{case_id}/unsplit"): Entry("/cases/{mine}/unsplit", OFFICE, WHY),
    ("POST", "/cases/{case_id}/close"): Entry("/cases/{mine}/close", OFFICE, {}),
    ("POST", "/cases/{case_id}/send-to-unit"): Entry(
        "/cases/{replying}/send-to-unit", roles("press", "reviewer", "leader"), {"reason": "缺措施"}
    ),
}
