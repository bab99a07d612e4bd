"""Who may ask for what of console.pages.account."""

from __future__ import annotations

from matrix.entry import EVERYBODY
from matrix.entry import Entry

MATRIX = {
    ("GET", "/account"): Entry("/account", EVERYBODY),
    ("POST", "/account"): Entry("/account", EVERYBODY, {}),
    ("POST", "/account/sessions/end"): Entry("/account/sessions/end", EVERYBODY, {"handle": "0"}),
    ("POST", "/account/sessions/end-others"): Entry("/account/sessions/end-others", EVERYBODY, {}),
    ("POST", "/account/news"): Entry("/account/news", EVERYBODY, {}),
}
