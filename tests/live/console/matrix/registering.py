"""Who may ask for what of console.pages.registering."""

from __future__ import annotations

from matrix.entry import Entry
from matrix.entry import roles

MATRIX = {
    ("GET", "/register"): Entry("/register", roles("press", "leader")),
    ("POST", "/register"): Entry("/register", roles("press", "leader"), {"text": "短"}),
}
