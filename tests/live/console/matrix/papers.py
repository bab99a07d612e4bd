"""Who may ask for what of console.pages.papers."""

from __future__ import annotations

from matrix.entry import SIGNERS
from matrix.entry import Entry

MATRIX = {
    ("GET", "/bulletins/waiting"): Entry("/bulletins/waiting", SIGNERS),
    ("GET", "/bulletins/draft"): Entry("/bulletins/draft?series=weekly", SIGNERS),
    ("GET", "/bulletins/draft/paper.html"): Entry("/bulletins/draft/paper.html?series=weekly", SIGNERS),
    ("GET", "/bulletins/draft/sources"): Entry(
        "/bulletins/draft/sources?series=weekly&figure=cases_open", SIGNERS
    ),
    ("POST", "/bulletins/draft/sign"): Entry(
        "/bulletins/draft/sign", SIGNERS, {"series": "nothing", "seen": "1"}
    ),
    ("POST", "/bulletins/draft/remark"): Entry(
        "/bulletins/draft/remark", SIGNERS, {"series": "nothing", "kind": "advice"}
    ),
    ("POST", "/bulletins/draft/propose"): Entry("/bulletins/draft/propose", SIGNERS, {"series": "nothing"}),
}
