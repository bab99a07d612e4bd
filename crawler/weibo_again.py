"""Posts whose whole text has not come yet: which, and how many visits have asked for it in vain.

Pure; the cursor is "mid mid=2 …".
"""

from __future__ import annotations

from collections.abc import Mapping

MOST = 1000  # posts that wait at a time; beyond it the oldest keep the text that the list showed


def decode(told: str) -> dict[str, int]:
    """The cursor as numbers with their tries."""
    split = (one.partition("=") for one in told.split())
    return {mid: int(tries) if tries.isdecimal() else 0 for mid, _, tries in split if mid.isdecimal()}


def encode(waiting: Mapping[str, int]) -> str:
    kept = list(waiting.items())[-MOST:]
    return " ".join(f"{mid}={tries}" if tries else mid for mid, tries in kept)
