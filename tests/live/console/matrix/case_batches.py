"""Who may ask for what of console.pages.case_batches; `typical` is an empty batch of 典型案例."""

from __future__ import annotations

from matrix.entry import SEERS
from matrix.entry import Entry
from matrix.entry import roles

PRESS = roles("press")
AT = "/press/batches/{typical}"
MATRIX = {
    ("GET", "/press/batches"): Entry("/press/batches", SEERS),
    ("POST", "/press/batches"): Entry("/press/batches", PRESS, {}),
    ("GET", "/press/batches/{batch_id}"): Entry(AT, SEERS),
    ("POST", "/press/batches/{batch_id}/cases"): Entry(f"{AT}/cases", PRESS, {"number": "没有这件"}),
    ("POST", "/press/batches/{batch_id}/cases/{case_id}"): Entry(f"{AT}/cases/{{mine}}", PRESS, {}),
    ("POST", "/press/batches/{batch_id}/cases/{case_id}/drop"): Entry(f"{AT}/cases/{{mine}}/drop", PRESS, {}),
    ("POST", "/press/batches/{batch_id}/approve"): Entry(f"{AT}/approve", roles("reviewer", "leader"), {}),
    ("GET", "/press/batches/{batch_id}/files/cases.{form}"): Entry(f"{AT}/files/cases.docx", SEERS),
}
