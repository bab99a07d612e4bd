"""Who may ask for what of console.pages.case_steps."""

from __future__ import annotations

from matrix.entry import Entry
from matrix.entry import roles

OFFICE = roles("press", "leader")
WHY = {"reason": "写明理由"}

MATRIX = {
    ("POST", "/cases/{case_id}/accept-result"): Entry(
        "/cases/{mine}/accept-result", roles("press", "reviewer", "leader"), {}
    ),
    ("POST", "/cases/{case_id}/visit"): Entry(
        "/cases/{mine}/visit", OFFICE, {"way": "电话", "satisfied": "满意"}
    ),
    ("POST", "/cases/{case_id}/recheck"): Entry(
        "/cases/{mine}/recheck", roles("press", "handler", "leader"), {"done": "yes", "found": "已停产拆除"}
    ),
    ("POST", "/cases/{case_id}/appeal"): Entry(
        "/cases/{mine}/appeal", OFFICE, WHY | {"asked_on": "2026-03-05"}
    ),
    ("POST", "/cases/{case_id}/decide-appeal"): Entry(
        "/cases/{mine}/decide-appeal", OFFICE, {"outcome": "维持原处理意见", "told": "书面送达"}
    ),
    ("POST", "/cases/{case_id}/redo"): Entry("/cases/{mine}/redo", OFFICE, WHY),
    ("POST", "/cases/{case_id}/pause"): Entry("/cases/{mine}/pause", OFFICE, WHY),
    ("POST", "/cases/{case_id}/ask-pause"): Entry("/cases/{mine}/ask-pause", roles("handler"), WHY),
    ("POST", "/cases/{case_id}/refuse-pause"): Entry("/cases/{mine}/refuse-pause", OFFICE, WHY),
    ("POST", "/cases/{case_id}/resume"): Entry("/cases/{mine}/resume", OFFICE, {}),
    ("POST", "/cases/{case_id}/interim"): Entry(
        "/cases/{mine}/interim", OFFICE, {"done": "已停产", "check_on": "2030-01-01"}
    ),
    ("POST", "/cases/{case_id}/go-on"): Entry("/cases/{mine}/go-on", OFFICE, WHY),
    ("POST", "/cases/{case_id}/supervise"): Entry("/cases/{mine}/supervise", OFFICE, WHY),
    ("POST", "/cases/{case_id}/charge"): Entry("/cases/{mine}/charge", roles("leader"), {}),
    # what follows carries no version: nothing is changed that somebody else may have changed before
    ("POST", "/cases/{case_id}/opinion"): Entry("/cases/{mine}/opinion", roles(), {}),
    ("POST", "/cases/{case_id}/tell"): Entry("/cases/{mine}/tell", OFFICE, {}),
    ("POST", "/cases/{case_id}/recuse"): Entry(
        "/cases/{mine}/recuse",
        roles("press", "handler", "reviewer", "leader", "admin"),
        {"whom": "nobody", "reason": "近亲属"},
    ),
    ("POST", "/cases/{case_id}/lift-recusal"): Entry(
        "/cases/{mine}/lift-recusal", OFFICE, {"whom": "nobody", "reason": "已调离"}
    ),
}
