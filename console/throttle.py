"""Guessing passwords must not pay: tries are counted before they are looked at, few are looked at side by side.

Knows no user and no request; kept in memory, forgotten when the process ends that counts.
"""

from __future__ import annotations

import hashlib
from collections import deque
from datetime import datetime
from datetime import timedelta
from threading import BoundedSemaphore
from threading import Lock
from typing import Protocol

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError
from argon2.exceptions import VerificationError

TRIES = 5  # wrong passwords for a name from one address
CEILING = 50  # and from everywhere: high, or a stranger could lock somebody out with a few requests
REST = timedelta(minutes=15)  # and then silence for so long
MOST = 4096  # names and addresses remembered
CODES = 10  # wrong codes for a name from everywhere: only who has the password comes so far
SIDE_BY_SIDE = 2  # verifications at a time; each takes 64 MiB


class Counting(Protocol):
    """Where tries are counted: here, or by another process for several."""

    def admit(self, name: str, address: str, now: datetime) -> bool: ...
    def take_back(self, name: str, address: str, now: datetime) -> None: ...


class Throttle:
    """Tries of late by name and address, and the narrow door to the hashing."""

    def __init__(self, tries: Counting | None = None, side_by_side: int = SIDE_BY_SIDE) -> None:
        self._tries = tries or Tries()
        self._hashing = BoundedSemaphore(side_by_side)

    def admit(self, name: str, address: str, now: datetime) -> bool:
        """Count a try; False when this name must wait, and then nothing is counted."""
        return self._tries.admit(name, address, now)

    def take_back(self, name: str, address: str, now: datetime) -> None:
        """The try of `now` was right after all."""
        self._tries.take_back(name, address, now)

    def matches(self, hasher: PasswordHasher, hashed: str, password: str) -> bool:
        """Whether the password is right; waits while as many others are looked at as may be."""
        with self._hashing:
            try:
                return hasher.verify(hashed, password)
            except (VerificationError, InvalidHashError):
                return False


class Tries:
    """Tries of late by name and address."""

    def __init__(self, ceiling: int = CEILING) -> None:
        self._ceiling = ceiling
        self._lock = Lock()
        self._tries: dict[tuple[str, str], deque[datetime]] = {}

    def admit(self, name: str, address: str, now: datetime) -> bool:
        """Count a try; False when this name must wait, and then nothing is counted."""
        with self._lock:
            kept = [(self._of(key, limit), limit) for key, limit in self._keys(name, address)]
            # abs: tries of a clock that has been put back since must not shut anybody out until its time comes again
            if any(len(times) == limit and abs(now - times[0]) < REST for times, limit in kept):
                return False
            for times, _ in kept:
                times.append(now)
            return True

    def take_back(self, name: str, address: str, now: datetime) -> None:
        """The try of `now` was right after all."""
        with self._lock:
            for key, _ in self._keys(name, address):
                times = self._tries.get(key, deque())
                if now in times:
                    times.remove(now)

    def _of(self, key: tuple[str, str], limit: int) -> deque[datetime]:
        """The tries under a key, which becomes the latest; beyond MOST the key not asked for longest goes."""
        times = self._tries.pop(key, None)
        if times is None:
            times = deque(maxlen=limit)
            if len(self._tries) >= MOST:
                del self._tries[next(iter(self._tries))]
        self._tries[key] = times
        return times

    def _keys(self, name: str, address: str) -> tuple[tuple[tuple[str, str], int], ...]:
        """Digests, since a stranger chooses how long a name is."""
        short = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
        return ((short, address), TRIES), ((short, ""), self._ceiling)
