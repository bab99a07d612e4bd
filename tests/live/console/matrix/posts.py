"""Who may ask for what of console.pages.posts."""

from __future__ import annotations

from matrix.entry import SEERS
from matrix.entry import Entry
from matrix.entry import roles

MATRIX = {
    ("GET", "/posts"): Entry("/posts", SEERS),
    ("GET", "/posts/{post_id}"): Entry("/posts/{post}", SEERS),
    ("GET", "/posts/{post_id}/files/{file_id}"): Entry("/posts/{post}/files/99999", SEERS, found=404),
    ("POST", "/posts/{post_id}/label"): Entry(
        "/posts/99999/label", roles("press", "reviewer"), {"type": "complaint"}
    ),
    ("POST", "/posts/{post_id}/case"): Entry(
        "/posts/99999/case", roles("press", "leader"), {"type": "complaint", "reason": "说的是污染"}
    ),
    ("POST", "/posts/{post_id}/judge"): Entry(
        "/posts/99999/judge", roles("press", "reviewer"), {"complaint": "1"}
    ),
}
