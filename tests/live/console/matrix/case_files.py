"""Who may ask for what of console.pages.case_files."""

from __future__ import annotations

from matrix.entry import Entry
from matrix.entry import roles

SEE = roles("press", "handler", "reviewer", "leader", "admin")
MATRIX = {
    ("POST", "/cases/{case_id}/files"): Entry("/cases/{mine}/files", roles("press", "handler"), {}),
    ("GET", "/cases/{case_id}/files/{file_id}"): Entry("/cases/{mine}/files/{file}", SEE),
    ("GET", "/cases/{case_id}/files/{file_id}/clean"): Entry("/cases/{mine}/files/{file}/clean", SEE),
}
