"""The heartbeat of a process at work: that it lives, and how long its steps took, for whoever watches the desk."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta
from typing import Final

EVERY: Final = timedelta(seconds=15)  # between two signs of life


class Pulse:
    """What one process has done since it began."""

    def __init__(self) -> None:
        self.steps: dict[str, tuple[int, float, int]] = {}
        self.told: datetime | None = None

    def note(self, step: str, seconds: float, *, failed: bool) -> None:
        """A step ended."""
        runs, spent, failures = self.steps.get(step, (0, 0.0, 0))
        self.steps[step] = (runs + 1, round(spent + seconds, 4), failures + failed)

    def is_due(self, now: datetime) -> bool:
        """Whether it is time for a sign of life; also where the clock was put back."""
        return self.told is None or abs(now - self.told) >= EVERY
