"""Tests stand in memory only where there is room for all of them."""

from __future__ import annotations

from pathlib import Path

from tests.standing import in_memory


def test_memory_is_taken_where_it_is_offered_and_large_enough(tmp_path: Path) -> None:
    assert in_memory(tmp_path, room=1)
    assert not in_memory(tmp_path, room=1 << 60)
    assert not in_memory(tmp_path / "none", room=1)
