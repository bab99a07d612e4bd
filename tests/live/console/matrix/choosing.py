"""Who may ask for what of console.pages.choosing."""

from __future__ import annotations

from matrix.entry import SIGNERS
from matrix.entry import Entry

MATRIX = {
    ("GET", "/bulletins/brief"): Entry("/bulletins/brief", SIGNERS),
    ("GET", "/bulletins/special"): Entry("/bulletins/special", SIGNERS),
    ("POST", "/bulletins/searches"): Entry("/bulletins/searches", SIGNERS, {"name": "空的"}),
}
