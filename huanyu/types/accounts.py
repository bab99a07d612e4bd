"""How an official account is: what its platform says of it, and what the desk has seen of it itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountState:
    """What is known of one account."""

    account: str  #: key in accounts.toml
    state: str = "ok"  #: ok | expiring | revoked | quota | failing | idle
    note: str = ""  #: Chinese: why it is so
    token_expires_at: datetime | None = None
    last_ok: datetime | None = None
    last_failed: datetime | None = None
    last_published: datetime | None = None
    checked_at: datetime | None = None
    warned_at: datetime | None = None
    held_until: datetime | None = None  #: nothing leaves before
    held_for: str = ""  #: Chinese: why
    failures: int = 0  #: calls in a row that the platform did not take
    followers: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """What went through one account, and what waits for it."""

    account: str
    waiting: int = 0
    oldest: datetime | None = None  #: since when the one that waits longest has been due
    doubtful: int = 0
    last_published: datetime | None = None
