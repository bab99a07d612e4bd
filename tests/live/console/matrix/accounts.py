"""Who may ask for what of console.pages.accounts."""

from __future__ import annotations

from matrix.entry import SEERS
from matrix.entry import TENDERS
from matrix.entry import Entry

MATRIX = {
    ("GET", "/accounts"): Entry("/accounts", SEERS),
    ("POST", "/accounts/{key}/lift"): Entry("/accounts/nobody/lift", TENDERS, {}),
}
