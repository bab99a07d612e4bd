"""Who may ask for what of console.pages.screen; what the key opens stands among the open routes."""

from __future__ import annotations

from matrix.entry import READERS
from matrix.entry import Entry
from matrix.entry import roles

MATRIX = {
    ("GET", "/screen"): Entry("/screen", READERS),
    ("GET", "/screen/key"): Entry("/screen/key", roles("admin")),
    ("POST", "/screen/key"): Entry("/screen/key", roles("admin"), {}),
    ("POST", "/screen/key/end"): Entry("/screen/key/end", roles("admin"), {}),
}
