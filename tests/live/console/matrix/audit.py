"""Who may ask for what of console.pages.audit."""

from __future__ import annotations

from matrix.entry import Entry
from matrix.entry import roles

MATRIX = {
    ("GET", "/audit"): Entry("/audit", roles("leader", "admin")),
}
