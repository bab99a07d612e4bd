"""Who may ask for what of console.pages.inspections; `batch` has one letter, `letter`; 999999 is none."""

from __future__ import annotations

from matrix.entry import READERS
from matrix.entry import Entry
from matrix.entry import roles

PRESS = roles("press")
AT = "/inspections/{batch}"
MATRIX = {
    ("GET", "/inspections"): Entry("/inspections", READERS),
    ("GET", "/inspections/new"): Entry("/inspections/new", PRESS),
    ("POST", "/inspections"): Entry("/inspections", PRESS, {"number": "1"}),
    ("GET", "/inspections/{batch_id}"): Entry(AT, READERS),
    ("GET", "/inspections/{batch_id}/items/{item_id}"): Entry(f"{AT}/items/{{letter}}", PRESS),
    ("POST", "/inspections/{batch_id}/items/{item_id}"): Entry(
        "/inspections/999999/items/999999", PRESS, {"reason": "更正"}
    ),
    ("GET", "/inspections/{batch_id}/table"): Entry(f"{AT}/table", READERS),
    ("GET", "/inspections/{batch_id}/files/table.{form}"): Entry(f"{AT}/files/table.pdf", READERS),
}
