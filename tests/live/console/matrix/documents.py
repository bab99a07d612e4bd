"""Who may ask for what of console.pages.documents."""

from __future__ import annotations

from matrix.entry import SIGNERS
from matrix.entry import Entry
from matrix.entry import roles

DRAFTERS = roles("press", "handler")
SEERS = roles("press", "handler", "reviewer", "leader")
STALE = {"seen": "stale"}
MATRIX = {
    ("GET", "/cases/{case_id}/papers/new"): Entry("/cases/{mine}/papers/new?kind=return_slip", DRAFTERS),
    ("POST", "/cases/{case_id}/papers"): Entry("/cases/{mine}/papers", DRAFTERS, {"kind": "no_such_form"}),
    ("GET", "/papers"): Entry("/papers", SIGNERS),
    ("GET", "/papers/{paper_id}"): Entry("/papers/{paper}", SEERS),
    ("POST", "/papers/{paper_id}"): Entry("/papers/{paper}", DRAFTERS, STALE),
    ("POST", "/papers/{paper_id}/sign"): Entry("/papers/{paper}/sign", roles("leader"), STALE),
    ("POST", "/papers/{paper_id}/issue"): Entry("/papers/{paper}/issue", roles("press"), {}),
    ("POST", "/papers/{paper_id}/void"): Entry("/papers/{paper}/void", SIGNERS | DRAFTERS, {}),
    ("POST", "/papers/{paper_id}/full"): Entry("/papers/{paper}/full", SIGNERS, {}),
    ("GET", "/papers/{paper_id}/paper.{kind}"): Entry("/papers/{paper}/paper.pdf", SEERS),
}
