"""Who may ask for what of console.pages.roster; everybody may tell that they are away themselves."""

from __future__ import annotations

from matrix.entry import EVERYBODY
from matrix.entry import Entry
from matrix.entry import roles

KEEPERS = roles("press", "head", "admin")
SPAN = {"name": "nobody", "from_at": "2026-03-05T18:00", "to_at": "2026-03-06T08:00"}

MATRIX = {
    ("GET", "/roster"): Entry("/roster", EVERYBODY - {"assessor"}),
    ("POST", "/roster"): Entry("/roster", KEEPERS, {**SPAN, "unit": "zhifa", "kind": "值班"}),
    ("POST", "/roster/{shift_id}/end"): Entry("/roster/99999/end", KEEPERS, {}),
    ("POST", "/absences"): Entry("/absences", EVERYBODY, {**SPAN, "deputy": "nobody"}),
    ("POST", "/absences/{absence_id}/end"): Entry("/absences/99999/end", EVERYBODY, {}),
}
