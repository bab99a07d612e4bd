"""Who may ask for what of console.pages.deadlines."""

from __future__ import annotations

from matrix.entry import EVERYBODY
from matrix.entry import SIGNERS
from matrix.entry import Entry
from matrix.entry import roles

MATRIX = {
    ("GET", "/deadlines"): Entry("/deadlines", EVERYBODY),
    ("POST", "/cases/{case_id}/extensions"): Entry(
        "/cases/{mine}/extensions",
        roles("handler"),
        {"clock": "handling", "amount": "1", "reason": "等检测报告"},
    ),
    ("POST", "/cases/{case_id}/extensions/{extension_id}/decide"): Entry(
        "/cases/{mine}/extensions/1/decide", SIGNERS, {"act": "refuse", "note": "理由不足"}
    ),
    ("POST", "/cases/{case_id}/extensions/{extension_id}/told"): Entry(
        "/cases/{mine}/extensions/1/told", SIGNERS, {"how": "电话"}
    ),
    ("POST", "/cases/{case_id}/press-held"): Entry(
        "/cases/{mine}/press-held", roles("press"), {"note": "今日下午举行"}
    ),
}
