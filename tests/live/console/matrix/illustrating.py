"""Who may ask for what of console.pages.illustrating."""

from __future__ import annotations

from matrix.entry import Entry
from matrix.entry import roles

MATRIX = {
    ("POST", "/outbox/{message_id}/pictures"): Entry(
        "/outbox/{draft}/pictures", roles("press", "handler"), {"shown": "", "caption": "", "credit": ""}
    ),
}
