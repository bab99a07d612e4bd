"""Who may ask for what of console.pages.tables and console.pages.enterprise_import."""

from __future__ import annotations

from matrix.entry import Entry
from matrix.entry import roles

SEE = roles("press", "leader", "admin")
EDIT = roles("admin")

MATRIX = {
    ("GET", "/tables"): Entry("/tables?q=油烟", SEE),
    ("GET", "/tables/changes"): Entry("/tables/changes", SEE),
    ("POST", "/tables/changes/undo"): Entry("/tables/changes/undo", EDIT, {"number": "999"}),
    ("GET", "/tables/enterprises/import"): Entry("/tables/enterprises/import", EDIT),
    ("POST", "/tables/enterprises/import"): Entry("/tables/enterprises/import", EDIT, {"number": "1"}),
    ("GET", "/tables/{table}"): Entry("/tables/units", SEE),
    ("GET", "/tables/{table}/new"): Entry("/tables/units/new", EDIT),
    ("GET", "/tables/{table}/rows/{number}"): Entry("/tables/units/rows/0", SEE),
    ("POST", "/tables/{table}/rows"): Entry("/tables/units/rows", EDIT, {"act": "look", "row": "0"}),
    ("GET", "/tables/{table}/text"): Entry("/tables/units/text", SEE),
    ("POST", "/tables/{table}/text"): Entry("/tables/units/text", EDIT, {"act": "save", "text": "不是表"}),
}
