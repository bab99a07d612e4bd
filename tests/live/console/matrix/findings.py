"""Who may ask for what of console.pages.findings."""

from __future__ import annotations

import made_desk

from matrix.entry import Entry
from matrix.entry import roles

MATRIX = {
    ("POST", "/cases/{case_id}/result"): Entry("/cases/{mine}/result", roles("handler"), made_desk.FORM),
}
