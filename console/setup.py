"""The first start: nobody can sign in yet, so a one-time code printed in the terminal lets the owner in."""

from __future__ import annotations

import secrets

from flow.desk import Desk


def new_code(desk: Desk) -> str:
    """A code for this process while the desk has no user; "" afterwards."""
    return "" if desk.store.people.any_user() else secrets.token_urlsafe(9)
