"""Who may ask for what of console.pages.account_chat: everybody, of their own account."""

from __future__ import annotations

from matrix.entry import EVERYBODY
from matrix.entry import Entry

MATRIX = {
    ("POST", "/account/chat/code"): Entry("/account/chat/code", EVERYBODY, {}),
    ("POST", "/account/chat/wants"): Entry("/account/chat/wants", EVERYBODY, {}),
    ("POST", "/account/chat/unbind"): Entry("/account/chat/unbind", EVERYBODY, {}),
}
