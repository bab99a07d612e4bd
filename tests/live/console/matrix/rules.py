"""Who may ask for what of console.pages.rules."""

from __future__ import annotations

from matrix.entry import Entry
from matrix.entry import roles

SEE = roles("press", "leader", "admin")

MATRIX = {
    ("GET", "/rules"): Entry("/rules", SEE),
    ("GET", "/rules/routes.toml"): Entry("/rules/routes.toml", SEE),
    ("POST", "/rules"): Entry("/rules", roles("admin"), {"act": "save", "text": "不是表"}),
}
