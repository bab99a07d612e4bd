"""Who may ask for what of console.pages.tokens."""

from __future__ import annotations

from matrix.entry import Entry
from matrix.entry import roles

MATRIX = {
    ("GET", "/tokens"): Entry("/tokens", roles("admin")),
    ("POST", "/tokens"): Entry("/tokens", roles("admin"), {}),
    ("POST", "/tokens/{token_id}/revoke"): Entry("/tokens/999999/revoke", roles("admin"), {}),
    ("POST", "/stations"): Entry("/stations", roles("admin"), {}),
    ("POST", "/stations/{station_id}/revoke"): Entry("/stations/999999/revoke", roles("admin"), {}),
}
