"""Who may ask for what of console.pages.evidence."""

from __future__ import annotations

from matrix.entry import EVERYBODY
from matrix.entry import SEERS
from matrix.entry import Entry

MATRIX = {
    ("GET", "/posts/{post_id}/raw"): Entry("/posts/{pictured}/raw", SEERS),
    ("GET", "/posts/{post_id}/raw.txt"): Entry("/posts/{pictured}/raw.txt", SEERS),
    ("GET", "/evidence/{sha256}"): Entry("/evidence/{picture}", EVERYBODY - {"assessor"}),
}
