"""Who may ask for what of console.pages.press_log; `record` is a line of the log."""

from __future__ import annotations

from matrix.entry import SEERS
from matrix.entry import Entry
from matrix.entry import roles

PRESS = roles("press")
MATRIX = {
    ("GET", "/press/log"): Entry("/press/log", SEERS),
    ("GET", "/press/log/new"): Entry("/press/log/new", PRESS),
    ("POST", "/press/log"): Entry("/press/log", PRESS, {"kind": "coverage"}),
    ("GET", "/press/log/import"): Entry("/press/log/import", PRESS),
    ("POST", "/press/log/import"): Entry("/press/log/import", PRESS, {"number": "1"}),
    ("GET", "/press/log/{record_id}"): Entry("/press/log/{record}", PRESS),
    ("POST", "/press/log/{record_id}"): Entry("/press/log/{record}", PRESS, {"version": "999"}),
    ("POST", "/press/log/{record_id}/strike"): Entry(
        "/press/log/{record}/strike", PRESS, {"version": "999", "reason": "重复"}
    ),
    ("GET", "/press/figures"): Entry("/press/figures", SEERS),
    ("GET", "/press/figures/{year}.xlsx"): Entry("/press/figures/2026.xlsx", SEERS),
}
