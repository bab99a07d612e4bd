"""Who may ask for what of console.pages.info_requests; `info` waits for an answer, 999999 is none."""

from __future__ import annotations

from matrix.entry import SIGNERS
from matrix.entry import Entry
from matrix.entry import roles

PRESS, LEADER = roles("press"), roles("leader")
NONE = "/info-requests/999999"
DAY = {"version": "1", "on": "2026-03-01"}
FORMS = {
    "amend": (PRESS, DAY),
    "amended": (PRESS, DAY),
    "consult": (PRESS, DAY),
    "heard": (PRESS, DAY | {"consultation": "1"}),
    "extension": (PRESS, {"version": "1", "days": "10"}),
    "extension/decide": (LEADER, {"version": "1", "act": "agree"}),
    "extension/told": (PRESS, DAY),
    "answer": (PRESS, DAY),
    "paper": (PRESS, DAY | {"outcome": "given", "text": "见附件"}),
    "dispute": (PRESS, DAY | {"kind": "review"}),
    "ruled": (PRESS, DAY | {"about": "1"}),
    "void": (PRESS, {"version": "1"}),
    "reopen": (LEADER, {"version": "1"}),
    "applicant": (SIGNERS, {"reason": "寄送答复书"}),
}
MATRIX = {
    ("GET", "/info-requests"): Entry("/info-requests", SIGNERS),
    ("GET", "/info-requests/new"): Entry("/info-requests/new", PRESS),
    ("POST", "/info-requests"): Entry("/info-requests", PRESS, {"received": "2026-03-01"}),
    ("GET", "/info-requests/figures"): Entry("/info-requests/figures", SIGNERS),
    ("GET", "/info-requests/files/year.xlsx"): Entry("/info-requests/files/year.xlsx", SIGNERS),
    ("GET", "/info-requests/{request_id}"): Entry("/info-requests/{info}", SIGNERS),
} | {
    ("POST", f"/info-requests/{{request_id}}/{act}"): Entry(f"{NONE}/{act}", who, form)
    for act, (who, form) in FORMS.items()
}
