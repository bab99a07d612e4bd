"""Who may ask for what of console.pages.regulations: everybody who signs in."""

from __future__ import annotations

from matrix.entry import EVERYBODY
from matrix.entry import Entry

MATRIX = {("GET", "/regulations"): Entry("/regulations?q=约谈", EVERYBODY)}
