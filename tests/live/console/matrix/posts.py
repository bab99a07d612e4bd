"""Who may ask for what of console.pages.posts."""

from __future__ import annotations

from matrix.entry import SEERS
from matrix.entry import Entry
from matrix.entry import roles

MATRIX = {
    ("GET", "/posts"): Entry("/posts", SEERS),
    ("GET", "/posts/{post_id}"): Entry("/posts/{post}", SEERS),
    ("POST", "/posts/{post_id}/label"): Entry(
        "/posts/99999/label", roles("press", "reviewer"), {"type": "complaint"}
    ),
    ("POST", "/posts/{post_id}/judge"): Entry(
        "/posts/99999/judge", roles("press", "reviewer"), {"complaint": "1"}
    ),
}
