"""Who may ask for what of console.pages.case_route."""

from __future__ import annotations

from matrix.entry import SIGNERS
from matrix.entry import Entry

MATRIX = {
    ("GET", "/confirm"): Entry("/confirm", SIGNERS),
    ("POST", "/cases/{case_id}/facts"): Entry(
        "/cases/{mine}/facts", SIGNERS, {"place": "许营镇", "reason": "电话核实"}
    ),
    ("POST", "/cases/{case_id}/reroute"): Entry(
        "/cases/{mine}/reroute", SIGNERS, {"proposal": "1", "act": "accept"}
    ),
    ("POST", "/cases/{case_id}/level"): Entry(
        "/cases/{mine}/level", SIGNERS, {"level": "特别重大", "reason": "有人受伤"}
    ),
}
