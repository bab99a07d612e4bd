"""A log for which there is no room."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

import pytest
import structlog

from console import logs

FULL = Path("/dev/full")


@pytest.mark.skipif(not FULL.exists(), reason="only Linux has a file that is always full")
@pytest.mark.parametrize("way", sorted(logs.WAYS))
def test_a_line_that_finds_no_room_is_lost_and_ends_nobody(way, monkeypatch):
    """It ended the thread of the timer that wanted to tell of a full disk, and the timer for good."""
    full = FULL.open("w", encoding="utf-8")
    monkeypatch.setattr(sys, "stderr", full)
    try:
        logs.configure(way=way)
        structlog.get_logger().error("database_unusable", why="full")
        with pytest.raises(OSError, match="No space"):
            print("the file is full indeed", file=full, flush=True)
    finally:
        structlog.reset_defaults()
        with suppress(OSError):
            full.close()
