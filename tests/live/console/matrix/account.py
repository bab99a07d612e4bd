"""Who may ask for what of console.pages.account."""

from __future__ import annotations

from matrix.entry import EVERYBODY
from matrix.entry import Entry

MATRIX = {
    ("GET", "/account"): Entry("/account", EVERYBODY),
    ("POST", "/account"): Entry("/account", EVERYBODY, {}),
}
