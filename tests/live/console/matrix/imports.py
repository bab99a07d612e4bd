"""Who may ask for what of console.pages.imports."""

from __future__ import annotations

from matrix.entry import Entry
from matrix.entry import roles

MATRIX = {
    ("GET", "/import"): Entry("/import", roles("press")),
    ("POST", "/import"): Entry("/import", roles("press"), {}),
    ("GET", "/import/{token}"): Entry(f"/import/{'0' * 32}", roles("press")),
    ("POST", "/import/{token}"): Entry(f"/import/{'0' * 32}", roles("press"), {"act": "look"}),
}
