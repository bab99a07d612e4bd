"""Where files of tests stand: in memory where the machine offers it, as a disk that makes and deletes some thousand
databases is what most of the waiting is for."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 4 << 30  # bytes; several times what four processes keep at a time


def in_memory(memory: Path = MEMORY, room: int = ROOM) -> bool:
    """Whether a file system in memory has that room, and files on it may be run."""
    if not memory.is_dir() or not os.access(memory, os.W_OK):
        return False
    return shutil.disk_usage(memory).free >= room and not os.statvfs(memory).f_flag & os.ST_NOEXEC


def stand_in_memory() -> None:
    """Let temporary folders of this process and of all it starts stand in memory; whoever set TMPDIR is obeyed."""
    if "TMPDIR" not in os.environ and in_memory():
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None
