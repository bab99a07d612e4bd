"""Who may ask for what of console.pages.calendar."""

from __future__ import annotations

from matrix.entry import SEERS
from matrix.entry import Entry
from matrix.entry import roles

MATRIX = {
    ("GET", "/calendar"): Entry("/calendar", SEERS),
    ("GET", "/calendar/new"): Entry("/calendar/new", roles("press")),
    ("POST", "/calendar/new"): Entry("/calendar/new", roles("press"), {"at": "没有这一天"}),
}
