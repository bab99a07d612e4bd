"""Who may ask for what of console.pages.entering."""

from __future__ import annotations

from matrix.entry import Entry
from matrix.entry import roles

CLERKS = roles("press", "leader")
MATRIX = {
    ("GET", "/register/{form}"): Entry("/register/phone", CLERKS),
    ("POST", "/register/{form}"): Entry("/register/phone", CLERKS, {"text": "短"}),
    ("POST", "/register/{form}/near"): Entry("/register/phone/near", CLERKS, {"text": "短"}),
    ("POST", "/register/drafts/{token}/remove"): Entry("/register/drafts/0/remove", CLERKS, {}),
    ("GET", "/register/receipt/{post_id}"): Entry("/register/receipt/999999", CLERKS, found=404),
}
