"""Who may ask for what of console.pages.published."""

from __future__ import annotations

from matrix.entry import SEERS
from matrix.entry import Entry
from matrix.entry import roles

MATRIX = {
    ("POST", "/outbox/{message_id}/accept"): Entry(
        "/outbox/{draft}/accept", roles("press", "leader"), {"note": "平台自动排版"}
    ),
    ("POST", "/outbox/{message_id}/correct"): Entry(
        "/outbox/{draft}/correct", roles("press"), {"wrong": "三天", "right": "五天", "reason": "写错"}
    ),
    ("POST", "/outbox/{message_id}/withdraw"): Entry(
        "/outbox/{draft}/withdraw", roles("press"), {"reason": "事实有误"}
    ),
    ("POST", "/outbox/{message_id}/drop"): Entry(
        "/outbox/{draft}/drop", roles("press"), {"reason": "不必更正"}
    ),
    ("GET", "/published"): Entry("/published", SEERS),
    ("POST", "/published/strays/{stray_id}"): Entry(
        "/published/strays/99999", roles("press", "leader"), {"note": "值班员手工发的"}
    ),
    ("POST", "/cases/{case_id}/take-over"): Entry("/cases/{mine}/take-over", roles("press", "leader"), {}),
}
