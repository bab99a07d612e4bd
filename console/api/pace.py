"""How fast somebody may ask: so many requests a minute in the long run, some of them at once.

Kept in memory, forgotten when the process ends that counts; knows no request.
"""

from __future__ import annotations

import math
from collections.abc import Hashable
from datetime import datetime
from datetime import timedelta
from threading import Lock
from typing import Protocol

MOST = 4096  # of them remembered


class Pacing(Protocol):
    """Where requests are counted: here, or by another process for several."""

    def wait(self, who: Hashable, per_minute: float, burst: int, now: datetime) -> int: ...


SKEW = timedelta(minutes=1)


class Pace:
    """What each has left, by the number of a token or by an address."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._left: dict[Hashable, tuple[float, datetime]] = {}

    def wait(self, who: Hashable, per_minute: float, burst: int, now: datetime) -> int:
        """Take one request from what is left; seconds to wait where nothing is, 0 where it may go on."""
        with self._lock:
            left, at = self._left.pop(who, (float(burst), now))
            left = min(burst, left + max(0.0, (now - at).total_seconds()) * per_minute / 60)
            if len(self._left) >= MOST:
                del self._left[next(iter(self._left))]
            # of two at once the later may come first; a time far ahead is that of a clock that was put back
            at = max(at, now) if at - now < SKEW else now
            self._left[who] = (max(left - 1, left if left < 1 else 0.0), at)
            return 0 if left >= 1 else math.ceil((1 - left) * 60 / per_minute)
