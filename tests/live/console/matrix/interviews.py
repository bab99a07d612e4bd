"""Who may ask for what of console.pages.interviews; `interview` waits for a signature, 999999 is none."""

from __future__ import annotations

from matrix.entry import SIGNERS
from matrix.entry import Entry
from matrix.entry import roles

PRESS, LEADER = roles("press"), roles("leader")
NONE = "/interviews/999999"
MATRIX = {
    ("GET", "/interviews"): Entry("/interviews", SIGNERS),
    ("GET", "/interviews/new"): Entry("/interviews/new", PRESS),
    ("POST", "/interviews"): Entry("/interviews", PRESS, {"at": "2026-03-20T09:00"}),
    ("POST", "/interviews/sanctions"): Entry("/interviews/sanctions", PRESS, {"decided": "2026-03-01"}),
    ("POST", "/interviews/sanctions/{sanction_id}/strike"): Entry(
        "/interviews/sanctions/999999/strike", PRESS, {"why": "重复"}
    ),
    ("GET", "/interviews/{interview_id}"): Entry("/interviews/{interview}", SIGNERS),
    ("POST", "/interviews/{interview_id}/sign"): Entry(f"{NONE}/sign", LEADER, {"version": "1"}),
    ("POST", "/interviews/{interview_id}/held"): Entry(
        f"{NONE}/held", PRESS, {"version": "1", "held": "2026-03-10"}
    ),
    ("POST", "/interviews/{interview_id}/cancel"): Entry(f"{NONE}/cancel", PRESS, {"version": "1"}),
    ("GET", "/interviews/{interview_id}/files/notice.{form}"): Entry(
        f"{NONE}/files/notice.pdf", SIGNERS, found=404
    ),
}
