"""The people who work at the desk."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person who works at the desk."""

    id: int
    name: str  #: log-in name
    full_name: str
    role: str  #: press handler reviewer leader admin assessor
    unit: str  #: key in units.toml; handlers see only this unit's cases
    active: bool = True
    must_change: bool = False  #: the password was given by somebody else and opens nothing but its own change
