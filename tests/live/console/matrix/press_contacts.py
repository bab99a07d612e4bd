"""Who may ask for what of console.pages.press_contacts; `contact` is one of the press."""

from __future__ import annotations

from matrix.entry import SEERS
from matrix.entry import Entry
from matrix.entry import roles

PRESS = roles("press")
AT = "/press/contacts/{contact}"
MATRIX = {
    ("GET", "/press/contacts"): Entry("/press/contacts", SEERS),
    ("POST", "/press/contacts"): Entry("/press/contacts", PRESS, {"name": "甲"}),
    ("GET", "/press/contacts/{contact_id}"): Entry(AT, PRESS),
    ("POST", "/press/contacts/{contact_id}"): Entry(AT, PRESS, {"version": "999"}),
    ("POST", "/press/contacts/{contact_id}/reach"): Entry("/press/contacts/999999/reach", PRESS),
}
