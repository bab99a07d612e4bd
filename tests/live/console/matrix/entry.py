"""What a line of the matrix says, and the groups of roles it names."""

from __future__ import annotations

from dataclasses import dataclass

ROLES = ("press", "handler", "reviewer", "leader", "admin", "assessor")
EVERYBODY = frozenset(ROLES)


@dataclass(frozen=True)
class Entry:
    """A route as the matrix asks for it, and the roles that are let in."""

    ask: str
    allowed: frozenset[str]
    form: dict[str, str] | None = None
    found: int = 200  #: what a GET answers to those who are let in


def roles(*names: str) -> frozenset[str]:
    return frozenset(names)


SEERS = roles("press", "reviewer", "leader", "admin")
READERS = SEERS | {"assessor"}
TENDERS = roles("press", "admin")
SIGNERS = roles("press", "leader")
