"""Who may ask for what of console.pages.case_files."""

from __future__ import annotations

from matrix.entry import Entry
from matrix.entry import roles

SEE = roles("press", "handler", "reviewer", "leader", "admin")
MATRIX = {
    ("POST", "/cases/{case_id}/files"): Entry("/cases/{mine}/files", roles("press", "handler"), {}),
    ("POST", "/cases/{case_id}/files/{file_id}/transcript"): Entry(
        "/cases/{mine}/files/{recording}/transcript", roles("press", "handler"), {"said": "喂", "seen": "999"}
    ),
    ("GET", "/cases/{case_id}/files/{file_id}"): Entry("/cases/{mine}/files/{file}", SEE),
    ("GET", "/cases/{case_id}/files/{file_id}/clean"): Entry("/cases/{mine}/files/{file}/clean", SEE),
}
