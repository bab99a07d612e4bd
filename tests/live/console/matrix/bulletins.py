"""Who may ask for what of console.pages.bulletins."""

from __future__ import annotations

from matrix.entry import READERS
from matrix.entry import SIGNERS
from matrix.entry import Entry
from matrix.entry import roles

MATRIX = {
    ("GET", "/bulletins"): Entry("/bulletins", READERS),
    ("GET", "/bulletins/{bulletin_id}"): Entry("/bulletins/1", READERS),
    ("GET", "/bulletins/{bulletin_id}/paper.html"): Entry("/bulletins/1/paper.html", READERS),
    ("GET", "/bulletins/{bulletin_id}/paper.{form}"): Entry("/bulletins/1/paper.pdf", READERS),
    ("GET", "/bulletins/{bulletin_id}/verify"): Entry("/bulletins/1/verify", READERS),
    ("GET", "/bulletins/{bulletin_id}/sources"): Entry("/bulletins/1/sources?figure=cases_open", READERS),
    ("POST", "/bulletins/{bulletin_id}/sign"): Entry("/bulletins/99/sign", roles("press", "leader"), {}),
    ("POST", "/bulletins/{bulletin_id}/withdraw"): Entry(
        "/bulletins/99/withdraw", roles("press", "leader"), {"reason": "统计口径有误"}
    ),
    ("POST", "/bulletins/{bulletin_id}/correct"): Entry(
        "/bulletins/99/correct",
        roles("press", "leader"),
        {"figure": "cases_open", "value": "1", "why": "统计口径有误"},
    ),
    ("POST", "/bulletins/{bulletin_id}/anew"): Entry("/bulletins/99/anew", SIGNERS, {}),
    ("GET", "/bulletins/{bulletin_id}/copy.pdf"): Entry(
        "/bulletins/1/copy.pdf?number=1",
        SIGNERS,
        found=422,  # it is not classified
    ),
    ("POST", "/bulletins/deliveries/{delivery_id}/retry"): Entry(
        "/bulletins/deliveries/99/retry", SIGNERS, {}
    ),
    ("POST", "/bulletins/deliveries/{delivery_id}/settle"): Entry(
        "/bulletins/deliveries/99/settle", SIGNERS, {"arrived": "1"}
    ),
}
