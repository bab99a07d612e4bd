"""Who delivers: every process has a name of its own, and a lock in the data folder as long as it lives.

The name stands on each claim. A name whose lock is free belongs to a process that has died, so what it had in flight
is known at once; of a worker on another machine, whose locks lie elsewhere, nothing is known but the time.
"""

from __future__ import annotations

import os
import re
import secrets
import socket
from pathlib import Path

from filelock import FileLock
from filelock import Timeout

_NAME = re.compile(r".*:(?P<pid>\d+):(?P<random>[0-9a-f]+)")


class Worker:
    """This process, as long as the object is kept."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._path = _path(folder, self.name)
        self._lock = FileLock(self._path, timeout=0, thread_local=False)
        self._lock.acquire()

    def has_died(self, name: str) -> bool:
        """Whether the worker of that name lived on this machine and does not any more."""
        path = _path(self._folder, name)
        if path == self._path or not path.exists():
            return False
        try:
            with FileLock(path, timeout=0):
                return True
        except Timeout:
            return False

    def bury(self, name: str) -> None:
        """Forget a worker whose claims are all settled; a name is never used twice."""
        _path(self._folder, name).unlink(missing_ok=True)

    def close(self) -> None:
        """Leave nothing behind."""
        self._lock.release()
        self.bury(self.name)


def _path(folder: Path, name: str) -> Path:
    """The lock of a worker; a name that none of ours could have has none."""
    known = _NAME.fullmatch(name)
    return folder / (f"{known['pid']}-{known['random']}.lock" if known else "unknown.lock")
