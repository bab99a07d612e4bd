"""Who may ask for what of console.pages.second_factor: everybody, of their own account."""

from __future__ import annotations

from matrix.entry import EVERYBODY
from matrix.entry import Entry

MATRIX = {
    ("POST", "/account/factor"): Entry("/account/factor", EVERYBODY, {}),
    ("POST", "/account/factor/confirm"): Entry("/account/factor/confirm", EVERYBODY, {}),
    ("POST", "/account/factor/codes"): Entry("/account/factor/codes", EVERYBODY, {}),
    ("POST", "/account/factor/off"): Entry("/account/factor/off", EVERYBODY, {}),
}
