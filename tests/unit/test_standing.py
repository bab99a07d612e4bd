"""Tests stand in memory only where there is room for all of them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.standing import in_memory


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux has a file system in memory for all"
)
def test_memory_is_taken_where_it_is_offered_and_large_enough(tmp_path: Path) -> None:
    may_run = not os.statvfs(tmp_path).f_flag & os.ST_NOEXEC  # some machines run nothing from /tmp
    assert in_memory(tmp_path, room=1) == may_run
    assert not in_memory(tmp_path, room=1 << 60)
    assert not in_memory(tmp_path / "none", room=1)
