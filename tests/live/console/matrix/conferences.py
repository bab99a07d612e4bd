"""Who may ask for what of console.pages.conferences; `conference` is being planned, 999999 is none."""

from __future__ import annotations

from matrix.entry import SEERS
from matrix.entry import Entry
from matrix.entry import roles

PRESS = roles("press")
AT = "/press/{conference}"
PLAN = {"at": "2026-03-20T10:00"}
MATRIX = {
    ("GET", "/press"): Entry("/press", SEERS),
    ("GET", "/press/new"): Entry("/press/new", PRESS),
    ("POST", "/press"): Entry("/press", PRESS, PLAN),
    ("GET", "/press/{conference_id}"): Entry(AT, SEERS),
    ("GET", "/press/{conference_id}/edit"): Entry(f"{AT}/edit", PRESS),
    ("POST", "/press/{conference_id}"): Entry(AT, PRESS, PLAN),
    ("POST", "/press/{conference_id}/approve"): Entry(f"{AT}/approve", roles("reviewer", "leader"), {}),
    ("POST", "/press/{conference_id}/held"): Entry(f"{AT}/held", PRESS, {}),
    ("POST", "/press/{conference_id}/archive"): Entry(f"{AT}/archive", PRESS, {}),
    ("POST", "/press/{conference_id}/cancel"): Entry(f"{AT}/cancel", PRESS, {"reason": "改期"}),
    ("POST", "/press/{conference_id}/cases"): Entry(f"{AT}/cases", PRESS, {"number": "没有这件"}),
    ("POST", "/press/{conference_id}/answers"): Entry(f"{AT}/answers", PRESS, {"answer": "999999"}),
    ("POST", "/press/{conference_id}/answers/{answer_id}/drop"): Entry(
        "/press/999999/answers/999999/drop", PRESS, {}
    ),
    ("POST", "/press/{conference_id}/invite"): Entry(f"{AT}/invite", PRESS, {}),
    ("POST", "/press/{conference_id}/came"): Entry(f"{AT}/came", PRESS, {}),
    ("POST", "/press/{conference_id}/coverage"): Entry(f"{AT}/coverage", PRESS, {"kind": "coverage"}),
    ("GET", "/press/{conference_id}/files/{paper}.{form}"): Entry(f"{AT}/files/plan.docx", SEERS),
}
