"""Who may ask for what of console.pages.incidents; there is no incident 999999, whoever is let in learns that."""

from __future__ import annotations

from matrix.entry import Entry
from matrix.entry import roles

SEERS = roles("press", "handler", "reviewer", "leader", "admin")
MATRIX = {
    ("GET", "/incidents"): Entry("/incidents", SEERS),
    ("GET", "/incidents/{incident_id}"): Entry("/incidents/999999", SEERS, found=404),
    ("POST", "/cases/{case_id}/incident"): Entry(
        "/cases/{mine}/incident", roles("press", "handler", "leader"), {"reason": "河面有大片死鱼"}
    ),
    ("POST", "/cases/{case_id}/incident/attach"): Entry(
        "/cases/{mine}/incident/attach", roles("press", "leader"), {"incident": "999999"}
    ),
    ("POST", "/incidents/{incident_id}/declare"): Entry(
        "/incidents/999999/declare", roles("leader"), {"level": "一般"}
    ),
    ("POST", "/incidents/{incident_id}/dismiss"): Entry(
        "/incidents/999999/dismiss", roles("leader"), {"reason": "演练"}
    ),
    ("POST", "/incidents/{incident_id}/line"): Entry(
        "/incidents/999999/line", roles("leader"), {"line": "正在处置，情况以发布为准"}
    ),
    ("POST", "/incidents/{incident_id}/reports"): Entry(
        "/incidents/999999/reports", roles("press", "leader"), {"kind": "初报", "whom": "市政府"}
    ),
    ("GET", "/incidents/{incident_id}/reports/{report_id}.{form}"): Entry(
        "/incidents/999999/reports/1.pdf", SEERS, found=404
    ),
    ("POST", "/incidents/{incident_id}/close"): Entry(
        "/incidents/999999/close", roles("leader"), {"reason": "处置完毕"}
    ),
}
