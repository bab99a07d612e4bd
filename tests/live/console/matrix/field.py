"""Who may ask for what of console.pages.field."""

from __future__ import annotations

import made_desk

from matrix.entry import EVERYBODY
from matrix.entry import Entry
from matrix.entry import roles

KEY = {"key": "0" * 32}
WENT = KEY | {"at": "2026-03-05T10:00", "place": "东门"}

MATRIX = {
    ("GET", "/field"): Entry("/field", roles("handler")),
    ("GET", "/field/worker.js"): Entry("/field/worker.js", EVERYBODY),
    ("POST", "/field/{case_id}/sign"): Entry("/field/{mine}/sign", roles("handler"), KEY),
    ("POST", "/field/{case_id}/arrive"): Entry("/field/{mine}/arrive", roles("handler"), WENT),
    ("POST", "/field/{case_id}/result"): Entry(
        "/field/{mine}/result", roles("handler"), made_desk.FORM | KEY
    ),
}
