"""Who agreed to a text going out, and under which standing rule one goes out without being asked about each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """One person agreed at one step to one version of a message."""

    message_id: int
    version: int
    step: str  #: key of a step in review.toml
    actor: str
    role: str  #: the person's when they agreed
    at: datetime
    override: str = ""  #: why they agreed although the checks found something
    account: str = ""  #: at the last step: the account they saw it would go to
    parent: str = ""  #: at the last step: the post they saw it would answer


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingRule:
    """A fixed text that two people signed for all cases that reach a stage."""

    id: int
    name: str
    stage: str  #: accepted | forwarded
    accounts: tuple[str, ...]
    template: str
    per_day: int
    first: str
    first_at: datetime
    second: str = ""
    second_at: datetime | None = None
    valid_until: datetime | None = None
    revoked_by: str = ""
    revoked_at: datetime | None = None
    reason: str = ""

    def in_force(self, now: datetime) -> bool:
        """Whether two people signed it, nobody took it back and its time is not over."""
        signed = bool(self.first and self.second) and self.first != self.second
        return signed and self.revoked_at is None and (self.valid_until is None or now < self.valid_until)
