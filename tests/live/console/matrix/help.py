"""Who may ask for what of console.pages.help."""

from __future__ import annotations

from matrix.entry import EVERYBODY
from matrix.entry import Entry

MATRIX = {
    ("GET", "/help"): Entry("/help", EVERYBODY),
    ("GET", "/help/{key}"): Entry("/help/manual", EVERYBODY),
    ("GET", "/help/pictures/{name}"): Entry("/help/pictures/press-today.png", EVERYBODY),
}
